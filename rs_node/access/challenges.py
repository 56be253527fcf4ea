"""
The answers to a request whose access token does not open the resource.

RFC 6750 section 3: each carries `WWW-Authenticate: Bearer`. What the peer is told
is constant for each error; why exactly is in the operator's log.
"""

from pki.http.checks import Check
from pki.http.messages import NO_STORE, Refusal, Response, json_response


class Challenge(Refusal):
    """
    A refusal with a Bearer challenge.

    *resource_metadata* is the address of this resource's metadata, which RFC 9728
    section 5.1 adds to every challenge. `authorization` sets it, so that those who
    decide about tokens need not know it.
    """

    status = 401
    error = ""
    error_description = ""
    resource_metadata = ""

    def response(self) -> Response:
        """The challenge in the header, and the same error as JSON."""
        error = {"error": self.error, "error_description": self.error_description}
        return json_response(self.status, error, (*NO_STORE, self.header()))

    def header(self) -> tuple[str, str]:
        """The challenge, as a header field."""
        return "WWW-Authenticate", self._challenge()

    def attributes(self) -> dict[str, str]:
        """The attributes of the challenge, RFC 6750 section 3."""
        return {"error": self.error, "error_description": self.error_description}

    def _challenge(self) -> str:
        attributes = self.attributes()
        if self.resource_metadata:
            attributes["resource_metadata"] = self.resource_metadata
        # Constants and configuration only, none of which has a quote to escape.
        listed = ", ".join(f'{name}="{value}"' for name, value in attributes.items())
        return f"Bearer {listed}".rstrip()


class NoToken(Challenge):
    """
    The request has no credential at all, or of another scheme.

    RFC 6750 section 3.1: then the answer says nothing about an error, since nothing
    was tried that could be wrong.
    """

    def response(self) -> Response:
        """The challenge, and no body."""
        return Response(self.status, (*NO_STORE, self.header()))

    def attributes(self) -> dict[str, str]:
        """None."""
        return {}


class InvalidRequest(Challenge):
    """The token is not where, or not what, RFC 6750 section 2.1 says."""

    status = 400
    error = "invalid_request"
    error_description = "the request is malformed"


class InvalidToken(Challenge):
    """
    The access token is expired, revoked, malformed, somebody else's, …

    RFC 8705 section 3: also where it is bound to another certificate. One text for
    all: a thief is not told how near he was.
    """

    error = "invalid_token"
    error_description = "the access token is not valid on this connection"


class InsufficientScope(Challenge):
    """The token is good, but not for this; *scope* is what would be needed."""

    status = 403
    error = "insufficient_scope"
    error_description = "the access token does not cover this resource"

    def __init__(
        self, detail: str, check: Check, *, scope: str, presented: str
    ) -> None:
        super().__init__(detail, check, expected=scope, presented=presented)
        self.scope = scope

    def attributes(self) -> dict[str, str]:
        """RFC 6750 section 3.1: the scope needed may be said."""
        return {**super().attributes(), "scope": self.scope}


class NotTheClientItself(Challenge):
    """
    A customer's token, where only the client's own accounts are served.

    No scope is named in the answer: no scope would help.
    """

    status = 403
    error = "insufficient_scope"
    error_description = "this resource is for the client itself, not for a customer"


class NotACustomers(InvalidToken):
    """
    A token of the client itself, where only customers' accounts are served.

    401 by UK Open Banking, whose conformance suite looks for it: no scope is what
    is missing, but a customer who says yes.
    """


class Unavailable(Refusal):
    """
    The token may be good, and cannot be checked: our authorization server is away.

    503 and not 401: a client that is told `invalid_token` throws a good token away
    and asks the very server for a new one that is in trouble.
    """

    def response(self) -> Response:
        """When to try again; nothing about what is wrong with us."""
        description = "the access token cannot be checked at the moment"
        error = {"error": "temporarily_unavailable", "error_description": description}
        return json_response(503, error, (*NO_STORE, ("Retry-After", "5")))
