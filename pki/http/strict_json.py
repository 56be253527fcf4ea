"""JSON from elsewhere, taken by the letter of RFC 8259 and without ambiguity."""

import json
from collections.abc import Iterable


def json_object(text: bytes | str) -> dict[str, object]:
    """
    A JSON object in which no object has a member twice.

    Of two members with one name some readers take the first and some the last: what
    one has checked is then not what another acts upon (RFC 7519 section 4 lets a
    JWT with two be refused).

    Raises:
        ValueError: it is anything else, `NaN` and too deep nesting included.
    """
    try:
        value = json.loads(
            text, parse_constant=_refuse_constant, object_pairs_hook=_members
        )
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - the text is at fault
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
