"""The parameters of a request to one of the AS's endpoints, from its body only."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from as_node.protocol.errors import InvalidRequest
from pki.http.checks import Check
from pki.http.messages import Request

Parameters = Mapping[str, str]

MOST_PARAMETERS = 64  # a token request has ten; a customer's form one an account
LONGEST_NAME = 128  # characters; the longest registered one has 35
LONGEST_VALUE = 24 * 1024  # characters: a signed object with a chain of certificates
LARGEST_FORM = 32 * 1024  # bytes, as it is sent: one such value, and all the others

PARAMETERS = Check(
    "request.parameters",
    "the parameters are in a form, each of them once",
    "RFC 6749 section 3.2",
)


_REPEATABLE = frozenset({"resource"})
"""RFC 8707 section 2: the exception. `values_of` has all of its values."""
SIZES = Check(
    "request.sizes",
    "the parameters are few, and none of them is too long",
    "RFC 6749 section 3.2",
)


def read_form(request: Request) -> Parameters:
    """
    The parameters of a form in the request's body, by name.

    RFC 6749 section 3.2 and appendix B: `application/x-www-form-urlencoded`, in
    UTF-8, no parameter more than once but `resource` (RFC 8707 section 2), of which
    this has the first; one without a value counts as left out.
    What the parameters mean is not checked, and unknown ones are passed on to be
    ignored.

    Raises:
        InvalidRequest: it is something else, or too large, or there is a query as well.
            A token
            in a query ends up in the logs of every proxy (RFC 6750 section 5.3),
            so a query is refused and not merely ignored.
    """
    if request.query:
        raise InvalidRequest("parameters in the query of the request", PARAMETERS)
    _verify_media_type(request)
    _verify_size(request)
    parameters: dict[str, str] = {}
    for name, value in _decoded(request.body):
        _verify_lengths(name, value)
        if name in parameters and name not in _REPEATABLE:
            # Not its name in full length: a peer may have sent 64 KiB of it.
            raise InvalidRequest(f"parameter {name:.40} is repeated", PARAMETERS)
        parameters[name] = parameters.get(name) or value
    return {name: value for name, value in parameters.items() if value}


def values_of(request: Request, name: str) -> tuple[str, ...]:
    """
    All values of a parameter that `read_form` let be there more than once.

    *request* is one that it has read. Empty ones are left out.
    """
    found = (value for each, value in _decoded(request.body) if each == name)
    return tuple(filter(None, found))


def require(parameters: Parameters, name: str) -> str:
    """
    The value of the parameter *name*.

    Raises:
        InvalidRequest: it was left out.
    """
    value = parameters.get(name)
    if value is None:
        raise InvalidRequest(f"parameter {name} is missing", PARAMETERS)
    return value


def _verify_media_type(request: Request) -> None:
    expected = "application/x-www-form-urlencoded"
    values = request.headers.get("content-type", ())
    media_types = [value.partition(";")[0].strip().lower() for value in values]
    if media_types != [expected]:
        raise InvalidRequest(
            "the body is not a form",
            PARAMETERS,
            expected=expected,
            presented=", ".join(values) or "no Content-Type",
        )


def _verify_size(request: Request) -> None:
    if len(request.body) > LARGEST_FORM:
        raise InvalidRequest(
            "the form is too large",
            SIZES,
            expected=f"at most {LARGEST_FORM} bytes",
            presented=f"{len(request.body)} bytes",
        )


def _verify_lengths(name: str, value: str) -> None:
    """Of any parameter, known or not; what one means may bound it more narrowly."""
    if len(name) > LONGEST_NAME or len(value) > LONGEST_VALUE:
        raise InvalidRequest(
            f"parameter {name!a:.40} is too long",
            SIZES,
            expected=f"at most {LONGEST_NAME} characters as name,"
            f" {LONGEST_VALUE} as value",
            presented=f"{len(name)} and {len(value)} characters",
        )


def _decoded(body: bytes) -> list[tuple[str, str]]:
    try:
        text = body.decode("utf-8")
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict")
    except UnicodeDecodeError as error:
        raise InvalidRequest("the form is not in UTF-8", PARAMETERS) from error
    if len(pairs) > MOST_PARAMETERS:
        raise InvalidRequest(
            "too many parameters",
            SIZES,
            expected=f"at most {MOST_PARAMETERS}",
            presented=f"{len(pairs)}",
        )
    return pairs
