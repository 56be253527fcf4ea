"""The back channel: for the authorization server's certificate and nobody else's."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.defer import Deferred, gatherResults

from pki.http.answers import Answer
from pki.issuing import authority, profiles
from pki.issuing.profiles import subject
from pki.issuing.validity import validity
from pki.pem import Credential, revocation_lists_to_pem
from rs_node.bank_data.customer_accounts import customer_accounts
from tests.rs_node.bank import TY, Bank, Certificates, json_of, open_bank
from tests.rs_node.consented import (
    ACCOUNTS,
    ALL,
    CARD,
    CURRENT,
    EURO,
    SAVINGS,
    data,
    given_consent,
    refused_token,
)

BANK = subject("as-backchannel", "Example Bank plc")
DANNY = "danny.noonan@example.com"
WAITING: dict[str, Any] = {
    "shared": (),
    "status": "AWAU",
    "customer": None,
    "decision_id": None,
}
APPROVED: dict[str, Any] = {
    "customer": TY,
    "client_id": "tpp",
    "decision": "approved",
    "account_ids": [CURRENT.account_id, SAVINGS.account_id],
    "decision_id": "decision-1",
}
REFUSED = {**APPROVED, "decision": "refused", "account_ids": []}


def read(
    bank: Bank, holder: Credential | None, consent_id: str, query: str = ""
) -> Answer:
    """The consent as told to whoever holds this certificate."""
    return bank.get(holder, None, f"/backchannel/consents/{consent_id}{query}")


def report(
    bank: Bank, holder: Credential | None, consent_id: str, decision: object = APPROVED
) -> Answer:
    """A decision reported by whoever holds this certificate."""
    body = decision if isinstance(decision, bytes) else json.dumps(decision).encode()
    path = f"/backchannel/consents/{consent_id}/decision"
    return bank.get(holder, None, path, method="PUT", body=body)


def assert_forbidden(answer: Answer) -> None:
    """One answer for all who are not the authorization server."""
    assert answer.status == 403
    assert json_of(answer) == {"error": "forbidden"}


def test_read(bank: Bank, back_office: Credential) -> None:
    """The authorization server reads what to show, with the customer's accounts."""
    ends = datetime.fromtimestamp(int(bank.network.clock()), UTC) + timedelta(days=9)
    consent = given_consent(bank, expiration=ends, **WAITING)
    answer = read(bank, back_office, consent, f"?customer={TY}")
    assert answer.status == 200
    assert answer.header("cache-control") == "no-store"
    shown = json_of(answer)
    accounts = shown.pop("accounts")
    assert shown == {
        "consent_id": consent,
        "client_id": "tpp",
        "status": "AWAU",
        "permissions": list(ALL),
        "expiration": ends.isoformat(),
        "transaction_from": None,
        "transaction_to": None,
    }
    assert [each["account_id"] for each in accounts] == [
        each.account_id for each in (CURRENT, SAVINGS, CARD, EURO)
    ]
    assert accounts[0] == {
        "account_id": CURRENT.account_id,
        "nickname": "Everyday",
        "description": "Current account",
        "currency": "GBP",
        "identification": f"00-01-42 {CURRENT.number}",
    }
    assert CARD.number not in answer.body.decode()


@pytest.mark.parametrize("query", ["", "?customer="])
def test_read_before_anybody_signed_in(
    bank: Bank, back_office: Credential, query: str
) -> None:
    """Without a customer there is a consent, and no accounts."""
    answer = read(bank, back_office, given_consent(bank, **WAITING), query)
    assert json_of(answer)["accounts"] == []


def test_approved(bank: Bank, back_office: Credential, tpp: Credential) -> None:
    """An approval is recorded, and opens the accounts that were chosen."""
    consent = given_consent(bank, **WAITING)
    token = bank.customers_jwt(tpp, consent)
    refused_token(bank.get(tpp, token, ACCOUNTS))
    answer = report(bank, back_office, consent)
    assert answer.status == 200
    assert json_of(answer) == {"consent_id": consent, "status": "AUTH"}
    shown = data(bank.get(tpp, token, ACCOUNTS))["Account"]
    assert {each["AccountId"] for each in shown} == set(APPROVED["account_ids"])


def test_refused(bank: Bank, back_office: Credential, tpp: Credential) -> None:
    """A refusal is recorded, and opens nothing."""
    consent = given_consent(bank, **WAITING)
    answer = report(bank, back_office, consent, REFUSED)
    assert json_of(answer) == {"consent_id": consent, "status": "RJCT"}
    refused_token(bank.get(tpp, bank.customers_jwt(tpp, consent), ACCOUNTS))


