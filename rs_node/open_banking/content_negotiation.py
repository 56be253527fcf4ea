"""`Accept` and `Content-Type`: this API speaks JSON in UTF-8 and nothing else."""

import re

from pki.http.checks import Check
from pki.http.messages import Request
from rs_node.open_banking.refusals import NotAcceptable, UnsupportedMediaType

ACCEPTS_JSON = Check(
    "open-banking.accept",
    "the client takes an answer in JSON",
    "UK Open Banking Read/Write v4.0",
)
SENDS_JSON = Check(
    "open-banking.content-type",
    "the body is declared as JSON",
    "UK Open Banking Read/Write v4.0",
)

_JSON = "application/json"
_RANGES = (_JSON, "application/*", "*/*")

# RFC 9110 section 12.4.2: a weight of 0 says that this is not acceptable.
_NOTHING = re.compile(r"0(\.0{0,3})?")


def verify_accepts_json(request: Request) -> None:
    """
    RFC 9110 section 12.5.1: the client takes JSON, or does not say.

    Raises:
        NotAcceptable: it wants something else.
    """
    values = request.headers.get("accept", ())
    ranges = [each for value in values for each in value.split(",") if each.strip()]
    if ranges and not any(_is_json(each) for each in ranges):
        raise NotAcceptable(
            "no media range of Accept is JSON",
            ACCEPTS_JSON,
            path="Accept",
            expected=_JSON,
            presented=", ".join(values),
        )


def verify_sends_json(request: Request) -> None:
    """
    The body is declared to be JSON.

    Raises:
        UnsupportedMediaType: it is not.
    """
    values = request.headers.get("content-type", ())
    media_type, parameters = _parsed(values[0]) if len(values) == 1 else ("", {})
    if media_type != _JSON or not _is_utf8(parameters):
        raise UnsupportedMediaType(
            "the body is not declared as JSON in UTF-8",
            SENDS_JSON,
            path="Content-Type",
            expected=_JSON,
            presented=", ".join(values),
        )


def _is_json(media_range: str) -> bool:
    name, parameters = _parsed(media_range)
    weight = parameters.get("q", "1")
    return name in _RANGES and not _NOTHING.fullmatch(weight) and _is_utf8(parameters)


def _is_utf8(parameters: dict[str, str]) -> bool:
    return parameters.get("charset", "utf-8") in ("utf-8", "utf8")


def _parsed(text: str) -> tuple[str, dict[str, str]]:
    """RFC 9110 section 8.3.1; what is no parameter is passed over."""
    name, *rest = text.lower().split(";")
    pairs = (each.partition("=") for each in rest)
    return name.strip(), {key.strip(): value.strip(' \t"') for key, _, value in pairs}
