"""
The answer to an authorization request, carried by the browser to the client.

RFC 6749 sections 4.1.2 and 4.1.2.1, and always with the `iss` of RFC 9207: a client
that talks to several servers learns from it whose answer it holds. The way back is
one that was found to be registered; what could not be checked gets a page instead.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from pki.http.checks import Check
from pki.http.messages import NO_STORE, Refusal, Response


@dataclass(frozen=True, slots=True, kw_only=True)
class WayBack:
    """
    Where the answer to one request is sent, and what goes with it in any case.

    *redirect_uri* is registered. *state* is the request's, as it came; None if it
    had none, and then the answer has none (RFC 6749 section 4.1.2).
    """

    issuer: str
    redirect_uri: str
    state: str | None

    def with_code(self, code: str) -> Response:
        """RFC 6749 section 4.1.2."""
        return self._with({"code": code})

    def with_error(self, error: str, error_description: str) -> Response:
        """RFC 6749 section 4.1.2.1."""
        return self._with({"error": error, "error_description": error_description})

    def _with(self, members: dict[str, str]) -> Response:
        """
        303, as the browser may have posted a password (RFC 9700 section 4.12).

        The redirect URI keeps the query it was registered with (RFC 6749 section
        3.1.2).
        """
        state = {} if self.state is None else {"state": self.state}
        query = urlencode({**members, **state, "iss": self.issuer})
        separator = "&" if "?" in self.redirect_uri else "?"
        location = f"{self.redirect_uri}{separator}{query}"
        headers = (("Location", location), ("Referrer-Policy", "no-referrer"))
        return Response(303, (*headers, *NO_STORE))


class AuthorizationError(Refusal):
    """An error that the client is told by way of the browser."""

    error = ""
    error_description = ""

    def __init__(
        self,
        detail: str,
        way_back: WayBack,
        check: Check,
        *,
        expected: str = "",
        presented: str = "",
    ) -> None:
        super().__init__(detail, check, expected=expected, presented=presented)
        self.way_back = way_back

    def response(self) -> Response:
        """A redirect with the error."""
        return self.way_back.with_error(self.error, self.error_description)


class AccessDenied(AuthorizationError):
    """The customer said no."""

    error = "access_denied"
    error_description = "the customer did not consent"


class ConsentNotGivable(AuthorizationError):
    """The consent that the request names is none that this client can be given."""

    error = "invalid_request"
    error_description = "the openbanking_intent_id is not one that can be authorised"


class LoginRequired(AuthorizationError):
    """OpenID Connect Core section 3.1.2.6: nobody may be asked, and nobody is known."""

    error = "login_required"
    error_description = "the customer has to sign in"


class AnotherCustomer(AuthorizationError):
    """
    OpenID Connect Core section 3.1.2.2: somebody else signed in than was asked.

    So she was by a consent that is hers already.
    """

    error = "login_required"
    error_description = "the customer asked for did not sign in"


class ConsentRequired(AuthorizationError):
    """OpenID Connect Core section 3.1.2.6: nobody may be asked, and consent is due."""

    error = "consent_required"
    error_description = "the customer has to be asked"


class SecondFactorRequired(AuthorizationError):
    """The essential `acr` cannot be had without the customer."""

    error = "unmet_authentication_requirements"
    error_description = "the authentication asked for was not done"