@pytest.mark.parametrize("decision", [APPROVED, REFUSED])
def test_reported_again(
    bank: Bank, back_office: Credential, decision: dict[str, Any]
) -> None:
    """A crash between recording and answering is mended by the same report again."""
    consent = given_consent(bank, **WAITING)
    first = report(bank, back_office, consent, decision)
    turned = {**decision, "account_ids": decision["account_ids"][::-1]}
    again = report(bank, back_office, consent, turned)
    assert (first.status, again.status) == (200, 200)
    assert first.body == again.body


@pytest.mark.check("backchannel.awaiting-authorisation")
def test_decided_otherwise(bank: Bank, back_office: Credential) -> None:
    """Of two decisions about one consent the first counts: the second is 409."""
    consent = given_consent(bank, **WAITING)
    report(bank, back_office, consent)
    for other in (REFUSED, {**APPROVED, "decision_id": "decision-2"}):
        answer = report(bank, back_office, consent, other)
        assert answer.status == 409
    assert json_of(read(bank, back_office, consent))["status"] == "AUTH"


def test_two_at_once(
    bank: Bank, back_office: Credential, certificates: Certificates
) -> None:
    """Two decisions at the same instant, on two connections: one is made."""
    other = certificates.clients.issue_client(BANK, now=certificates.now)
    consent = given_consent(bank, **WAITING)
    for holder in (back_office, other):  # so that both connections are there
        read(bank, holder, consent)
    url = f"https://localhost:9445/backchannel/consents/{consent}/decision"

    def sent(holder: Credential, decision: dict[str, Any]) -> Deferred[Answer]:
        body = json.dumps(decision).encode()
        request = bank.client(holder).request("PUT", url, body=body)
        return Deferred.fromCoroutine(request)

    async def both() -> list[Answer]:
        return await gatherResults([sent(back_office, APPROVED), sent(other, REFUSED)])

    answers = bank.network.run(both())
    assert sorted(answer.status for answer in answers) == [200, 409]


GIVEN: dict[str, Any] = {"shared": (CURRENT, SAVINGS), "decision_id": "decision-1"}
RENEWED = {**APPROVED, "decision_id": "decision-2", "renews": "decision-1"}


def test_read_a_consent_in_force(bank: Bank, back_office: Credential) -> None:
    """Open Banking: who gave it and for what, so that she can be asked again."""
    shown = json_of(read(bank, back_office, given_consent(bank, **GIVEN)))
    assert shown["status"] == "AUTH"
    assert shown["authorisation"] == {
        "customer": TY,
        "account_ids": [CURRENT.account_id, SAVINGS.account_id],
        "decision_id": "decision-1",
    }
    refused = given_consent(bank, status="RJCT", shared=())
    assert "authorisation" not in json_of(read(bank, back_office, refused))


@pytest.mark.check("backchannel.renewable")
def test_renewed(bank: Bank, back_office: Credential, tpp: Credential) -> None:
    """Open Banking: re-authentication; reported twice it counts once."""
    consent = given_consent(bank, **GIVEN)
    for _ in range(2):
        answer = report(bank, back_office, consent, RENEWED)
        assert answer.status == 200
        assert json_of(answer) == {"consent_id": consent, "status": "AUTH"}
    shown = json_of(read(bank, back_office, consent))
    assert shown["authorisation"]["decision_id"] == "decision-2"
    accounts = bank.get(tpp, bank.customers_jwt(tpp, consent), ACCOUNTS)
    assert len(data(accounts)["Account"]) == 2


@pytest.mark.check("backchannel.renewable")
@pytest.mark.parametrize(
    "changed",
    [
        {"renews": "decision-0"},
        {"account_ids": [CURRENT.account_id]},
        {"customer": DANNY, "account_ids": [customer_accounts(DANNY)[0].account_id]},
        {"decision": "refused", "account_ids": []},
    ],
)
def test_not_renewed(
    bank: Bank, back_office: Credential, changed: dict[str, object]
) -> None:
    """Another customer, other accounts, a refusal, a renewal before: 409."""
    consent = given_consent(bank, **GIVEN)
    bank.logged()
    answer = report(bank, back_office, consent, {**RENEWED, **changed})
    assert answer.status == 409
    assert "check=backchannel.renewable" in bank.logged()
    shown = json_of(read(bank, back_office, consent))["authorisation"]
    assert (shown["customer"], shown["decision_id"]) == (TY, "decision-1")


