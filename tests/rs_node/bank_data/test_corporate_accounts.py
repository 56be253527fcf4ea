"""Believable data: right check digits, balances that add up, the same every day."""

import subprocess
import sys
from calendar import timegm
from datetime import date, timedelta
from decimal import Decimal

import pytest

from rs_node.bank_data.account_numbers import (
    bic,
    iban_remainder,
    masked,
    new_card_number,
    sort_code,
    sort_code_and,
)
from rs_node.bank_data.corporate_accounts import accounts_of, find_account, made_from
from rs_node.bank_data.payments import PATTERNS
from rs_node.bank_data.statement import MONTHS, closing_balance, month, statement

CLIENTS = ("banking-client", "other-tpp", "tpp-opaque", "tpp-self-signed", "ü", "")
TODAY = date(2026, 11, 23)


def at(day: date) -> float:
    """Noon of a day, in seconds since the epoch."""
    return timegm(day.timetuple()) + 43_200.0


@pytest.mark.parametrize("client_id", CLIENTS)
def test_account_numbers(client_id: str) -> None:
    """ISO 13616: the check digits of IBANs are right, and so are account numbers."""
    for account in accounts_of(client_id):
        shown = account.to_json()
        iban = str(shown["iban"])
        assert len(iban) == 22
        assert iban_remainder(iban) == 1
        assert iban.endswith(sort_code().replace("-", "") + account.account_number)
        digits = [int(digit) for digit in account.account_number]
        weighted = sum(w * d for w, d in zip(range(8, 0, -1), digits, strict=True))
        assert weighted % 11 == 0


def test_a_known_iban() -> None:
    """ISO 7064: the remainder of the example of the UK's IBAN registry is one."""
    assert iban_remainder("GB29NWBK60161331926819") == 1
    assert iban_remainder("GB28NWBK60161331926819") != 1


def test_numbers_in_open_banking() -> None:
    """Fourteen digits for branch and account; a BIC of eight characters."""
    assert sort_code_and("12345678") == "00014212345678"
    assert len(bic()) == 8


@pytest.mark.parametrize("seed", ["a", "b", "c", "d", "e", "f"])
def test_card_numbers(seed: str) -> None:
    """ISO/IEC 7812-1: a card number adds up to a multiple of ten, doubled by turns."""
    number = new_card_number(made_from(seed))
    assert len(number) == 16
    doubled = [int(digit) * 2 for digit in number[0::2]]
    total = sum(sum(map(int, str(each))) for each in doubled)
    assert (total + sum(map(int, number[1::2]))) % 10 == 0
    assert masked(number) == f"982600******{number[-4:]}"


def test_no_two_clients_are_alike() -> None:
    """Nothing of one client's accounts is another's: neither names nor movements."""
    everything = [account for client in CLIENTS for account in accounts_of(client)]
    for name in ("account_id", "account_number"):
        values = [getattr(account, name) for account in everything]
        assert len(set(values)) == len(values)
    statements = [statement(account, at(TODAY)) for account in everything]
    assert len({each.balance for each in statements}) == len(everything)
    assert len({each.transactions for each in statements}) == len(everything)


def test_an_account_is_found_by_its_owner_only() -> None:
    """Whoever knows the name of an account does not thereby own it."""
    own = accounts_of("banking-client")[0]
    assert find_account("banking-client", own.account_id) is own
    assert find_account("other-tpp", own.account_id) is None
    assert find_account("banking-client", "") is None


def test_the_same_in_every_process() -> None:
    """A restart changes no account, no transaction and no balance."""
    program = (
        "from rs_node.bank_data.corporate_accounts import accounts_of\n"
        "from rs_node.bank_data.statement import statement\n"
        "for account in accounts_of('banking-client'):\n"
        f"    print(account, statement(account, {at(TODAY)}))\n"
    )
    printed = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    expected = [
        f"{account} {statement(account, at(TODAY))}\n"
        for account in accounts_of("banking-client")
    ]
    assert printed == "".join(expected)


def test_a_month_adds_up() -> None:
    """One month's balance and the next one's movements lead to the next balance."""
    for account in accounts_of("banking-client"):
        for number in range(1, 12):
            before, this = date(2026, number, 1), date(2026, number + 1, 1)
            moved = sum(t.amount for t in month(account, this))
            opening = closing_balance(account, before)
            assert opening + moved == closing_balance(account, this)


def test_a_statement_adds_up_from_day_to_day() -> None:
    """The balance moves by exactly what is booked on a day, month ends included."""
    for account in accounts_of("banking-client"):
        for back in range(60):
            day = TODAY - timedelta(days=back)
            today = statement(account, at(day))
            yesterday = statement(account, at(day - timedelta(days=1)))
            booked = sum(t.amount for t in today.transactions if t.booked == day)
            assert today.balance - yesterday.balance == booked


def test_a_statement_is_months_long_and_ends_today() -> None:
    """Nothing of tomorrow is shown, and the months before are."""
    for account in accounts_of("banking-client"):
        shown = statement(account, at(TODAY)).transactions
        months = {(t.booked.year, t.booked.month) for t in shown}
        assert len(months) == MONTHS + 1
        assert shown[0].booked <= TODAY
        assert list(shown) == sorted(shown, key=lambda t: t.booked, reverse=True)
        assert len({t.transaction_id for t in shown}) == len(shown)


def test_amounts_are_money() -> None:
    """Two decimals, never nothing, and payments of every kind that is described."""
    for account in accounts_of("banking-client"):
        shown = statement(account, at(TODAY)).transactions
        for transaction in shown:
            assert transaction.amount.as_tuple().exponent == -2
            assert transaction.amount != Decimal(0)
            assert "{" not in transaction.reference
        named = {t.counterparty for t in shown}
        kinds = [set(pattern.counterparties) for pattern in PATTERNS[account.kind]]
        assert sum(bool(kind & named) for kind in kinds) >= len(kinds) - 1


@pytest.mark.parametrize(
    "day", [date(2028, 2, 29), date(2027, 2, 28), date(2026, 12, 31)]
)
def test_short_months_and_the_end_of_the_year(day: date) -> None:
    """The calendar has February and December."""
    for account in accounts_of("banking-client"):
        assert statement(account, at(day)).balance == closing_balance(
            account, day.replace(day=1)
        )
