"""The protected resources, through real TLS: each success, then every refusal."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pki.issuing import authority, profiles
from pki.issuing.profiles import subject
from pki.issuing.validity import Validity, validity
from pki.pem import Credential
from rs_node.bank_data.corporate_accounts import accounts_of
from tests.rs_node.bank import (
    Bank,
    Certificates,
    assert_invalid_token,
    assert_unavailable,
    challenge,
    json_of,
    open_bank,
)

ACCOUNT = accounts_of("tpp")[0].account_id
PATHS = (
    "/accounts",
    f"/accounts/{ACCOUNT}/balances",
    f"/accounts/{ACCOUNT}/transactions",
)

TOKENS = pytest.mark.parametrize("kind", ["jwt", "opaque"])


def make(bank: Bank, kind: str, holder: Credential, **changed: object) -> str:
    """A token of either form."""
    token: str = getattr(bank, kind)(holder, **changed)
    return token


@TOKENS
def test_accounts(bank: Bank, tpp: Credential, kind: str) -> None:
    """RFC 8705 section 3: the holder of token and certificate is shown its accounts."""
    answer = bank.get(tpp, make(bank, kind, tpp))
    assert answer.status == 200
    assert answer.header("cache-control") == "no-store"
    assert answer.header("date") is not None
    listed = json_of(answer)["accounts"]
    assert [account["account_id"] for account in listed] == [
        account.account_id for account in accounts_of("tpp")
    ]


@TOKENS
def test_balances(bank: Bank, tpp: Credential, kind: str) -> None:
    """An account has a balance, told as text so that no cent is lost."""
    answer = bank.get(tpp, make(bank, kind, tpp), PATHS[1])
    assert answer.status == 200
    assert answer.header("cache-control") == "no-store"
    [balance] = json_of(answer)["balances"]
    assert isinstance(balance["amount"]["amount"], str)
    assert balance["amount"]["currency"] == "GBP"
    assert balance["credit_debit_indicator"] == "credit"


@TOKENS
def test_transactions(bank: Bank, tpp: Credential, kind: str) -> None:
    """An account has months of transactions, the newest first, in and out."""
    answer = bank.get(tpp, make(bank, kind, tpp), PATHS[2])
    assert answer.status == 200
    assert answer.header("cache-control") == "no-store"
    listed = json_of(answer)["transactions"]
    dates = [transaction["booking_date"] for transaction in listed]
    assert dates == sorted(dates, reverse=True)
    directions = {transaction["credit_debit_indicator"] for transaction in listed}
    assert directions == {"credit", "debit"}
    assert all(isinstance(t["amount"]["amount"], str) for t in listed)


def test_head(bank: Bank, tpp: Credential) -> None:
    """RFC 9110 section 9.3.2: HEAD is answered and checked like GET, without a body."""
    assert bank.get(tpp, bank.jwt(tpp), method="HEAD").status == 200
    assert bank.get(None, bank.jwt(tpp), method="HEAD").status == 401


def test_other_methods(bank: Bank, tpp: Credential) -> None:
    """RFC 9110 section 15.5.6: what is not served says what is."""
    answer = bank.get(tpp, bank.jwt(tpp), method="POST")
    assert answer.status == 405
    assert answer.header("allow") == "GET, HEAD"


@pytest.mark.check("bearer-token.presented")
@pytest.mark.parametrize("path", PATHS)
def test_no_token(bank: Bank, tpp: Credential, path: str) -> None:
    """RFC 6750 section 3.1: without any credential nothing is said of an error."""
    answer = bank.get(tpp, None, path)
    assert answer.status == 401
    assert challenge(answer) == "Bearer"
    assert answer.body == b""


@pytest.mark.parametrize("path", PATHS)
def test_malformed_request(bank: Bank, tpp: Credential, path: str) -> None:
    """RFC 6750 section 3.1: a token twice is 400 invalid_request."""
    twice = (("Authorization", "Bearer a"), ("Authorization", "Bearer a"))
    answer = bank.get(tpp, None, path, headers=twice)
    assert answer.status == 400
    assert challenge(answer).startswith('Bearer error="invalid_request"')


@pytest.mark.parametrize("path", PATHS)
def test_invalid_token(bank: Bank, tpp: Credential, path: str) -> None:
    """RFC 9068 section 4: a token of another issuer's key opens nothing."""
    assert_invalid_token(bank.get(tpp, bank.jwt(tpp, iss="https://evil.example"), path))


@pytest.mark.check("token.not-expired")
@TOKENS
def test_expired_token(bank: Bank, tpp: Credential, kind: str) -> None:
    """RFC 7519 section 4.1.4: from the very second of exp on a token is refused."""
    token = make(bank, kind, tpp, exp=bank.network.clock() + 5)
    assert bank.get(tpp, token).status == 200
    bank.network.reactor.advance(5)
    assert_invalid_token(bank.get(tpp, token))
    assert "the token has expired" in bank.logged()


