"""The life of a consent, by the rules alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from rs_node.consents.consent import (
    AUTHORISATION_SECONDS,
    Consent,
    Decision,
    NotDecidable,
    NotRenewable,
    cancelled,
    decided,
    earliest,
    latest,
    moment_of,
    within,
)

NOW = 1_800_000_000.0
WAITING = Consent(
    consent_id="aac-1",
    client_id="tpp",
    permissions=("ReadAccountsBasic",),
    created=NOW,
    status_updated=NOW,
)
YES = Decision(decision_id="d-1", customer="ty", approved=True, account_ids=("a", "b"))
NO = Decision(decision_id="d-2", customer="ty", approved=False, account_ids=())
GIVEN = decided(WAITING, YES, NOW + 60)


def test_approved() -> None:
    """Open Banking v4.0: AWAU becomes AUTH, for the customer and her accounts."""
    assert GIVEN.status == "AUTH"
    assert GIVEN.status_updated == NOW + 60
    assert (GIVEN.customer, GIVEN.account_ids) == ("ty", ("a", "b"))


def test_refused() -> None:
    """Open Banking v4.0: AWAU becomes RJCT."""
    after = decided(WAITING, NO, NOW + 60)
    assert (after.status, after.account_ids) == ("RJCT", ())


@pytest.mark.parametrize("decision", [YES, NO])
def test_reported_again(decision: Decision) -> None:
    """A decision that is reported again, after a crash say, changes nothing."""
    after = decided(WAITING, decision, NOW + 60)
    assert decided(after, decision, NOW + 999) is after


@pytest.mark.parametrize(
    "other",
    [
        replace(YES, decision_id="d-9"),
        replace(YES, customer="danny"),
        replace(YES, account_ids=("a",)),
        replace(NO, decision_id="d-1"),
    ],
    ids=["another name", "another customer", "other accounts", "refused"],
)
def test_decided_otherwise(other: Decision) -> None:
    """What is decided is decided: no other decision takes its place."""
    with pytest.raises(NotDecidable, match="AUTH"):
        decided(GIVEN, other, NOW + 61)


AGAIN = replace(YES, decision_id="d-3", renews="d-1")


def test_renewed() -> None:
    """Open Banking: she who gave it confirms it again, and nothing else changes."""
    after = decided(GIVEN, AGAIN, NOW + 999)
    assert after == replace(GIVEN, decision_id="d-3")
    assert decided(after, AGAIN, NOW + 1000) is after
    other_order = replace(AGAIN, account_ids=("b", "a"), renews="d-3")
    third = decided(after, replace(other_order, decision_id="d-4"), NOW + 1001)
    assert third == replace(GIVEN, decision_id="d-4")


@pytest.mark.parametrize(
    ("before", "decision"),
    [
        (GIVEN, replace(AGAIN, customer="danny")),
        (GIVEN, replace(AGAIN, account_ids=("a",))),
        (GIVEN, replace(AGAIN, account_ids=("a", "b", "c"))),
        (GIVEN, replace(AGAIN, approved=False)),
        (GIVEN, replace(AGAIN, renews="d-0")),
        (replace(GIVEN, decision_id="d-2"), AGAIN),
        (WAITING, AGAIN),
        (decided(WAITING, NO, NOW), AGAIN),
        (cancelled(GIVEN, NOW), AGAIN),
        (replace(GIVEN, expiration=moment_of(NOW + 9)).as_of(NOW + 9), AGAIN),
    ],
    ids=[
        "another customer",
        "fewer accounts",
        "more accounts",
        "refused",
        "an unknown decision",
        "renewed meanwhile",
        "not given yet",
        "refused before",
        "deleted",
        "expired",
    ],
)
def test_not_renewed(before: Consent, decision: Decision) -> None:
    """Open Banking: AUTH and not expired; and it stays the same consent."""
    with pytest.raises(NotRenewable):
        decided(before, decision, NOW + 61)


def test_a_refusal_is_final() -> None:
    """Open Banking v4.0: from RJCT nothing leads on."""
    with pytest.raises(NotDecidable, match="RJCT"):
        decided(decided(WAITING, NO, NOW), YES, NOW)


@pytest.mark.parametrize("before", [WAITING, GIVEN])
def test_expiry(before: Consent) -> None:
    """Open Banking v4.0: EXPD from the very second of ExpirationDateTime on."""
    ends = datetime(2030, 1, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    consent = replace(before, expiration=ends, created=ends.timestamp() - 9)
    assert consent.as_of(ends.timestamp() - 0.001) is consent
    expired = consent.as_of(ends.timestamp())
    assert expired.status == "EXPD"
    assert expired.status_updated == ends.timestamp()
    assert expired.expiration == ends
    with pytest.raises(NotDecidable, match="EXPD"):
        decided(expired, YES, ends.timestamp())


def test_never_authorised() -> None:
    """A consent that nobody decides about for a day is rejected."""
    assert WAITING.as_of(NOW + AUTHORISATION_SECONDS - 1).status == "AWAU"
    assert WAITING.as_of(NOW + AUTHORISATION_SECONDS).status == "RJCT"
    assert GIVEN.as_of(NOW + AUTHORISATION_SECONDS).status == "AUTH"


@pytest.mark.parametrize("before", [WAITING, GIVEN])
def test_cancelled(before: Consent) -> None:
    """Open Banking v4.0: a deleted consent is over, also after its expiry."""
    after = cancelled(before, NOW + 5)
    assert (after.status, after.status_updated) == ("CANC", NOW + 5)
    assert replace(after, expiration=moment_of(NOW)).as_of(NOW + 9).status == "CANC"
    with pytest.raises(NotDecidable, match="CANC"):
        decided(after, YES, NOW + 6)


def test_periods() -> None:
    """Of two periods the narrower counts, and both of its ends belong to it."""
    one, two = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    assert latest([None, one, two]) == two
    assert earliest([None, one, two]) == one
    assert latest([None]) is earliest([]) is None
    assert within(one, one, one)
    assert within(one, None, None)
    assert not within(one, two, None)
    assert not within(two, None, one)
