"""Every resource of a customer's asks for a good token, and for her consent."""

from datetime import UTC, datetime

import pytest

from pki.pem import Credential
from rs_node.bank_data.customer_accounts import customer_accounts
from tests.rs_node.bank import RESOURCE, TY, Bank, open_bank
from tests.rs_node.consented import (
    ACCOUNTS,
    AISP,
    CARD,
    CURRENT,
    EURO,
    SAVINGS,
    ask,
    body,
    data,
    given_consent,
    refused,
    refused_token,
)

DANNY = "danny.noonan@example.com"
OWN = f"{ACCOUNTS}/{CURRENT.account_id}"
PATHS = (
    ACCOUNTS,
    OWN,
    f"{OWN}/balances",
    f"{OWN}/transactions",
    f"{AISP}/balances",
    f"{AISP}/transactions",
)
EACH = pytest.mark.parametrize("path", PATHS)
OF_ACCOUNT = pytest.mark.parametrize("what", ["", "/balances", "/transactions"])


@EACH
@pytest.mark.parametrize("kind", ["jwt", "opaque"])
def test_with_consent(bank: Bank, tpp: Credential, path: str, kind: str) -> None:
    """Open Banking v4.0: with a good token and a consent, 200 and an envelope."""
    claims = {"sub": TY, "openbanking_intent_id": given_consent(bank)}
    token = (bank.jwt if kind == "jwt" else bank.opaque)(tpp, **claims)
    document = body(bank.get(tpp, token, path), 200)
    assert document["Links"]["Self"] == f"{RESOURCE}{path}"
    assert "TotalPages" in document["Meta"]
    line = bank.logged()
    assert "consent=consent-" in line
    assert "client_id=tpp" in line


@pytest.mark.check("bearer-token.presented")
@EACH
def test_no_token(bank: Bank, tpp: Credential, path: str) -> None:
    """Open Banking v4.0: without a token 401, a challenge and no body."""
    answer = bank.get(tpp, None, path)
    assert (answer.status, answer.body) == (401, b"")
    assert str(answer.header("www-authenticate")).startswith("Bearer resource_metadata")


@pytest.mark.check("binding.same-certificate")
@EACH
def test_stolen_token(
    bank: Bank, tpp: Credential, thief: Credential, path: str
) -> None:
    """RFC 8705 section 3: another certificate, or none, is 401 whatever the consent."""
    token = bank.customers_jwt(tpp, given_consent(bank))
    refused_token(bank.get(thief, token, path))
    refused_token(bank.get(None, token, path))


@pytest.mark.check("token.scope")
@EACH
def test_scope(bank: Bank, tpp: Credential, path: str) -> None:
    """Open Banking v4.0: a token without scope accounts is 403."""
    token = bank.customers_jwt(tpp, given_consent(bank), scope="openid")
    refused(bank.get(tpp, token, path), 403, "U042")


@pytest.mark.check("token.for-a-customer")
@EACH
def test_the_clients_own_token(bank: Bank, tpp: Credential, path: str) -> None:
    """Open Banking v4.0: a client-credentials token here is 401."""
    refused_token(bank.get(tpp, bank.jwt(tpp), path))
    token = bank.jwt(tpp, openbanking_intent_id=given_consent(bank))
    refused_token(bank.get(tpp, token, path))


@pytest.mark.check("consent.named")
@EACH
def test_no_consent_named(bank: Bank, tpp: Credential, path: str) -> None:
    """A customer's token that names no consent opens nothing."""
    given_consent(bank)
    refused(bank.get(tpp, bank.jwt(tpp, sub=TY), path), 403, "U042")


@pytest.mark.parametrize("name", ["", 7, ["consent"], True])
def test_no_name_of_a_consent(bank: Bank, tpp: Credential, name: object) -> None:
    """A token whose openbanking_intent_id is no text is no token of ours."""
    refused_token(
        bank.get(tpp, bank.jwt(tpp, sub=TY, openbanking_intent_id=name), ACCOUNTS)
    )


