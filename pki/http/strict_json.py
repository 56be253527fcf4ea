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
    A JSON object in which no object has a member twice.

    Of two members with one name some readers take the first and some the last: what
    one has checked is then not what another acts upon (RFC 7519 section 4 lets a
    JWT with two be refused).

    Python writes JSON, and walks it, with one call a level, and its reader copes with
    more levels than its writer; so they are bounded here (RFC 8259 section 9).

    Raises:
        NotAnObject, NestedTooDeeply: see there.
        ValueError: it is anything else, `NaN` included.
    """
    try:
        value = json.loads(
            text, parse_constant=_refuse_constant, object_pairs_hook=_members
        )
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(value, dict):
        raise NotAnObject("not a JSON object")
    if _is_deep(value):
        raise NestedTooDeeply(f"nested deeper than {DEEPEST} levels")
    return value


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
