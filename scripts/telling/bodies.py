"""A message's body in lines, as it is best read."""

import json

from scripts.telling.columns import columns, folded, shortened
from scripts.telling.jwts import with_short_jwts
from scripts.walkthrough.story.message_contents import form
from scripts.walkthrough.story.story import Message

_NAME = 20  # of a member; a longer one has its value below it
_LONGEST_SENTENCE = 400
_INDENT = 2


def has_confirmation(message: Message) -> bool:
    """
    Whether a body says what a token is bound to, as an introspection answer does.

    RFC 8705 section 3.2: a JSON object with a member `cnf`.
    """
    if "json" not in message.header("content-type"):
        return False
    try:
        members = json.loads(message.body)
    except (ValueError, RecursionError):
        return False
    return isinstance(members, dict) and "cnf" in members


def body_lines(message: Message, room: int, *, whole: bool = False) -> list[str]:
    """
    JSON indented, form parameters in two columns, anything else as it is.

    Of JSON a string that is too long loses its middle, unless *whole* is asked for.
    """
    kind = message.header("content-type")
    if not message.body:
        return []
    if "json" in kind:
        return _json_lines(message.body, room, _LONGEST_SENTENCE if whole else 0)
    if "x-www-form-urlencoded" in kind:
        return _form_lines(message.body, room)
    if "html" in kind:
        return [f"(a page of {len(message.body)} characters)"]
    return _text_lines(message.body, room)


def _text_lines(body: str, room: int) -> list[str]:
    return [shortened(with_short_jwts(line), room) for line in body.splitlines()]


def _form_lines(body: str, room: int) -> list[str]:
    pairs = form(body)
    if not pairs:
        return _text_lines(body, room)
    widest = min(max(columns(name) for name, _ in pairs), room // 2)
    return [
        shortened(f"{name:<{widest}}  {with_short_jwts(value)}", room)
        for name, value in pairs
    ]


def _json_lines(body: str, room: int, longest: int) -> list[str]:
    """JSON, indented; what says it is and is not, as the text it is."""
    try:
        value = _abbreviated(json.loads(body), max(longest, room - _NAME))
        written = _written(value, room)
    except (ValueError, RecursionError):
        return _text_lines(body, room)
    return [part for line in written for part in _hung(line, room)]


def _written(value: object, room: int, before: str = "") -> list[str]:
    """*value* after *before*; what fits on one line is not spread over more."""
    match value:
        case dict() if value:
            opening, closing = "{", "}"
            items = [(f"{_dumped(name)}: ", each) for name, each in value.items()]
        case list() if value:
            opening, closing = "[", "]"
            items = [("", each) for each in value]
        case _:
            return [before + _dumped(value)]
    flat = before + _dumped(value)
    if before and columns(flat) <= room:
        return [flat]
    written = [before + opening]
    for at, (name, each) in enumerate(items, 1):
        lines = _written(each, room - _INDENT, name)
        comma = "," if at < len(items) else ""
        written += [" " * _INDENT + line for line in lines[:-1]]
        written.append(f"{' ' * _INDENT}{lines[-1]}{comma}")
    return [*written, closing]


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _hung(line: str, room: int) -> list[str]:
    """A line of JSON that is too long goes on below its value."""
    indent = min(len(line) - len(line.lstrip()), room // 2)
    first, *rest = folded(line.lstrip(), room - indent - 4)
    gap = " " * indent
    if columns(line) <= room:
        return [line]
    return [gap + first, *(f"{gap}    {each}" for each in rest)]


def _abbreviated(value: object, longest: int) -> object:
    """*value* with its long strings shortened, so that JSON stays JSON."""
    match value:
        case str():
            room = _LONGEST_SENTENCE if " " in value else longest
            return shortened(with_short_jwts(value), room)
        case list():
            return [_abbreviated(each, longest) for each in value]
        case dict():
            return {name: _abbreviated(each, longest) for name, each in value.items()}
        case _:
            return value
