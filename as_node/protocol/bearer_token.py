"""
The access token of a request to a resource of this server's own, and its challenges.

RFC 6750 sections 2.1 and 3. The resource server has the same rule in its own words:
the nodes share no code about OAuth.
"""

import re

from as_node.protocol.errors import OAuthError
from pki.http.checks import Check
from pki.http.messages import NO_STORE, Fields, Request, Response

PRESENTED = Check(
    "userinfo.token-presented", "the request has an access token", "RFC 6750 section 3"
)
HEADER = Check(
    "userinfo.token-header",
    "the access token came where it belongs",
    "RFC 6750 section 2.1",
)

# credentials = "Bearer" 1*SP b64token
_CREDENTIALS = re.compile(r"(?i:bearer) +(?P<token>[A-Za-z0-9._~+/-]+=*)")


class Challenge(OAuthError):
    """A refusal with `WWW-Authenticate: Bearer`, RFC 6750 section 3."""

    status = 401

    def headers(self) -> Fields:
        """The same error as in the body. The texts are constant: nothing to escape."""
        attributes = (
            f'error="{self.error}", error_description="{self.error_description}"'
        )
        return (("WWW-Authenticate", f"Bearer {attributes}"),)


class NoToken(Challenge):
    """
    The request has no credential at all, or of another scheme.

    RFC 6750 section 3.1: then the answer says nothing about an error, since nothing
    was tried that could be wrong.
    """

    def response(self) -> Response:
        """The scheme alone, and no body."""
        return Response(401, (*NO_STORE, ("WWW-Authenticate", "Bearer")))


class MalformedRequest(Challenge):
    """The token is not where, or not what, RFC 6750 section 2.1 says."""

    status = 400
    error = "invalid_request"
    error_description = "the request is malformed"


class InvalidToken(Challenge):
    """
    Expired, revoked, malformed, somebody else's, or bound to another certificate.

    RFC 8705 section 3. One text for all: a thief is not told how near he was.
    """

    error = "invalid_token"
    error_description = "the access token is not valid on this connection"


class InsufficientScope(Challenge):
    """The token is good, and not for this; *scope* is what would be needed."""

    status = 403
    error = "insufficient_scope"
    error_description = "the access token does not cover this resource"

    def __init__(
        self, detail: str, check: Check, *, scope: str, presented: str
    ) -> None:
        super().__init__(detail, check, expected=scope, presented=presented)
        self._scope = scope

    def headers(self) -> Fields:
        """RFC 6750 section 3.1: with the scope that is needed."""
        ((name, challenge),) = super().headers()
        return ((name, f'{challenge}, scope="{self._scope}"'),)


def read_bearer_token(request: Request) -> str:
    """
    The access token in the `Authorization` header, the only place it is taken from.

    A token in a query or a body is not looked for (FAPI 2.0 Security Profile section
    5.3.4). Nothing about the token is checked but its syntax.

    Raises:
        NoToken: there is none, or a credential of another scheme.
        MalformedRequest: a malformed or repeated header.
    """
    values = request.headers.get("authorization", ())
    if not values:
        raise NoToken("no Authorization header", PRESENTED)
    if len(values) > 1:
        raise MalformedRequest(f"{len(values)} Authorization headers", HEADER)
    # RFC 9110 section 11.1: the scheme in whatever case.
    if values[0].partition(" ")[0].lower() != "bearer":
        raise NoToken("an Authorization header of another scheme", HEADER)
    credentials = _CREDENTIALS.fullmatch(values[0])
    if credentials is None:
        raise MalformedRequest("no well-formed token after Bearer", HEADER)
    return credentials["token"]
