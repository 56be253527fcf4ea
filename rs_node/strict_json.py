"""JSON from elsewhere, taken by the letter of RFC 8259."""

import json


def json_object(text: bytes | str) -> dict[str, object]:
    """
    A JSON object.

    Raises:
        ValueError: it is anything else, `NaN`, too deep nesting and two members of
            one name included: of two, others may take the first (RFC 8259 section 4).
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


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("two members of one name")
    return members
