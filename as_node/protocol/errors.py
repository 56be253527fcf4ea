"""
The errors of RFC 6749 section 5.2, of RFC 7009 and of RFC 7662, as refusals.

`error_description` is constant for each error and tells the peer nothing it could
learn from; the detail goes to the operator's log. A class is named as the RFC names
the error.
"""

from pki.http.checks import Check
from pki.http.messages import NO_STORE, Fields, Refusal, Response, json_response
from pki.node.store_away import RETRY_AFTER


class OAuthError(Refusal):
    """An error response of RFC 6749 section 5.2."""

    status = 400
    error = ""
    error_description = ""

    def response(self) -> Response:
        """JSON, never cached."""
        members = {"error": self.error, "error_description": self.error_description}
        return json_response(self.status, members, (*NO_STORE, *self.headers()))

    def headers(self) -> Fields:
        """What this error adds to the answer's header."""
        return ()


class InvalidRequest(OAuthError):
    """The request is malformed: a parameter is missing, repeated or not readable."""

    error = "invalid_request"
    error_description = "the request is malformed"


class InvalidClient(OAuthError):
    """
    The client is not who it says, or did not say.

    401 with JSON, and with `WWW-Authenticate` only where the client tried the
    `Authorization` header: RFC 6749 section 5.2 asks for it only then, and no HTTP
    scheme is registered for certificates. A deviation from RFC 9110 section
    15.5.2, on purpose.
    """

    status = 401
    error = "invalid_client"
    error_description = "client authentication failed"


class InvalidClientWithScheme(InvalidClient):
    """
    As `InvalidClient`, of a request that had an `Authorization` header.

    *scheme* is the one to answer with, *presented* what the client used.
    """

    def __init__(
        self, detail: str, check: Check, *, scheme: str, expected: str, presented: str
    ) -> None:
        super().__init__(detail, check, expected=expected, presented=presented)
        self._scheme = scheme

    def headers(self) -> Fields:
        """RFC 6749 section 5.2: the scheme the client used is answered."""
        return (("WWW-Authenticate", f'{self._scheme} realm="client authentication"'),)


class InvalidGrant(OAuthError):
    """The grant, or the token, is not this client's or not valid."""

    error = "invalid_grant"
    error_description = "the grant is not valid for this client"


class UnauthorizedClient(OAuthError):
    """The client is known and may not do this."""

    error = "unauthorized_client"
    error_description = "the client may not make this request"


class UnsupportedGrantType(OAuthError):
    """No client may use this grant here."""

    error = "unsupported_grant_type"
    error_description = "the grant type is not supported"


class InvalidScope(OAuthError):
    """A scope that is unknown, malformed, or more than the client may ask for."""

    error = "invalid_scope"
    error_description = "the scope is not available to this client"


class ResourceServerAway(OAuthError):
    """
    Whether the customer's consent is in force cannot be told at the moment.

    503 and no error of the grant: a client that reads `invalid_grant` throws a good
    refresh token away and sends its customer to the bank again.
    """

    status = 503
    error = "temporarily_unavailable"
    error_description = "the consent cannot be checked at the moment"

    def headers(self) -> Fields:
        """RFC 9110 section 10.2.3."""
        return RETRY_AFTER


class InvalidTarget(OAuthError):
    """RFC 8707 section 2: a resource that no token is issued for."""

    error = "invalid_target"
    error_description = "the resource is not served"


class InvalidAuthorizationDetails(OAuthError):
    """RFC 9396 section 5: no type of authorization details is served."""

    error = "invalid_authorization_details"
    error_description = "authorization details are not supported"


class TemporarilyUnavailable(OAuthError):
    """
    What we keep cannot be kept or read at the moment; nothing was done.

    RFC 6749 section 4.1.2.1 has the name, for a server that is away for a while; RFC
    7009 section 2.2.1 the status: whoever revokes must take the token as it was.
    """

    status = 503
    error = "temporarily_unavailable"
    error_description = "the server cannot answer at the moment"

    def headers(self) -> Fields:
        """RFC 9110 section 10.2.3."""
        return RETRY_AFTER


class TooManyRequests(OAuthError):
    """RFC 9126 section 2.3: the client pushed more than it may; 429."""

    status = 429
    error = "temporarily_unavailable"
    error_description = "too many requests of this client are in force"

    def headers(self) -> Fields:
        """RFC 6585 section 4: as the first of them end within minutes."""
        return (("Retry-After", "60"),)


class UnsupportedResponseType(OAuthError):
    """RFC 6749 section 4.1.2.1: only `code` is served."""

    error = "unsupported_response_type"
    error_description = "the response type is not supported"


class RequestNotSupported(OAuthError):
    """OpenID Connect Core section 3.1.2.6: a request object is not read here."""

    error = "request_not_supported"
    error_description = "the request parameter is not supported"


class UnmetAuthenticationRequirements(OAuthError):
    """
    The authentication that was asked for as essential cannot be had here.

    OpenID Connect Core Error Code unmet_authentication_requirements 1.0.
    """

    error = "unmet_authentication_requirements"
    error_description = "the authentication asked for is not offered"