@pytest.mark.check("binding.same-certificate")
@TOKENS
@pytest.mark.parametrize("path", PATHS)
def test_another_clients_certificate(
    bank: Bank, tpp: Credential, thief: Credential, path: str, kind: str
) -> None:
    """RFC 8705 section 3: a token with another certificate of the same CA is 401."""
    answer = bank.get(thief, make(bank, kind, tpp), path)
    assert_invalid_token(answer)
    assert "bound to another certificate" in bank.logged()


@pytest.mark.check("binding.certificate-presented")
@TOKENS
@pytest.mark.parametrize("path", PATHS)
def test_no_certificate(bank: Bank, tpp: Credential, path: str, kind: str) -> None:
    """RFC 8705 section 3: a stolen token with no certificate at all is the same 401."""
    assert_invalid_token(bank.get(None, make(bank, kind, tpp), path))
    assert "no certificate on this connection" in bank.logged()


@pytest.mark.check("binding.confirmation")
@TOKENS
def test_unbound_token(bank: Bank, tpp: Credential, kind: str) -> None:
    """RFC 8705 section 3: a token without cnf has no binding, and is refused."""
    assert_invalid_token(bank.get(tpp, make(bank, kind, tpp, cnf=None)))
    assert "it is not bound" in bank.logged()


@pytest.mark.check("binding.same-certificate")
@TOKENS
def test_reissued_certificate_of_the_same_key(
    bank: Bank, tpp: Credential, certificates: Certificates, kind: str
) -> None:
    """RFC 8705 section 3: the binding is to the certificate, not to its key."""
    again = certificates.clients.issue_client(
        subject("tpp", "TPP Ltd"), now=certificates.now, key=tpp.private_key
    )
    token = make(bank, kind, tpp)
    assert bank.get(tpp, token).status == 200
    assert_invalid_token(bank.get(again, token))


@pytest.mark.check("binding.same-certificate")
@TOKENS
def test_tokens_switched_on_one_connection(
    bank: Bank, tpp: Credential, thief: Credential, kind: str
) -> None:
    """RFC 8705 section 3: each request of a connection is checked by its own token."""
    stolen, own = make(bank, kind, tpp), make(bank, kind, thief)
    assert bank.get(tpp, stolen).status == 200
    statuses = [bank.get(thief, token).status for token in (own, stolen, own, stolen)]
    assert statuses == [200, 401, 200, 401]
    made = bank.network.connections_made
    assert bank.get(thief, own).status == 200
    assert bank.network.connections_made == made


@pytest.mark.check("binding.same-certificate")
@TOKENS
def test_warm_cache_and_another_certificate(
    certificates: Certificates, tpp: Credential, thief: Credential, kind: str
) -> None:
    """RFC 8705 section 3: no cache remembers that the certificate matched once."""
    bank = open_bank(certificates, ("cache_seconds = 0", "cache_seconds = 30"))
    token = make(bank, kind, tpp)
    statuses = [bank.get(who, token).status for who in (tpp, tpp, thief, None, tpp)]
    assert statuses == [200, 200, 401, 401, 200]


def dated(name: str, start: timedelta, end: timedelta) -> Credential:
    """A self-signed certificate with dates relative to now."""
    now = datetime.now(UTC).replace(microsecond=0)
    dates = Validity(now + start, now + end)
    return authority.self_signed(profiles.CLIENT, subject(name, "TPP Ltd"), dates)


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    "credential",
    [
        authority.self_signed(
            profiles.CLIENT, subject("tpp", "TPP Ltd"), validity(0, 100_000)
        ),
        dated("expired", -2 * DAY, -DAY),
        dated("not yet valid", DAY, 2 * DAY),
    ],
    ids=["self-signed", "expired", "not yet valid"],
)
def test_any_certificate_is_let_in(bank: Bank, credential: Credential) -> None:
    """RFC 8705 section 6.2: chain and dates are not judged, the thumbprint decides."""
    assert bank.get(credential, bank.jwt(credential)).status == 200


@pytest.mark.check("binding.certificate-not-expired")
def test_expired_certificates_can_be_refused(
    certificates: Certificates, tpp: Credential
) -> None:
    """RFC 8705 section 6.2: silent about it, so there is a switch for only that."""
    name = "refuse_expired_client_certificates"
    bank = open_bank(certificates, (f"{name} = false", f"{name} = true"))
    expired = dated("expired", -2 * DAY, -DAY)
    assert_invalid_token(bank.get(expired, bank.jwt(expired)))
    assert "has expired, which is refused by configuration" in bank.logged()
    assert bank.get(tpp, bank.jwt(tpp)).status == 200


@pytest.mark.check("token.scope")
@TOKENS
@pytest.mark.parametrize("scope", ["", "payments", "Accounts", "accounts:read"])
def test_insufficient_scope(bank: Bank, tpp: Credential, kind: str, scope: str) -> None:
    """RFC 6750 section 3.1: a good token without the scope is 403, and told which."""
    answer = bank.get(tpp, make(bank, kind, tpp, scope=scope))
    assert answer.status == 403
    assert challenge(answer) == (
        'Bearer error="insufficient_scope", '
        'error_description="the access token does not cover this resource", '
        'scope="accounts"'
    )


