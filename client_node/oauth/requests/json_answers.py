"""JSON objects from servers, and their members, checked before they are used."""

import re
from typing import Any
from urllib.parse import urlsplit

from client_node.oauth.requests.errors import UnusableAnswer
from pki.http import strict_json
from pki.http.answers import Answer
from pki.http.strict_json import NestedTooDeeply, NotAnObject

_VISIBLE_ASCII = re.compile(r"[!-~]+")


def json_object(answer: Answer, what: str) -> dict[str, object]:
    """
    The JSON object in the body of *answer*; *what* is its name in the complaint.

    Strict as `pki.http.strict_json` is; other media types than `application/json` are
    refused. Any status will do.

    Raises:
        UnusableAnswer: it is none.
    """
    content_type = answer.header("content-type") or ""
    if content_type.partition(";")[0].strip().lower() != "application/json":
        found = f"{content_type or 'nothing'!r} is not JSON"
        if not answer.body:
            found = "its body is empty"
        raise UnusableAnswer(f"{what}: {answer.status}, and {found}")
    return strict_object(answer.body, what)


def strict_object(text: bytes, what: str) -> dict[str, object]:
    """
    The JSON object that *text* is, read as strictly as `json_object` says.

    Raises:
        UnusableAnswer: it is none.
    """
    try:
        return strict_json.json_object(text)
    except NotAnObject as error:
        raise UnusableAnswer(f"{what}: the body is JSON, and no object") from error
    except NestedTooDeeply as error:
        raise UnusableAnswer(f"{what}: the body is nested without need") from error
    except ValueError as error:
        raise UnusableAnswer(f"{what}: the body is no JSON: {error}") from error


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


def _shown(members: dict[str, object], name: str) -> str:
    """The type and not the value, which may be a token."""
    if name not in members:
        return "missing"
    return f"of the wrong type ({type(members[name]).__name__})"
