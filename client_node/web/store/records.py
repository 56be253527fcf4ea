"""What the web application keeps about its customers."""

from dataclasses import dataclass, field

RENEWAL_IS_DUE = 7 * 86400.0
"""Seconds before access ends: a week to come by in."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """
    A customer is on her way to the bank, and not back yet.

    Bound to the browser session it began in: *session* and *state_sha256* are
    SHA-256 of the session's id and of `state`. *expires* is the end of the consent
    *consent_id* that waits for her at the bank, *begun* when she left; in seconds
    since the epoch. *renews* is the connection that she signs in for again; `None`
    where she makes a new one.
    """

    session: bytes
    state_sha256: bytes
    issuer: str
    consent_id: str
    permissions: tuple[str, ...]
    expires: float | None
    nonce: str = field(repr=False)
    code_verifier: str = field(repr=False)
    begun: float
    renews: str | None = None


@dataclass(frozen=True, slots=True)
class Tokens:
    """
    What was issued for a customer.

    *good_until* is in seconds since the epoch, `None` where the server does not
    tell. *x5t_s256* is the thumbprint of the certificate of the connection the
    access token was issued over: with another it is worth nothing.
    """

    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    good_until: float | None
    x5t_s256: str | None


@dataclass(frozen=True, slots=True)
class Connection:
    """
    A bank that a customer has connected, by one consent of hers.

    *sub* is who she is there. *tokens* is `None` once they are revoked, and
    *consent_deleted* tells that the consent is: of a connection that is ended,
    that remains which could not be done yet. *auth_time* is when she signed in for it
    at the bank, *access_ends* when she has to do so again, although the consent may go
    on: both as the bank told, in seconds since the epoch, `None` where it did not.
    """

    connection_id: str
    session: bytes
    issuer: str
    consent_id: str
    permissions: tuple[str, ...]
    expires: float | None
    sub: str
    connected_at: float
    tokens: Tokens | None
    consent_deleted: bool = False
    auth_time: int | None = None
    access_ends: float | None = None

    @property
    def is_whole(self) -> bool:
        """Whether nothing of it has been ended."""
        return self.tokens is not None and not self.consent_deleted

    def needs_renewal(self, now: float) -> bool:
        """
        Whether to sign in again is due, or soon will be, and can help.

        It cannot where the consent ends as soon: to renew moves no consent's end.
        """
        if not self.is_whole or self.access_ends is None:
            return False
        goes_on = self.expires is None or self.expires > max(now, self.access_ends)
        return goes_on and now >= self.access_ends - RENEWAL_IS_DUE
