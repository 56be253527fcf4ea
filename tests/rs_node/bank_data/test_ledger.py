"""What is made up about a customer: plausible, consistent, and always the same."""

import subprocess
import sys
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from rs_node.bank_data.customer_accounts import CustomerAccount, customer_accounts
from rs_node.bank_data.household import household
from rs_node.bank_data.ledger import RECORDS_BEGIN, Booking, ledger
from tests.rs_node.bank import RS_TOML, TY

DANNY = "danny.noonan@example.com"
CUSTOMERS = (TY, DANNY, "al", "lacey.underall@example.com", "carl.spackler@example.com")
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
EACH = pytest.mark.parametrize("sub", CUSTOMERS)


def bookings(
    sub: str, account: CustomerAccount, now: datetime = NOW
) -> tuple[Booking, ...]:
    """All bookings until *now*."""
    return ledger(sub, account, now.timestamp()).bookings


@EACH
def test_accounts(sub: str) -> None:
    """Several accounts each, two currencies, and numbers that are nobody else's."""
    accounts = customer_accounts(sub)
    kinds = [account.kind for account in accounts]
    assert kinds[:3] == ["current", "savings", "card"]
    numbers = {each.number for other in CUSTOMERS for each in customer_accounts(other)}
    names = {
        each.account_id for other in CUSTOMERS for each in customer_accounts(other)
    }
    together = sum(len(customer_accounts(other)) for other in CUSTOMERS)
    assert len(numbers) == len(names) == together
    assert {each.product.currency for each in customer_accounts(TY)} == {"GBP", "EUR"}


@EACH
def test_balances_follow_from_bookings(sub: str) -> None:
    """Each booking's balance is the one before and its amount, to the penny."""
    for account in customer_accounts(sub):
        found = bookings(sub, account)
        for before, after in pairwise(found):
            assert after.balance == before.balance + after.draft.amount
            assert before.booked <= after.booked
        assert ledger(sub, account, NOW.timestamp()).balance == found[-1].balance
        assert all(each.draft.amount.as_tuple().exponent in (-2, 0) for each in found)


@EACH
def test_names_are_given_once(sub: str) -> None:
    """A TransactionId is of one transaction, on whichever account."""
    names = [
        each.transaction_id
        for account in customer_accounts(sub)
        for each in bookings(sub, account)
    ]
    assert len(set(names)) == len(names) > 1_000


@EACH
def test_transfers_match(sub: str) -> None:
    """What leaves one own account comes to another, in the same second."""
    sides = defaultdict(list)
    for account in customer_accounts(sub):
        for each in bookings(sub, account):
            if each.draft.own is not None and each.draft.exchange is None:
                sides[each.booked, each.draft.text].append(each.draft)
    assert len(sides) > 20
    for one, other in sides.values():
        assert one.amount == -other.amount
        assert (one.kind, one.own) == (other.own, other.kind)


@EACH
def test_plausible(sub: str) -> None:
    """A salary a month, rent, bills; nobody is ruined, and no savings are negative."""
    current, savings, card, *_ = customer_accounts(sub)
    found = bookings(sub, current)
    salaries = [each for each in found if each.draft.code.words == "Salary"]
    assert len(salaries) == 22
    assert all(each.booked.weekday() < 5 for each in salaries)
    rents = [each for each in found if each.draft.code.words == "StandingOrder"]
    assert {each.draft.amount for each in rents} == {-household(sub).rent}
    assert min(each.balance for each in found) > -500
    assert min(each.balance for each in bookings(sub, savings)) >= 0
    assert min(each.balance for each in bookings(sub, card)) > -4_000
    assert max(each.balance for each in bookings(sub, card)) <= 0
    codes = [each.draft.merchant.category for each in found if each.draft.merchant]
    assert len(codes) > 400
    assert all(len(code) == 4 and code.isdecimal() for code in codes)


def test_no_two_alike() -> None:
    """Two customers earn, owe and spend differently."""
    assert len({household(sub).salary for sub in CUSTOMERS}) == len(CUSTOMERS)
    spent = {
        tuple(each.draft.amount for each in bookings(sub, customer_accounts(sub)[0]))
        for sub in CUSTOMERS
    }
    assert len(spent) == len(CUSTOMERS)


@EACH
def test_time_only_adds(sub: str) -> None:
    """What was booked once is the same later; more comes after it."""
    for account in customer_accounts(sub):
        whole = bookings(sub, account)
        for days in (1, 17, 40, 200, 600):
            earlier = bookings(sub, account, NOW - timedelta(days=days))
            assert earlier == whole[: len(earlier)]
        later = bookings(sub, account, NOW + timedelta(days=400))
        assert later[: len(whole)] == whole
        assert len(later) > len(whole)


def test_until_this_very_second() -> None:
    """A booking is there from its second on, and not before."""
    account = customer_accounts(TY)[0]
    last = bookings(TY, account)[-1]
    assert bookings(TY, account, last.booked)[-1] == last
    assert bookings(TY, account, last.booked - timedelta(seconds=1))[-1] != last


def test_before_the_records() -> None:
    """Before the bank's first record there is a balance, and nothing else."""
    first = datetime(*RECORDS_BEGIN.timetuple()[:3], tzinfo=UTC)
    for account in customer_accounts(TY):
        found = ledger(TY, account, first.timestamp() - 1)
        assert found.bookings == ()
        assert found.balance >= Decimal(0)


def test_the_same_in_every_process() -> None:
    """Nothing depends on the process: not on its hash seed, not on what came first."""
    code = (
        "from rs_node.bank_data.ledger import ledger\n"
        "from rs_node.bank_data.customer_accounts import customer_accounts\n"
        f"account = customer_accounts({TY!r})[0]\n"
        f"print(account, ledger({TY!r}, account, {NOW.timestamp()}).bookings[-1])\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", code],
        cwd=RS_TOML.parents[1],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    account = customer_accounts(TY)[0]
    assert said == f"{account} {bookings(TY, account)[-1]}\n"
