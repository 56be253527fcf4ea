"""Requests to the Open Banking API, to the UserInfo endpoint and for keys, judged."""

import json
from collections.abc import Mapping
from types import MappingProxyType

import pytest

from client_node.oauth.authorization.userinfo_request import (
    judge_userinfo_response,
    request_userinfo,
)
from client_node.oauth.metadata.key_set import MOST_KEYS, judge_key_set
from client_node.oauth.requests.errors import ResourceRefused, UnusableAnswer
from client_node.open_banking.account_information import (
    judge_accounts,
    judge_transactions,
)
from client_node.open_banking.consent_request import (
    Consent,
    judge_consent,
    judge_consent_creation,
    judge_consent_deletion,
)
from client_node.open_banking.open_banking_request import (
    OpenBankingRefused,
    request_open_banking,
)
from pki.http.answers import Answer
from tests.client_node.in_memory.bank import MTLS, Bank, always
from tests.client_node.in_memory.open_bank import SIGNING_KEY, SUB

CONSENT = {
    "ConsentId": "consent-1",
    "Status": "AWAU",
    "Permissions": ["ReadBalances"],
    "ExpirationDateTime": "2027-02-21T10:00:00+00:00",
}


def answer(
    status: int, members: object = None, fields: Mapping[str, str] | None = None
) -> Answer:
    """An answer of the bank's."""
    headers = {"content-type": ("application/json; charset=utf-8",)}
    headers |= {name: (value,) for name, value in (fields or {}).items()}
    body = b"" if members is None else json.dumps(members).encode()
    return Answer(status, MappingProxyType(headers), body)


def test_a_consent() -> None:
    """Its end is in seconds since the epoch."""
    consent = judge_consent_creation(answer(201, {"Data": CONSENT}))
    expected = Consent("consent-1", "AWAU", ("ReadBalances",), 1803204000.0)
    assert consent == expected
    endless = {k: v for k, v in CONSENT.items() if k != "ExpirationDateTime"}
    assert judge_consent(answer(200, {"Data": endless})).expires is None


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"Data": []},
        {"Data": {**CONSENT, "ConsentId": 1}},
        {"Data": {**CONSENT, "Status": None}},
        {"Data": {**CONSENT, "Permissions": [1]}},
        {"Data": {**CONSENT, "ExpirationDateTime": "tomorrow"}},
        {"Data": {**CONSENT, "ExpirationDateTime": "2027-02-21T10:00:00"}},
    ],
)
def test_a_consent_that_is_none(members: object) -> None:
    """Nothing of it is used."""
    with pytest.raises(UnusableAnswer):
        judge_consent(answer(200, members))


def test_another_status_than_asked_for() -> None:
    """201 creates, 200 reads, 204 deletes."""
    for judge, status in (
        (judge_consent_creation, 200),
        (judge_consent, 201),
        (judge_consent_deletion, 200),
    ):
        with pytest.raises(UnusableAnswer):
            judge(answer(status, {"Data": CONSENT}))
    judge_consent_deletion(answer(204))


def test_a_refusal_in_the_banks_words() -> None:
    """OBErrorResponse1: codes and messages, beside the challenge."""
    members = {"Errors": [{"ErrorCode": "U002", "Message": "no such date"}, "x"]}
    challenge = {"www-authenticate": 'Bearer error="insufficient_scope"'}
    with pytest.raises(OpenBankingRefused) as refused:
        judge_consent(answer(403, members, challenge))
    assert refused.value.codes == ("U002",)
    assert refused.value.error == "insufficient_scope"
    assert str(refused.value) == "403 insufficient_scope no such date"


def test_a_refusal_without_words() -> None:
    """401 has no body."""
    with pytest.raises(OpenBankingRefused) as refused:
        judge_accounts(answer(401))
    assert (refused.value.codes, refused.value.told) == ((), "")