@pytest.mark.check("consent.known")
@EACH
def test_unknown_consent(bank: Bank, tpp: Credential, path: str) -> None:
    """A token whose consent nobody knows is dead."""
    refused_token(bank.get(tpp, bank.customers_jwt(tpp, "aac-0"), path))


@pytest.mark.check("consent.in-force")
@EACH
@pytest.mark.parametrize("status", ["AWAU", "RJCT", "CANC"])
def test_consent_not_in_force(
    bank: Bank, tpp: Credential, path: str, status: str
) -> None:
    """Open Banking v4.0: only a consent that is AUTH opens anything."""
    refused_token(ask(bank, tpp, path, status=status))


@pytest.mark.check("consent.in-force")
@EACH
def test_consent_deleted(bank: Bank, tpp: Credential, path: str) -> None:
    """Open Banking v4.0: a deleted consent's token is dead at once, before its end."""
    consent = given_consent(bank)
    token = bank.customers_jwt(tpp, consent)
    assert bank.get(tpp, token, path).status == 200
    where = f"{AISP}/account-access-consents/{consent}"
    assert bank.get(tpp, bank.jwt(tpp), where, method="DELETE").status == 204
    refused_token(bank.get(tpp, token, path))


@pytest.mark.check("consent.in-force")
@EACH
def test_consent_expired(bank: Bank, tpp: Credential, path: str) -> None:
    """Open Banking v4.0: at ExpirationDateTime access ends, with 401 and TKXP."""
    ends = datetime.fromtimestamp(int(bank.network.clock()) + 60, UTC)
    token = bank.customers_jwt(tpp, given_consent(bank, expiration=ends))
    assert bank.get(tpp, token, path).status == 200
    bank.network.reactor.advance(60)
    answer = bank.get(tpp, token, path)
    refused(answer, 401, "TKXP")
    assert 'error="invalid_token"' in str(answer.header("www-authenticate"))


@pytest.mark.check("consent.client")
@EACH
def test_another_clients_consent(bank: Bank, tpp: Credential, path: str) -> None:
    """Open Banking v4.0: another client's consent is 403, whatever its state."""
    for status in ("AUTH", "RJCT"):
        answer = ask(bank, tpp, path, client_id="other-tpp", status=status)
        refused(answer, 403, "U042")


@pytest.mark.check("consent.customer")
@EACH
def test_another_customers_consent(bank: Bank, tpp: Credential, path: str) -> None:
    """A consent of one customer opens nothing of another."""
    danny = tuple(account.account_id for account in customer_accounts(DANNY))
    answer = ask(bank, tpp, path, customer=DANNY, account_ids=danny)
    refused(answer, 403, "U042")


@pytest.mark.check("open-banking.accept")
@EACH
def test_not_acceptable(bank: Bank, tpp: Credential, path: str) -> None:
    """Open Banking v4.0: who does not take JSON gets 406."""
    token = bank.customers_jwt(tpp, given_consent(bank))
    answer = bank.get(tpp, token, path, headers=(("Accept", "text/html"),))
    refused(answer, 406, "U006")


@pytest.mark.check("consent.permission")
@pytest.mark.parametrize(
    ("path", "permissions"),
    [
        (f"{AISP}/balances", ("ReadAccountsDetail",)),
        (f"{OWN}/balances", ("ReadAccountsDetail",)),
        (f"{AISP}/transactions", ("ReadAccountsDetail", "ReadBalances")),
        (f"{OWN}/transactions", ("ReadAccountsDetail", "ReadBalances")),
        (f"{OWN}/transactions", ("ReadAccountsDetail", "ReadTransactionsDetail")),
        (f"{OWN}/transactions", ("ReadAccountsDetail", "ReadTransactionsDebits")),
        (ACCOUNTS, ("ReadBalances",)),
        (OWN, ("ReadBalances",)),
    ],
)
def test_permission(
    bank: Bank, tpp: Credential, path: str, permissions: tuple[str, ...]
) -> None:
    """Open Banking v4.0: without the endpoint's permission 403."""
    refused(ask(bank, tpp, path, permissions=permissions), 403, "U042")


