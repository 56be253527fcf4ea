"""
Account access consents: what a customer lets a client see, and until when.

UK Open Banking Read/Write v4.0, Account Access Consents. Only the rules are here;
`consent_store` keeps the consents and applies them.

    AWAU ──> AUTH ──> CANC, EXPD
      └────> RJCT

Whoever gave a consent may be asked to sign in for it again, as often as its client
likes: re-authentication. It stays the same consent, and changes nothing in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

Status = Literal["AWAU", "AUTH", "RJCT", "CANC", "EXPD"]

AUTHORISATION_SECONDS = 24 * 3600.0
"""
How long a consent waits for its customer. The standard has one rejected whose
authorisation is not completed, and says no time.
"""


class NotDecidable(Exception):
    """The consent is decided already, otherwise; or it has ended."""


class NotRenewable(NotDecidable):
    """The consent is not in force, was renewed meanwhile, or would be another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """
    One consent of a client's, as it stands at one moment.

    The three dates are the client's, with the zone in which it sent them: the bank
    changes none of them. *created* and *status_updated* are in seconds since the
    epoch. *customer* is the `sub` of the one who decided, *decision_id* the name of
    her decision, *account_ids* what she shares.
    """

    consent_id: str
    client_id: str
    permissions: tuple[str, ...]
    expiration: datetime | None = None
    transaction_from: datetime | None = None
    transaction_to: datetime | None = None
    created: float
    status: Status = "AWAU"
    status_updated: float
    customer: str | None = None
    account_ids: tuple[str, ...] = ()
    decision_id: str | None = None

    @property
    def is_forgettable(self) -> bool:
        """It was deleted before a customer decided: nothing ever stood on it."""
        return self.status == "CANC" and self.customer is None

    def as_of(self, now: float) -> "Consent":
        """This consent at *now*, seconds since the epoch: time alone may end it."""
        ends = float("inf") if self.expiration is None else self.expiration.timestamp()
        if self.status in ("AWAU", "AUTH") and now >= ends:
            return replace(self, status="EXPD", status_updated=ends)
        given_up = self.created + AUTHORISATION_SECONDS
        if self.status == "AWAU" and now >= given_up:
            return replace(self, status="RJCT", status_updated=given_up)
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """
    What a customer decided about a consent, as the authorization server reports it.

    *decision_id* names the decision, so that it may be reported twice. *account_ids*
    is empty where she refused. *renews* is the name of the decision that this one
    renews, where she was asked about a consent that she had given before.
    """

    decision_id: str
    customer: str
    approved: bool
    account_ids: tuple[str, ...]
    renews: str | None = None


def decided(consent: Consent, decision: Decision, now: float) -> Consent:
    """
    The consent after the decision; the same one if it was reported before.

    *consent* is as of *now*. That the accounts are the customer's is not checked.

    Raises:
        NotDecidable: it is not waiting for a decision, and not for this one again.
        NotRenewable: the decision renews another, and that cannot be.
    """
    if decision.renews is not None:
        return renewed(consent, decision, decision.renews)
    status: Status = "AUTH" if decision.approved else "RJCT"
    after = replace(
        consent,
        status=status,
        customer=decision.customer,
        account_ids=decision.account_ids,
        decision_id=decision.decision_id,
    )
    if consent == after:
        return consent
    if consent.status != "AWAU":
        raise NotDecidable(f"the consent is {consent.status}, expected AWAU")
    return replace(after, status_updated=now)


def renewed(consent: Consent, decision: Decision, renews: str) -> Consent:
    """
    The consent after its customer was asked again; the same if that was reported.

    Read/Write Data API profile, Consent Re-authentication: at any time while it is in
    force. She confirms what is there: the same accounts, until the same end. Of two
    that renew one decision at once the first counts, for *renews* is then no longer
    the last.

    Raises:
        NotRenewable: it is not in force, another customer's, about other accounts,
            or was renewed meanwhile; or she refused, which ends nothing.
    """
    if consent.status != "AUTH":
        raise NotRenewable(f"the consent is {consent.status}, expected AUTH")
    if not decision.approved:
        raise NotRenewable("a consent that is not renewed stays as it is")
    if decision.customer != consent.customer:
        raise NotRenewable("another customer gave the consent")
    if set(decision.account_ids) != set(consent.account_ids):
        raise NotRenewable("the consent is for other accounts")
    if decision.decision_id == consent.decision_id:
        return consent
    if renews != consent.decision_id:
        raise NotRenewable("the consent was renewed meanwhile")
    return replace(consent, decision_id=decision.decision_id)


def cancelled(consent: Consent, now: float) -> Consent:
    """The consent after its client deleted it; that is the end of it."""
    return replace(consent, status="CANC", status_updated=now)


def within(moment: datetime, first: datetime | None, last: datetime | None) -> bool:
    """Whether a moment is in a period, both ends included; `None` is no end."""
    return (first is None or first <= moment) and (last is None or moment <= last)


def latest(moments: Sequence[datetime | None]) -> datetime | None:
    """The latest of those that there are: where the narrowest period begins."""
    return max((each for each in moments if each is not None), default=None)


def earliest(moments: Sequence[datetime | None]) -> datetime | None:
    """The earliest of those that there are: where the narrowest period ends."""
    return min((each for each in moments if each is not None), default=None)


def moment_of(seconds: float) -> datetime:
    """Seconds since the epoch as a moment, in UTC."""
    return datetime.fromtimestamp(seconds, UTC)
