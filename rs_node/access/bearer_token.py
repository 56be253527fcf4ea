"""The access token of a request, RFC 6750 section 2."""

import re
from urllib.parse import parse_qsl

from pki.http.checks import Check
from pki.http.messages import Request
from rs_node.access.challenges import InvalidRequest, NoToken

PRESENTED = Check(
    "bearer-token.presented", "the request has an access token", "RFC 6750 section 3"
)
HEADER = Check(
    "bearer-token.header",
    "the access token came where it belongs",
    "RFC 6750 section 2.1",
)
NOWHERE_ELSE = Check(
    "bearer-token.nowhere-else",
    "there is no access token in the query or the body",
    "FAPI 2.0 Security Profile section 5.3.4",
)

# credentials = "Bearer" 1*SP b64token
_CREDENTIALS = re.compile(r"(?P<scheme>[^ ]*) +(?P<token>[A-Za-z0-9._~+/-]+=*)")


def read_bearer_token(request: Request) -> str:
    """
    The access token in the `Authorization` header, the only place it is taken from.

    Nothing about the token is checked but its syntax.

    Raises:
        NoToken: there is none, or a credential of another scheme.
        InvalidRequest: a malformed or repeated header, or a token in the query or
            the body: addresses are logged and remembered by everything they pass.
    """
    _refuse_other_places(request)
    values = request.headers.get("authorization", ())
    if not values:
        raise NoToken("no Authorization header", PRESENTED)
    if len(values) > 1:
        raise InvalidRequest(f"{len(values)} Authorization headers", HEADER)
    scheme = values[0].partition(" ")[0]
    if scheme.lower() != "bearer":  # RFC 9110 section 11.1: case-insensitive
        raise NoToken("an Authorization header of another scheme", HEADER)
    credentials = _CREDENTIALS.fullmatch(values[0])
    if credentials is None:
        raise InvalidRequest("no well-formed token after Bearer", HEADER)
    request.journal.accepted(
        HEADER,
        read_bearer_token,
        expected="Authorization: Bearer",
        presented=f"Authorization: {scheme}",
    )
    return credentials["token"]


def _refuse_other_places(request: Request) -> None:
    """RFC 6750 sections 2.2 and 2.3 are not offered here."""
    if _has_access_token(request.query):
        raise InvalidRequest("an access token in the query", NOWHERE_ELSE)
    media_type = (request.header("content-type") or "").partition(";")[0].strip()
    if media_type.lower() != "application/x-www-form-urlencoded":
        return
    if _has_access_token(request.body.decode("latin-1")):
        raise InvalidRequest("an access token in the body", NOWHERE_ELSE)


def _has_access_token(form: str) -> bool:
    pairs = parse_qsl(form, keep_blank_values=True, errors="replace")
    return any(name == "access_token" for name, _ in pairs)