@pytest.mark.check("consent.account")
@OF_ACCOUNT
def test_account_not_shared(bank: Bank, tpp: Credential, what: str) -> None:
    """Open Banking v4.0: an account that the customer did not select is 403."""
    refused(ask(bank, tpp, f"{ACCOUNTS}/{SAVINGS.account_id}{what}"), 403, "U042")


@pytest.mark.check("consent.account")
@OF_ACCOUNT
def test_unknown_account(bank: Bank, tpp: Credential, what: str) -> None:
    """Open Banking v4.0: an AccountId that nobody has is 400; another's is the same."""
    others = customer_accounts(DANNY)[0].account_id
    answers = [
        ask(bank, tpp, f"{ACCOUNTS}/{name}{what}") for name in (others, "f" * 20)
    ]
    for answer in answers:
        refused(answer, 400, "U011")
    assert answers[0].body == answers[1].body


def test_an_account_that_is_not_the_customers(bank: Bank, tpp: Credential) -> None:
    """A consent that names another's account still opens none of hers."""
    others = customer_accounts(DANNY)[0]
    shown = data(ask(bank, tpp, ACCOUNTS, [CURRENT, others]))["Account"]
    assert [account["AccountId"] for account in shown] == [CURRENT.account_id]


def test_which_accounts_are_shared(bank: Bank, tpp: Credential) -> None:
    """Open Banking v4.0: the bulk answers have what she selected and nothing else."""
    for shared in ((CURRENT,), (SAVINGS, EURO), (CURRENT, SAVINGS, CARD, EURO)):
        chosen = {account.account_id for account in shared}
        for path, name in (("accounts", "Account"), ("balances", "Balance"),
                           ("transactions", "Transaction")):  # fmt: skip
            listed = data(ask(bank, tpp, f"{AISP}/{path}", shared))[name]
            assert {each["AccountId"] for each in listed} == chosen


@EACH
def test_head_and_other_methods(bank: Bank, tpp: Credential, path: str) -> None:
    """HEAD is GET without the body; nothing can be written here."""
    token = bank.customers_jwt(tpp, given_consent(bank))
    assert bank.get(tpp, token, path, method="HEAD").body == b""
    assert bank.get(tpp, token, path, method="DELETE").status == 405


def test_corporate_accounts_stay_shut(bank: Bank, tpp: Credential) -> None:
    """A customer's token opens no accounts of the client's own: 403 as before."""
    token = bank.customers_jwt(tpp, given_consent(bank))
    assert bank.get(tpp, token, "/accounts").status == 403


def test_the_store_fails(bank: Bank, tpp: Credential) -> None:
    """A consent that cannot be looked up opens nothing: 503."""
    token = bank.customers_jwt(tpp, given_consent(bank))
    bank.store()._connection.execute("ALTER TABLE consent RENAME TO elsewhere")
    refused(bank.get(tpp, token, ACCOUNTS), 503, "U000")


def test_consents_outlive_the_process(bank: Bank, tpp: Credential) -> None:
    """A consent given before a restart opens accounts after it."""
    consent = given_consent(bank)
    bank.close()
    again = open_bank(bank.certificates, config=bank.config)
    token = again.customers_jwt(tpp, consent)
    assert again.get(tpp, token, ACCOUNTS).status == 200


@pytest.mark.check("consent.permission")
def test_what_is_recorded_about_a_refusal(bank: Bank, tpp: Credential) -> None:
    """The operator reads which consent it was, and what it lacks."""
    ask(bank, tpp, f"{AISP}/balances", permissions=("ReadAccountsBasic",))
    line = bank.logged()
    assert "lacks the permission ReadBalances" in line
    assert "consent=consent-" in line
