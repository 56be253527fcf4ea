"""
What a token is bound to: whoever uses it has to prove that he is its sender.

Here by the certificate of his connection (RFC 8705 section 3), whose thumbprint is the
token's confirmation method (RFC 7800 section 3.1). This file says how a constraint is
made from a request, how it is written into a token, an introspection answer and the
database, how it is read back, and when two are the same. A second method (a key of
RFC 9449, say) would be proved, written, read and compared here.
"""

import re
from dataclasses import dataclass

from as_node.protocol.bearer_token import InvalidToken
from as_node.protocol.errors import InvalidGrant, InvalidRequest
from pki.http.checks import Check
from pki.http.journal import Journal
from pki.http.messages import Request

# RFC 8705 section 3.1: 32 octets in base64url without padding.
_X5T_S256 = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class SenderConstraint:
    """
    The certificate, by its thumbprint, whose key a sender has to hold.

    There is none that binds to nothing: whoever has one has something to compare.

    Raises:
        ValueError: *x5t_s256* is no thumbprint.
    """

    x5t_s256: str

    def __post_init__(self) -> None:
        if not _X5T_S256.fullmatch(self.x5t_s256):
            raise ValueError("x5t#S256 must be 43 characters of base64url")

    def __str__(self) -> str:
        """For logs: a thumbprint is no secret."""
        return self.x5t_s256

    def cnf(self) -> dict[str, str]:
        """The `cnf` of RFC 8705 sections 3.1 and 3.2, after RFC 7800 section 3.1."""
        return {"x5t#S256": self.x5t_s256}


def read_cnf(cnf: object) -> SenderConstraint:
    """
    The constraint that `SenderConstraint.cnf` wrote.

    A confirmation method beside or instead of `x5t#S256` is refused, since it asks for
    a check that nobody here makes (RFC 8705 section 7.2 foresees others).

    Raises:
        ValueError: it is anything else. Never taken for "bound to nothing".
    """
    match cnf:
        case {"x5t#S256": str(x5t_s256), **others} if not others:
            return SenderConstraint(x5t_s256)
    raise ValueError("cnf must have x5t#S256 and nothing else")


def proved_by(request: Request) -> SenderConstraint | None:
    """
    What the sender of *request* has proved: its peer's certificate, in the handshake.

    No header or parameter is looked at. None of a connection without a certificate.
    """
    if request.peer is None:
        return None
    return SenderConstraint(request.peer.x5t_s256)


TO_BIND_TO = Check(
    "token.certificate-to-bind-to",
    "there is a certificate that the access token can be bound to",
    "RFC 8705 section 3",
)


def constraint_to_issue(request: Request) -> SenderConstraint:
    """
    What the tokens that *request* asks for will be bound to.

    RFC 8705 section 3: the token belongs to whoever holds the key of the certificate
    of this very connection. Section 3.4 leaves it to the server whether a client
    without one gets an unbound token or none; here it gets none.

    Raises:
        InvalidRequest: there is no certificate.
    """
    proved = proved_by(request)
    if proved is None:
        raise InvalidRequest(
            "an access token is bound to a certificate, and none was presented",
            TO_BIND_TO,
            expected="a certificate",
            presented="none",
        )
    request.journal.accepted(
        TO_BIND_TO,
        constraint_to_issue,
        expected="x5t#S256 of this connection",
        presented=str(proved),
    )
    return proved


ACCESS_TOKEN_SENDER = Check(
    "userinfo.same-certificate",
    "the token is bound to the certificate of this connection",
    "RFC 8705 section 3",
)
REFRESH_TOKEN_SENDER = Check(
    "refresh-token.same-certificate",
    "x5t#S256 of the connection is that of the refresh token",
    "RFC 8705 section 4",
)


def verify_access_token_sender(
    bound_to: SenderConstraint, proved: SenderConstraint | None, journal: Journal
) -> None:
    """
    The certificate of this connection is the one the access token is bound to.

    Raises:
        InvalidToken: it is another, or there is none.
    """
    if proved is None:
        raise InvalidToken(
            "no certificate on this connection",
            ACCESS_TOKEN_SENDER,
            expected=str(bound_to),
            presented="no certificate",
        )
    if proved != bound_to:
        raise InvalidToken(
            "the token is bound to another certificate",
            ACCESS_TOKEN_SENDER,
            expected=str(bound_to),
            presented=str(proved),
        )
    journal.accepted(
        ACCESS_TOKEN_SENDER,
        verify_access_token_sender,
        expected=str(bound_to),
        presented=str(proved),
    )


def verify_refresh_token_sender(
    bound_to: SenderConstraint | None, proved: SenderConstraint, journal: Journal
) -> None:
    """
    A bound refresh token comes over a connection with its certificate.

    Only those of public clients are bound (RFC 8705 section 4): *bound_to* is None of
    the others.

    Raises:
        InvalidGrant: it comes with another.
    """
    if bound_to is None:
        return
    if proved != bound_to:
        raise InvalidGrant(
            "the refresh token is bound to another certificate",
            REFRESH_TOKEN_SENDER,
            expected=str(bound_to),
            presented=str(proved),
        )
    journal.accepted(
        REFRESH_TOKEN_SENDER,
        verify_refresh_token_sender,
        expected=str(bound_to),
        presented=str(proved),
    )
