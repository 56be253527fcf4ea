"""How these servers say no: RFC 6749 section 5.2 and RFC 6750 section 3."""

from pki.http.checks import Check
from pki.http.messages import NO_STORE, Refusal, Response, json_response


class TokenRefused(Refusal):
    """No token; *error* is one of RFC 6749 section 5.2."""

    def __init__(
        self,
        error: str,
        detail: str,
        check: Check,
        *,
        expected: str = "",
        presented: str = "",
    ) -> None:
        super().__init__(detail, check, expected=expected, presented=presented)
        self.error = error

    def response(self) -> Response:
        """400, or 401 for a client that is not who it says."""
        status = 401 if self.error == "invalid_client" else 400
        return json_response(status, {"error": self.error}, NO_STORE)


class InvalidToken(Refusal):
    """The token is not good here."""

    def response(self) -> Response:
        """The challenge of RFC 6750 section 3."""
        challenge = ("WWW-Authenticate", 'Bearer error="invalid_token"')
        return json_response(401, {"error": "invalid_token"}, (*NO_STORE, challenge))