@pytest.mark.check("backchannel.renewable")
def test_two_renewals_at_once(
    bank: Bank, back_office: Credential, certificates: Certificates
) -> None:
    """Of two that renew the same decision at the same instant, one does."""
    other = certificates.clients.issue_client(BANK, now=certificates.now)
    consent = given_consent(bank, **GIVEN)
    for holder in (back_office, other):  # so that both connections are there
        read(bank, holder, consent)
    url = f"https://localhost:9445/backchannel/consents/{consent}/decision"

    def sent(holder: Credential, name: str) -> Deferred[Answer]:
        body = json.dumps({**RENEWED, "decision_id": name}).encode()
        request = bank.client(holder).request("PUT", url, body=body)
        return Deferred.fromCoroutine(request)

    async def both() -> list[Answer]:
        return await gatherResults([sent(back_office, "two"), sent(other, "three")])

    answers = bank.network.run(both())
    assert sorted(answer.status for answer in answers) == [200, 409]


@pytest.mark.check("backchannel.certificate-presented")
def test_no_certificate(bank: Bank) -> None:
    """Without a certificate: 403."""
    consent = given_consent(bank, **WAITING)
    assert_forbidden(read(bank, None, consent))
    assert_forbidden(report(bank, None, consent))
    assert "no certificate" in bank.logged()


@pytest.mark.check("backchannel.subject")
def test_another_clients_certificate(
    bank: Bank, tpp: Credential, certificates: Certificates
) -> None:
    """RFC 8705 section 2.1: a good certificate with another subject is 403."""
    consent = given_consent(bank, **WAITING)
    almost = certificates.clients.issue_client(
        subject("as-backchannel", "Example Bank plc", "PSDGB-FCA-1"),
        now=certificates.now,
    )
    for holder in (tpp, almost):
        assert_forbidden(read(bank, holder, consent))
        assert_forbidden(report(bank, holder, consent))
    assert "another client's certificate" in bank.logged()


@pytest.mark.check("backchannel.chain")
def test_the_right_name_of_another_authority(
    bank: Bank, certificates: Certificates
) -> None:
    """RFC 8705 section 2.1: the right subject that nobody vouches for is 403."""
    own = authority.self_signed(profiles.CLIENT, BANK, validity(certificates.now, 30))
    evil = authority.client_root(subject("Evil", "Bank"), now=certificates.now)
    foreign = evil.issue_client(BANK, now=certificates.now)
    consent = given_consent(bank, **WAITING)
    for holder in (own, foreign):
        assert_forbidden(report(bank, holder, consent))
    assert json_of_status(bank, consent) == "AWAU"


@pytest.mark.check("backchannel.chain")
def test_a_servers_certificate(bank: Bank, certificates: Certificates) -> None:
    """RFC 8705 section 2.1: a certificate for servers is not one for clients."""
    assert_forbidden(read(bank, certificates.server, given_consent(bank, **WAITING)))


@pytest.mark.check("backchannel.chain")
def test_revoked(
    certificates: Certificates, back_office: Credential, tmp_path: Path
) -> None:
    """RFC 8705 section 7.5: a revoked certificate is 403, on open connections too."""
    lists = tmp_path / "crls.pem"
    lists.write_bytes((certificates.folder / "client-crls.pem").read_bytes())
    bank = open_bank(
        certificates,
        ('client_crl = "../pki/issued/client-crls.pem"', f'client_crl = "{lists}"'),
    )
    consent = given_consent(bank, **WAITING)
    assert read(bank, back_office, consent).status == 200
    revoked = {back_office.leaf.serial_number: datetime.now(UTC).replace(microsecond=0)}
    renewed = certificates.clients.revocation_list(
        revoked, now=certificates.now, days=30, number=2
    )
    with lists.open("ab") as file:
        file.write(revocation_lists_to_pem([renewed]))
    bank.network.reactor.advance(10)
    assert_forbidden(read(bank, back_office, consent))
    assert "revoked" in bank.logged()


@pytest.mark.check("backchannel.subject")
def test_no_token_opens_it(bank: Bank, tpp: Credential) -> None:
    """An access token counts nothing here."""
    path = f"/backchannel/consents/{given_consent(bank)}"
    assert_forbidden(bank.get(tpp, bank.jwt(tpp), path))


def json_of_status(bank: Bank, consent_id: str) -> str:
    """How a consent stands, asked at the store."""
    found = bank.network.run(bank.store().find(consent_id))
    assert found is not None
    return found.status