@pytest.mark.check("token.scope")
def test_no_scope_at_all(bank: Bank, tpp: Credential) -> None:
    """RFC 6750 section 3.1: a token without a scope claim has no scope."""
    assert bank.get(tpp, bank.jwt(tpp, scope=None)).status == 403


def test_the_binding_comes_before_the_scope(
    bank: Bank, tpp: Credential, thief: Credential
) -> None:
    """RFC 8705 section 3: a thief is not told what the token would be good for."""
    assert_invalid_token(bank.get(thief, bank.jwt(tpp, scope="payments")))


@pytest.mark.check("token.for-the-client")
@TOKENS
@pytest.mark.parametrize("path", PATHS)
def test_a_customers_token(bank: Bank, tpp: Credential, path: str, kind: str) -> None:
    """RFC 9068 section 2.2: a resource owner's token is not the client's own."""
    answer = bank.get(tpp, make(bank, kind, tpp, sub="ty.webb@example.com"), path)
    assert answer.status == 403
    assert challenge(answer).startswith('Bearer error="insufficient_scope"')
    assert "ty.webb" not in answer.body.decode()


@pytest.mark.check("corporate-account.own")
@pytest.mark.parametrize("resource", ["balances", "transactions"])
def test_somebody_elses_account(bank: Bank, tpp: Credential, resource: str) -> None:
    """Another client's account and one that nobody has get one and the same answer."""
    other = accounts_of("other-tpp")[0].account_id
    field = (("x-fapi-interaction-id", "same"),)
    answers = [
        bank.get(tpp, bank.jwt(tpp), f"/accounts/{account}/{resource}", headers=field)
        for account in (other, "f" * 20, "%2e%2e", "ä".encode().hex())
    ]
    assert {answer.status for answer in answers} == {404}
    [_] = {answer.body for answer in answers}
    heads = {
        name: {answer.headers.get(name) for answer in answers}
        for name in answers[0].headers
        if name != "date"
    }
    assert all(len(values) == 1 for values in heads.values())


def test_two_clients_see_different_accounts(
    bank: Bank, tpp: Credential, thief: Credential
) -> None:
    """What is served follows from the token's client, and not from who connects."""
    token = bank.jwt(thief, sub="thief", client_id="thief")
    theirs = {a["account_id"] for a in json_of(bank.get(thief, token))["accounts"]}
    ours = {a["account_id"] for a in json_of(bank.get(tpp, bank.jwt(tpp)))["accounts"]}
    assert not theirs & ours


def test_the_authorization_server_is_away(bank: Bank, tpp: Credential) -> None:
    """A token that cannot be checked is neither good nor bad: 503."""
    opaque, jwt = bank.opaque(tpp), bank.jwt(tpp)
    bank.authorization_server.stop()
    assert_unavailable(bank.get(tpp, opaque))
    assert_unavailable(bank.get(tpp, jwt))


def test_jwts_can_be_introspected(
    certificates: Certificates, tpp: Credential, thief: Credential
) -> None:
    """RFC 7662 section 2: configured so, a JWT is asked about like any other token."""
    old, new = 'jwt_validation = "local"', 'jwt_validation = "introspection"'
    bank = open_bank(certificates, (old, new))
    server = bank.authorization_server
    token = bank.jwt(tpp)
    server.tokens[token] = {"active": True, **bank.claims(tpp)}
    assert bank.get(tpp, token).status == 200
    assert_invalid_token(bank.get(thief, token))
    server.tokens[token] = {"active": False}
    assert_invalid_token(bank.get(tpp, token))
    assert server.asked_at("/jwks") == 0


def test_what_is_logged(bank: Bank, tpp: Credential, thief: Credential) -> None:
    """The operator's line names client, jti and thumbprint, and never the token."""
    token = bank.jwt(tpp, jti="the-jti")
    bank.get(thief, token, headers=(("x-fapi-interaction-id", "an-id"),))
    line = bank.logged()
    for said in ("client_id=tpp", "jti=the-jti", "interaction=an-id", "peer="):
        assert said in line
    assert token not in line
    assert token.split(".")[2] not in line


def test_the_peer_learns_nothing_of_why(
    bank: Bank, tpp: Credential, thief: Credential
) -> None:
    """RFC 6750 section 3.1: every invalid token is answered alike, to the letter."""
    field = (("x-fapi-interaction-id", "same"),)
    tokens = [
        bank.jwt(tpp, exp=1),
        bank.jwt(tpp, iss="https://evil.example"),
        bank.jwt(tpp, cnf={"jkt": "x"}),
        bank.jwt(thief),
        "a.b.c",
        "unknown",
    ]
    answers = [bank.get(tpp, token, headers=field) for token in tokens]
    [_] = {
        (answer.status, answer.body, answer.header("www-authenticate"))
        for answer in answers
    }


def test_names_of_the_certificate_do_not_matter(
    bank: Bank, certificates: Certificates, tpp: Credential
) -> None:
    """RFC 8705 section 3: the right subject on another certificate proves nothing."""
    same_name = replace(certificates.client("tpp"))
    assert_invalid_token(bank.get(same_name, bank.jwt(tpp)))
