"""JSON objects from servers, and their members, checked before they are used."""

import json
import re
from typing import Any, NoReturn
from urllib.parse import urlsplit

from client_node.oauth.requests.errors import UnusableAnswer
from pki.mtls.client import Answer

_DEEPEST = 32  # levels; a bank's answers have five
_VISIBLE_ASCII = re.compile(r"[!-~]+")


def json_object(answer: Answer, what: str) -> dict[str, object]:
    """
    The JSON object in the body of *answer*; *what* is its name in the complaint.

    Strict where the `json` module is lenient: a member that comes twice, `NaN` and
    other media types than `application/json` are refused. Any status will do.

    Raises:
        UnusableAnswer: it is none.
    """
    content_type = answer.header("content-type") or ""
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise UnusableAnswer(
            f"{what}: {answer.status}, and {content_type or 'nothing'!r} is not JSON"
        )
    return strict_object(answer.body, what)


def strict_object(text: bytes, what: str) -> dict[str, object]:
    """
    The JSON object that *text* is, read as strictly as `json_object` says.

    Raises:
        UnusableAnswer: it is none.
    """
    try:
        members = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise UnusableAnswer(f"{what}: the body is no JSON: {error}") from error
    if not isinstance(members, dict):
        raise UnusableAnswer(f"{what}: the body is JSON, and no object")
    if is_deep(members):
        raise UnusableAnswer(f"{what}: the body is nested without need")
    return members


def is_deep(value: object) -> bool:
    """
    Whether *value* is nested deeper than any answer needs to be.

    Python writes JSON, and walks it, with one call a level; its reader copes with
    more levels than its writer.
    """
    level = [value]
    for _ in range(_DEEPEST):
        level = [child for each in level for child in _children(each)]
        if not level:
            return False
    return True


def _children(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def required(members: dict[str, object], name: str, kind: Any, what: str) -> Any:
    """
    A member that must be there, of type *kind*.

    Raises:
        UnusableAnswer: it is missing, or `null`, or of another type.
    """
    value = members.get(name)
    # bool is an int in Python, and true is no number in JSON.
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise UnusableAnswer(f"{what}: {name!r} is {_shown(members, name)}")
    return value


def optional(members: dict[str, object], name: str, kind: Any, what: str) -> Any:
    """
    A member that may be absent, of type *kind*; `None` where it is.

    Raises:
        UnusableAnswer: it is `null` or of another type.
    """
    return required(members, name, kind, what) if name in members else None


def https_url(value: object, name: str, what: str) -> str:
    """
    *value* as an absolute https URL without user and fragment.

    Raises:
        UnusableAnswer: it is none. A request is sent to no other.
    """
    if isinstance(value, str) and is_https_url(value):
        return value
    raise UnusableAnswer(f"{what}: {name!r} is no https URL: {value!r:.200}")


def is_https_url(value: str) -> bool:
    """Whether *value* is an absolute https URL without user and fragment."""
    if not _VISIBLE_ASCII.fullmatch(value):
        return False
    try:
        parts = urlsplit(value)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, a bracket that is not closed
        return False
    return (
        parts.scheme == "https"
        and named
        and "@" not in parts.netloc
        and ("#" not in value)
    )


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a member comes twice")
    return members


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _shown(members: dict[str, object], name: str) -> str:
    """The type and not the value, which may be a token."""
    if name not in members:
        return "missing"
    return f"of the wrong type ({type(members[name]).__name__})"
