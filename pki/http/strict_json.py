"""JSON from elsewhere, taken by the letter of RFC 8259 and without ambiguity."""

import json
from collections.abc import Iterable

DEEPEST = 32  # levels; what banks and their clients say to each other has five


class NotAnObject(ValueError):
    """It is JSON, and something else than an object."""


class NestedTooDeeply(ValueError):
    """It is a JSON object with more than `DEEPEST` levels."""


def json_object(text: bytes | str) -> dict[str, object]:
    """
    A JSON object in which no object has a member twice, and every text is one.

    Octets are UTF-8 without a byte order mark (RFC 8259 section 8.1); Python would
    take UTF-16 and UTF-32 too, so that what a proxy reads is not what is read here. An
    escape such as `\\ud800` that stands for half a character (section 8.2) is refused:
    such a text cannot be kept, hashed or sent on, and every reader takes it
    differently.

    Of two members with one name some readers take the first and some the last: what
    one has checked is then not what another acts upon (RFC 7519 section 4 lets a
    JWT with two be refused).

    Python writes JSON, and walks it, with one call a level, and its reader copes with
    more levels than its writer; so they are bounded here (RFC 8259 section 9).

    Raises:
        NotAnObject, NestedTooDeeply: see there.
        ValueError: it is anything else, `NaN` included.
    """
    written = text if isinstance(text, str) else _utf8(text)
    try:
        value = json.loads(
            written, parse_constant=_refuse_constant, object_pairs_hook=_members
        )
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(value, dict):
        raise NotAnObject("not a JSON object")
    if _is_deep(value):
        raise NestedTooDeeply(f"nested deeper than {DEEPEST} levels")
    _verify_whole_characters(written, value)
    return value


def _utf8(octets: bytes) -> str:
    try:
        text = octets.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError("not in UTF-8") from error
    if text.startswith("\ufeff"):
        raise ValueError("begins with a byte order mark")
    return text


def _verify_whole_characters(written: str, value: object) -> None:
    """Half a character comes by an escape, or in a text that was decoded loosely."""
    if "\\u" not in written and written.isascii():
        return
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError("half a character: a lone surrogate") from error


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def _members(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    members: dict[str, object] = {}
    for name, value in pairs:
        if name in members:
            raise ValueError(f"member {name!a:.40} is there twice")
        members[name] = value
    return members


def _is_deep(value: object) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        level = [child for each in level for child in _children(each)]
        if not level:
            return False
    return True


def _children(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
