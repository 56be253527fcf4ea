"""Accounts and balances as they are shown, by permission."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from pki.pem import Credential
from rs_node.bank_data.account_numbers import iban_remainder
from rs_node.bank_data.ledger import ledger
from tests.rs_node.bank import TY, Bank
from tests.rs_node.consented import (
    ACCOUNTS,
    AISP,
    CARD,
    CURRENT,
    EURO,
    SAVINGS,
    ask,
    data,
)

EVERY = (CURRENT, SAVINGS, CARD, EURO)
BASIC = ("ReadAccountsBasic", "ReadBalances")


def shown(bank: Bank, tpp: Credential, *permissions: str) -> dict[str, Any]:
    """All accounts as shown with these permissions, by AccountId."""
    answer = ask(bank, tpp, ACCOUNTS, EVERY, permissions=permissions)
    return {each["AccountId"]: each for each in data(answer)["Account"]}


def test_basic(bank: Bank, tpp: Credential) -> None:
    """Open Banking v4.0: with ReadAccountsBasic no number and no servicer."""
    accounts = shown(bank, tpp, "ReadAccountsBasic")
    assert len(accounts) == 4
    for account in accounts.values():
        assert account["AccountCategory"] == "Personal"
        assert account["Status"] == "Enabled"
        assert datetime.fromisoformat(account["StatusUpdateDateTime"]).tzinfo
        assert len(account["Description"]) <= 35
        hidden = {"Account", "Servicer", "StatementFrequencyAndFormat"}
        assert not hidden & account.keys()
    codes = [accounts[each.account_id]["AccountTypeCode"] for each in EVERY]
    assert codes == ["CACC", "SVGS", "CARD", "CACC"]
    assert accounts[EURO.account_id]["Currency"] == "EUR"


@pytest.mark.parametrize(
    "permissions",
    [("ReadAccountsDetail",), ("ReadAccountsBasic", "ReadAccountsDetail")],
)
def test_detail(bank: Bank, tpp: Credential, permissions: tuple[str, ...]) -> None:
    """Open Banking v4.0: with ReadAccountsDetail, 14 digits, an IBAN, a servicer."""
    account = shown(bank, tpp, *permissions)[CURRENT.account_id]
    local, international = account["Account"]
    assert local["SchemeName"] == "UK.OBIE.SortCodeAccountNumber"
    assert local["Identification"] == f"000142{CURRENT.number}"
    assert local["Name"] == "Ty Webb"
    assert international["SchemeName"] == "UK.OBIE.IBAN"
    assert iban_remainder(international["Identification"]) == 1
    assert account["Servicer"]["SchemeName"] == "UK.OBIE.BICFI"
    assert len(account["Servicer"]["Identification"]) in (8, 11)


def test_card_number(bank: Bank, tpp: Credential) -> None:
    """Open Banking v4.0: a card's whole number is shown with ReadPAN only."""
    masked, whole = (
        shown(bank, tpp, "ReadAccountsDetail", *more)[CARD.account_id]["Account"]
        for more in ((), ("ReadPAN",))
    )
    assert whole == [{**masked[0], "Identification": CARD.number}]
    assert masked[0]["SchemeName"] == "UK.OBIE.PAN"
    hidden = masked[0]["Identification"]
    assert hidden == f"{CARD.number[:6]}******{CARD.number[-4:]}"


def test_one_account(bank: Bank, tpp: Credential) -> None:
    """Open Banking v4.0: one account is shown as in the list of all."""
    [one] = data(ask(bank, tpp, f"{ACCOUNTS}/{CARD.account_id}"))["Account"]
    all_of_them = data(ask(bank, tpp, ACCOUNTS))["Account"]
    assert one in all_of_them
    opened = datetime.fromisoformat(one["OpeningDate"])
    assert (opened.date(), opened.tzinfo) == (CARD.opened, UTC)
    assert "T" in one["OpeningDate"]
    assert len(all_of_them) == 2


def test_nothing_shared(bank: Bank, tpp: Credential) -> None:
    """Open Banking v4.0: no data is 200 with an empty array."""
    for path, name in (("accounts", "Account"), ("balances", "Balance"),
                       ("transactions", "Transaction")):  # fmt: skip
        assert data(ask(bank, tpp, f"{AISP}/{path}", [])) == {name: []}


def test_balances(bank: Bank, tpp: Credential) -> None:
    """Open Banking v4.0: booked balances, as text, with their direction."""
    answer = ask(bank, tpp, f"{AISP}/balances", EVERY, permissions=BASIC)
    listed = data(answer)["Balance"]
    now = bank.network.clock()
    for account, balance in zip(EVERY, listed, strict=True):
        amount = ledger(TY, account, now).balance
        assert balance["AccountId"] == account.account_id
        assert balance["Type"] == "ITBD"
        assert balance["Amount"] == {
            "Amount": f"{abs(amount):.2f}",
            "Currency": account.product.currency,
        }
        sign = -1 if balance["CreditDebitIndicator"] == "Debit" else 1
        assert sign * Decimal(balance["Amount"]["Amount"]) == amount
        assert balance["DateTime"] == datetime.fromtimestamp(int(now), UTC).isoformat()
    assert [len(each["CreditLine"]) for each in listed] == [0, 0, 1, 0]


def test_balance_of_one(bank: Bank, tpp: Credential) -> None:
    """Open Banking v4.0: the balance of one account is that account's."""
    path = f"{ACCOUNTS}/{CARD.account_id}/balances"
    [balance] = data(ask(bank, tpp, path, permissions=BASIC))["Balance"]
    assert balance["AccountId"] == CARD.account_id
