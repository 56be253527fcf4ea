"""
What a client may be told instead of what it asked for.

All are exceptions of one line. That no answer came at all is `NoAnswer` or
`HandshakeRefused` of `pki.http.answers`. Their texts may hold what a server wrote:
whoever shows them makes them printable.
"""

from client_node.oauth.requests.challenges import Challenge


class UnusableAnswer(Exception):
    """
    A server's answer is not as its specification has it; nothing of it is used.

    It may be a mistake or an attack, and a client cannot tell which.
    """


class Unavailable(UnusableAnswer):
    """The server cannot do its work now, and may be asked again: 502, 503, 504."""


class ErrorResponse(Exception):
    """
    An endpoint of the authorization server refused: RFC 6749 section 5.2.

    *error* is the RFC's code; *error_description* may be empty. *url* is the
    endpoint's, where it is known.
    """

    def __init__(
        self, status: int, error: str, error_description: str, url: str = ""
    ) -> None:
        super().__init__(f"{status} {error}: {error_description}".removesuffix(": "))
        self.status = status
        self.error = error
        self.error_description = error_description
        self.url = url


class AuthorizationRefused(Exception):
    """
    The authorization server, or the customer, said no: RFC 6749 section 4.1.2.1.

    *error* is the RFC's code, `access_denied` where it was the customer;
    *error_description* may be empty.
    """

    def __init__(self, error: str, error_description: str) -> None:
        super().__init__(f"{error}: {error_description}".removesuffix(": "))
        self.error = error
        self.error_description = error_description


class ResourceRefused(Exception):
    """
    The resource server refused.

    *challenge* is its `Bearer` challenge (RFC 6750 section 3), if it sent one.
    """

    def __init__(self, status: int, challenge: Challenge | None) -> None:
        told = challenge.told if challenge is not None else ""
        super().__init__(f"{status} {told}".strip())
        self.status = status
        self.challenge = challenge

    @property
    def error(self) -> str:
        """The error code of RFC 6750 section 3.1, or nothing."""
        return "" if self.challenge is None else self.challenge.error