def test_text_for_a_transaction() -> None:
    """What the bank says of it, the merchant, or at least its kind."""

    def text(**members: object) -> str:
        record = {
            "Status": "BOOK",
            "BookingDateTime": "2026-11-23T10:00:00+00:00",
            "Amount": {"Amount": "1.00", "Currency": "GBP"},
            "CreditDebitIndicator": "Debit",
            **members,
        }
        found = judge_transactions(
            answer(200, {"Data": {"Transaction": [record]}}), "https://bank.example/t"
        )
        return found.transactions[0].text

    assert text(TransactionInformation=" Tea ") == "Tea"
    assert text(MerchantDetails={"MerchantName": "Boots"}) == "Boots"
    assert text(ProprietaryBankTransactionCode={"Code": "Transfer"}) == "Transfer"
    assert text(MerchantDetails="Boots") == ""


def test_a_token_goes_nowhere_in_the_clear(bank: Bank) -> None:
    """RFC 6750 section 5.3."""
    identity = bank.identity(bank.pki.client)
    with pytest.raises(ValueError, match="https"):
        bank.network.run(
            request_open_banking(identity, "GET", "http://localhost:9445/", "token-1")
        )


def test_userinfo(bank: Bank) -> None:
    """OpenID Connect Core section 5.3: the token in the header, over mutual TLS."""
    bank.mutual_tls.answers["/userinfo"] = always(200, {"sub": SUB})
    identity = bank.identity(bank.pki.client)
    asked = request_userinfo(identity, f"{MTLS}/userinfo", "token-1")
    claims = judge_userinfo_response(bank.network.run(asked), SUB)
    assert claims == {"sub": SUB}
    (request,) = bank.mutual_tls.asked
    assert request.header("authorization") == "Bearer token-1"
    assert request.peer is not None


def test_userinfo_about_somebody_else() -> None:
    """OpenID Connect Core section 5.3.2: must not be used."""
    for members in ({"sub": "danny"}, {}):
        with pytest.raises(UnusableAnswer, match="another subject"):
            judge_userinfo_response(answer(200, members), SUB)
    with pytest.raises(ResourceRefused):
        judge_userinfo_response(answer(401), SUB)


def test_keys() -> None:
    """RFC 7517 section 5."""
    keys = [SIGNING_KEY.export_public(as_dict=True)]
    assert judge_key_set(answer(200, {"keys": keys})).get_key("one") is not None


@pytest.mark.parametrize(
    "unusable",
    [
        answer(404, {"keys": []}),
        answer(200, {}),
        answer(200, {"keys": {}}),
        answer(200, {"keys": [1]}),
        answer(200, {"keys": [{"kty": "EC", "crv": "P-256", "x": "!", "y": "!"}]}),
        answer(200, {"keys": [{"kty": "oct", "k": "AA"}] * (MOST_KEYS + 1)}),
        answer(200),
    ],
)
def test_keys_that_are_none(unusable: Answer) -> None:
    """Whatever is wrong with them, it is one kind of exception."""
    with pytest.raises(UnusableAnswer):
        judge_key_set(unusable)


@pytest.mark.parametrize(
    "odd",
    [
        1,
        None,
        {"kty": "AKP", "alg": "SLH-DSA-SHA2-128s", "kid": "s", "pub": "AAAA"},
        {"kty": "AKP", "alg": "ML-DSA-65", "kid": "q"},
        {"kty": "EC", "crv": "P-256", "kid": "n", "x": "AA"},
        {"kty": "EC", "crv": "P-256", "x": None, "y": 7},
        {"kty": None},
        {"kty": {}},
        {"generate": "EC", "crv": "P-256"},
    ],
)
def test_an_odd_key_makes_no_other_useless(odd: object) -> None:
    """RFC 7517 section 5: it is passed over, with a reason for the operator."""
    told: list[str] = []
    good = SIGNING_KEY.export_public(as_dict=True)
    found = judge_key_set(answer(200, {"keys": [odd, good]}), told.append)
    assert [key.get("kid") for key in found["keys"]] == ["one"]
    (line,) = told
    _, _, reason = line.partition("JWK set: keys[0] is passed over: ")
    assert reason
    with pytest.raises(UnusableAnswer, match=r"passed over: .+"):
        judge_key_set(answer(200, {"keys": [odd]}))