@pytest.mark.check("backchannel.consent")
def test_unknown(bank: Bank, back_office: Credential) -> None:
    """A consent that nobody has, or that was deleted, is 404."""
    deleted = given_consent(bank, status="CANC")
    for consent in ("aac-0", deleted):
        assert read(bank, back_office, consent).status == 404
        assert report(bank, back_office, consent).status == 404


@pytest.mark.check("backchannel.consent")
def test_another_clients_consent(bank: Bank, back_office: Credential) -> None:
    """A decision about another client's consent is 404, and changes nothing."""
    consent = given_consent(bank, client_id="other-tpp", **WAITING)
    assert report(bank, back_office, consent).status == 404
    assert json_of_status(bank, consent) == "AWAU"


@pytest.mark.check("backchannel.awaiting-authorisation")
def test_ended(bank: Bank, back_office: Credential) -> None:
    """A consent that expired before anybody decided is 409."""
    ends = datetime.fromtimestamp(int(bank.network.clock()) + 60, UTC)
    consent = given_consent(bank, expiration=ends, **WAITING)
    bank.network.reactor.advance(60)
    assert json_of(read(bank, back_office, consent))["status"] == "EXPD"
    assert report(bank, back_office, consent).status == 409


@pytest.mark.check("backchannel.form")
@pytest.mark.parametrize(
    "query", ["?customer=a&customer=b", "?more=1", "?customer=a&more=1"]
)
def test_queries(bank: Bank, back_office: Credential, query: str) -> None:
    """One customer and nothing else may be asked about."""
    answer = read(bank, back_office, given_consent(bank, **WAITING), query)
    assert answer.status == 400


@pytest.mark.check("backchannel.form", "backchannel.accounts")
@pytest.mark.parametrize(
    "decision",
    [
        b"",
        b"[]",
        b"\xff",
        json.dumps(APPROVED).encode("utf-16"),
        {},
        {**APPROVED, "more": 1},
        {**APPROVED, "decision": "perhaps"},
        {**APPROVED, "decision": True},
        {**APPROVED, "customer": ""},
        {**APPROVED, "customer": None},
        {**APPROVED, "customer": "x" * 257},
        {**APPROVED, "client_id": 7},
        {**APPROVED, "decision_id": "line\nbreak"},
        {**APPROVED, "renews": ""},
        {**APPROVED, "renews": None},
        {**APPROVED, "account_ids": []},
        {**APPROVED, "account_ids": CURRENT.account_id},
        {**APPROVED, "account_ids": [None]},
        {**APPROVED, "account_ids": [CURRENT.account_id] * 101},
        {**APPROVED, "account_ids": ["f" * 20]},
        {**APPROVED, "account_ids": [customer_accounts(DANNY)[0].account_id]},
        {**APPROVED, "customer": DANNY},
        {**REFUSED, "account_ids": [CURRENT.account_id]},
    ],
)
def test_decisions_that_are_none(
    bank: Bank, back_office: Credential, decision: object
) -> None:
    """What is not a decision about accounts of the customer's is 400."""
    consent = given_consent(bank, **WAITING)
    answer = report(bank, back_office, consent, decision)
    assert answer.status == 400
    assert json_of(answer) == {"error": "invalid_request"}
    assert json_of_status(bank, consent) == "AWAU"


def test_the_store_fails(bank: Bank, back_office: Credential) -> None:
    """What cannot be recorded is not acknowledged: 503, and may be tried again."""
    consent = given_consent(bank, **WAITING)
    store = bank.store()
    store._connection.execute("ALTER TABLE consent RENAME TO elsewhere")
    assert report(bank, back_office, consent).status == 503
    answer = read(bank, back_office, consent)
    assert answer.status == 503
    assert answer.header("retry-after") == "5"


def test_the_disk_is_full(bank: Bank, back_office: Credential) -> None:
    """A decision that cannot be written is 503, and the consent still waits."""
    consent = given_consent(bank, **WAITING)
    store = bank.store()
    store._connection.execute(
        "CREATE TRIGGER full BEFORE UPDATE ON consent"
        " BEGIN SELECT RAISE(ABORT, 'disk full'); END"
    )
    assert report(bank, back_office, consent).status == 503
    store._connection.execute("DROP TRIGGER full")
    assert json_of_status(bank, consent) == "AWAU"
    assert report(bank, back_office, consent).status == 200


def test_what_is_logged(bank: Bank, back_office: Credential) -> None:
    """The operator reads which consent of which client it was."""
    consent = given_consent(bank, **WAITING)
    bank.logged()
    report(bank, back_office, consent)
    line = bank.logged()
    assert f"consent={consent}" in line
    assert "client_id=tpp" in line
