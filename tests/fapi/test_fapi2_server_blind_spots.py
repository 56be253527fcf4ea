"""
The bank, where the OpenID Foundation's suite does not look.

Its source shows what its modules for FAPI 2.0 over mutual TLS never check: they decode
no `cnf`, take any refusal of a stolen token, never renew or revoke a certificate, never
offer a TLS session again, introspect and revoke nothing, and know no public clients.
"""

import json
from base64 import b64decode, urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from OpenSSL import SSL
from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.protocol import Factory

from client_node.cli.mobile import own_certificate
from pki.http.answers import Answer
from pki.issuing.hierarchy import load_authorities
from pki.issuing.parties import BANKING_CLIENT
from tests.as_node.authorizing import VERIFIER
from tests.as_node.pushing import push, redeem
from tests.fapi.open_banking import (
    ACCOUNTS,
    AISP,
    CONSENTS,
    ONE,
    OTHER,
    REDIRECT_URIS,
    OpenBanking,
    TheBank,
    data_of,
)
from tests.in_memory.authorization_server import (
    CONVENTIONAL,
    FORM,
    MUTUAL_TLS,
    assert_refused,
    members,
)
from tests.in_memory.raw_tls import RawPeer, outsider_context
from tests.rs_node.bank import INVALID_TOKEN, challenge

USERINFO = f"{MUTUAL_TLS}/userinfo"
APP, LOOPBACK = "mobile-app", "http://127.0.0.1:50123/callback"
ROGUES = (
    "rogue-unknown-ca",
    "rogue-self-signed",
    "rogue-expired",
    "rogue-not-yet-valid",
    "rogue-revoked",
    "rogue-server-only",
    "rogue-not-a-ca",
)


def computed(certificate: Path) -> str:
    """
    RFC 8705 section 3.1 by hand: base64url of the SHA-256 of the DER, no padding.

    From the file and with nothing of the bank's code.
    """
    _, _, pem = certificate.read_text().partition("-----BEGIN CERTIFICATE-----")
    der = b64decode(pem.partition("-----END CERTIFICATE-----")[0])
    return urlsafe_b64encode(sha256(der).digest()).decode().rstrip("=")


def claims_of(token: str) -> dict[str, Any]:
    """What a JWT says; its signature is not looked at."""
    claims = json.loads(urlsafe_b64decode(token.split(".")[1] + "=="))
    assert isinstance(claims, dict)
    return claims


def introspected(open_banking: OpenBanking, token: str) -> dict[str, Any]:
    """What the resource server is told about a token."""
    return members(open_banking.server.introspect(token), 200)


def assert_bound_elsewhere(answer: Answer) -> None:
    """RFC 8705 section 3: 401 and `invalid_token`, and exactly that."""
    assert answer.status == 401
    values = answer.headers["www-authenticate"]
    assert len(values) == 1
    assert values[0].startswith("Bearer ")
    assert 'error="invalid_token"' in values[0]


# x5t#S256.


def test_the_thumbprint_is_what_the_rfc_says(open_banking: OpenBanking) -> None:
    """RFC 8705 section 3.1: recomputed here; in the JWT and in its introspection."""
    token = open_banking.tokens()["access_token"]
    expected = {"x5t#S256": computed(open_banking.bank.issued.certificate(ONE))}
    assert claims_of(token)["cnf"] == expected
    assert introspected(open_banking, token)["cnf"] == expected


def test_the_thumbprint_of_an_opaque_token(open_banking: OpenBanking) -> None:
    """RFC 8705 section 3.2: only introspection can tell it."""
    token = open_banking.server.token("tpp-opaque")
    expected = computed(open_banking.bank.issued.certificate("tpp-opaque"))
    assert introspected(open_banking, token)["cnf"] == {"x5t#S256": expected}


# The wrong certificate.


@pytest.mark.check("binding.same-certificate")
@pytest.mark.parametrize(
    "url", [ACCOUNTS, f"{AISP}/balances", f"{AISP}/transactions", USERINFO]
)
@pytest.mark.parametrize("thief", [OTHER, "rogue-self-signed", None])
def test_a_stolen_token(open_banking: OpenBanking, url: str, thief: str | None) -> None:
    """RFC 8705 section 3: 401 and invalid_token, and the owner can go on."""
    token = open_banking.tokens()["access_token"]
    assert_bound_elsewhere(open_banking.ask(thief, token, url))
    assert open_banking.ask(ONE, token, url).status == 200


def test_what_the_account_api_says_of_it(open_banking: OpenBanking) -> None:
    """RFC 6750 section 3.1: the same words whatever is wrong, and OBIE: no body."""
    token = open_banking.tokens()["access_token"]
    for answer in (
        open_banking.ask(OTHER, token),
        open_banking.ask(ONE, f"{token[:-4]}AAAA"),
        open_banking.ask(ONE, "unknown"),
    ):
        assert challenge(answer) == INVALID_TOKEN
        assert answer.body == b""


@pytest.mark.parametrize(
    "name", ["Client-Cert", "X-SSL-Cert", "X-Client-Cert", "X-Forwarded-Client-Cert"]
)
def test_a_certificate_in_a_header(open_banking: OpenBanking, name: str) -> None:
    """RFC 9440 section 3.1: there is no proxy, so what a header says is nothing."""
    pem = open_banking.bank.issued.certificate(ONE).read_text()
    value = "".join(pem.partition("-----END")[0].split("\n")[1:])
    token = open_banking.tokens()["access_token"]
    header = ((name, f":{value}:"),)
    assert_bound_elsewhere(open_banking.ask(None, token, headers=header))
    assert_bound_elsewhere(open_banking.ask(OTHER, token, headers=header))
    form = {"grant_type": "client_credentials", "client_id": ONE}
    for certificate in (None, OTHER):
        answer = open_banking.server.post(
            f"{MUTUAL_TLS}/token", form, certificate=certificate, headers=header
        )
        assert_refused(answer, 401, "invalid_client")


@pytest.mark.parametrize("version", [SSL.TLS1_2_VERSION, SSL.TLS1_3_VERSION])
def test_a_session_of_another_certificate(
    open_banking: OpenBanking, version: int
) -> None:
    """RFC 8705 section 2: a resumed session would bring along who had begun it."""
    bank = open_banking.bank
    token = open_banking.tokens()["access_token"]
    get = (
        f"GET /open-banking/v4.0/aisp/accounts HTTP/1.1\r\nHost: localhost:9445\r\n"
        f"Authorization: Bearer {token}\r\n\r\n"
    ).encode()
    context = outsider_context(version=version)
    first = dial_as(bank, context, ONE)
    first.send(get)
    assert first.answers[0].status == 200
    second = dial_as(bank, context, OTHER, first.tls.get_session())
    second.send(get)
    assert second.answers[0].status == 401
    assert any("server certificate" in state for state in second.states)


def dial_as(
    bank: TheBank, context: SSL.Context, name: str, session: SSL.Session | None = None
) -> RawPeer:
    """A connection to the resource server; sessions belong to a context."""
    credential = bank.issued.load(name)
    peer = RawPeer(bank.network, context, session)
    peer.tls.use_certificate(credential.leaf)
    peer.tls.use_privatekey(credential.private_key)
    bank.network.connect("localhost", 9445, Factory.forProtocol(lambda: peer))
    bank.network.flush()
    return peer


# Certificates that come and go.


def renew(open_banking: OpenBanking) -> None:
    """A new certificate for client 1, with the same name in it, as `renewed`."""
    renewed = load_authorities(open_banking.bank.issued).client_intermediate
    credential = renewed.issue_client(
        BANKING_CLIENT.subject, now=open_banking.bank.network.clock()
    )
    open_banking.server.hold("renewed", credential)


def test_a_renewed_certificate(open_banking: OpenBanking) -> None:
    """RFC 8705 section 6.3: the access token goes with the old one, the rest stays."""
    first = open_banking.tokens()
    renew(open_banking)
    assert_bound_elsewhere(open_banking.ask("renewed", first["access_token"]))
    refreshed = open_banking.refresh(first["refresh_token"], certificate="renewed")
    token = members(refreshed, 200)["access_token"]
    assert data_of(open_banking.ask("renewed", token))
    assert_bound_elsewhere(open_banking.ask(ONE, token))
    assert data_of(open_banking.ask(ONE, first["access_token"]))
    claims, before = claims_of(token), claims_of(first["access_token"])
    assert claims["cnf"] != before["cnf"]
    assert claims["openbanking_intent_id"] == before["openbanking_intent_id"]


@pytest.mark.check("client-auth.chain")
@pytest.mark.parametrize("rogue", ROGUES)
def test_a_certificate_that_only_has_the_name(
    open_banking: OpenBanking, rogue: str
) -> None:
    """RFC 8705 section 2.1: neither a code nor a refresh token nor a request helps."""
    server, code = open_banking.server, open_banking.code()
    refresh_token = open_banking.tokens()["refresh_token"]
    form = {
        "grant_type": "authorization_code",
        "client_id": ONE,
        "code": code,
        "redirect_uri": REDIRECT_URIS[ONE],
        "code_verifier": VERIFIER,
    }
    for answer in (
        server.post(f"{MUTUAL_TLS}/token", form, certificate=rogue),
        open_banking.refresh(refresh_token, certificate=rogue),
        push(server, certificate=rogue),
        server.post(
            f"{MUTUAL_TLS}/revoke",
            {"client_id": ONE, "token": refresh_token},
            certificate=rogue,
        ),
    ):
        assert_refused(answer, 401, "invalid_client")
    assert members(open_banking.redeem(code), 200)
    assert members(open_banking.refresh(refresh_token), 200)


# Codes.


def test_two_redemptions_at_the_same_instant(open_banking: OpenBanking) -> None:
    """RFC 6749 section 4.1.2: one token, and the other was an attack: it is revoked."""
    body = (
        f"grant_type=authorization_code&client_id={ONE}&code={open_banking.code()}"
        f"&redirect_uri={REDIRECT_URIS[ONE]}&code_verifier={VERIFIER}"
    ).encode()
    client = open_banking.server.client(ONE)

    async def at_once() -> list[Answer]:
        requests = [
            client.request(
                "POST",
                f"{MUTUAL_TLS}/token",
                headers=(("Content-Type", FORM),),
                body=body,
            )
            for _ in range(2)
        ]
        return list(
            await gatherResults([Deferred.fromCoroutine(each) for each in requests])
        )

    answers = open_banking.bank.network.run(at_once())
    granted, refused = sorted(answers, key=lambda answer: answer.status)
    tokens = members(granted, 200)
    assert_refused(refused, 400, "invalid_grant")
    assert introspected(open_banking, tokens["access_token"]) == {"active": False}
    again = open_banking.refresh(tokens["refresh_token"])
    assert_refused(again, 400, "invalid_grant")


def test_a_used_code_in_the_hands_of_another(open_banking: OpenBanking) -> None:
    """RFC 6749 section 4.1.3: who cannot use a code cannot have its tokens revoked."""
    code = open_banking.code()
    tokens = members(open_banking.redeem(code), 200)
    stolen = open_banking.redeem(code, OTHER, redirect_uri=REDIRECT_URIS[ONE])
    assert_refused(stolen, 400, "invalid_grant")
    assert data_of(open_banking.ask(ONE, tokens["access_token"]))
    assert introspected(open_banking, tokens["access_token"])["active"] is True


@pytest.mark.check("code.redirect-uri")
def test_a_code_for_another_redirect_uri(open_banking: OpenBanking) -> None:
    """RFC 6749 section 4.1.3: the one it was sent to, octet by octet."""
    code = open_banking.code(OTHER)
    for other in (REDIRECT_URIS[OTHER].partition("?")[0], REDIRECT_URIS[ONE]):
        answer = open_banking.redeem(code, OTHER, redirect_uri=other)
        assert_refused(answer, 400, "invalid_grant")
    assert members(open_banking.redeem(code, OTHER), 200)


# Introspection and revocation.


def test_introspection_of_a_customers_token(open_banking: OpenBanking) -> None:
    """RFC 7662 section 2.2: the same as the JWT says; and for its audience alone."""
    token = open_banking.tokens()["access_token"]
    told, said = introspected(open_banking, token), claims_of(token)
    assert told.pop("active") is True
    assert told.pop("token_type") == "Bearer"
    assert told == said
    answer = open_banking.server.introspect(token, client_id=ONE)
    assert_refused(answer, 400, "unauthorized_client")


@pytest.mark.parametrize("name", ["refresh_token", "access_token"])
def test_revocation(open_banking: OpenBanking, name: str) -> None:
    """RFC 7009 section 2.1: a refresh token takes everything along, durably."""
    tokens = open_banking.tokens()
    assert open_banking.server.revoke(tokens[name], client_id=ONE).status == 200
    server = open_banking.bank.start_authorization_server()  # as after a restart
    assert server.log.getvalue() == ""
    token = tokens["access_token"]
    assert introspected(open_banking, token) == {"active": False}
    assert_bound_elsewhere(open_banking.ask(ONE, token, USERINFO))
    again = open_banking.refresh(tokens["refresh_token"])
    if name == "refresh_token":
        assert_refused(again, 400, "invalid_grant")
    else:
        assert data_of(open_banking.ask(ONE, members(again, 200)["access_token"]))


@pytest.mark.check("revocation.client")
def test_revocation_by_another_client(open_banking: OpenBanking) -> None:
    """RFC 7009 section 2.1: refused, and everything stays alive."""
    tokens = open_banking.tokens()
    for name in ("access_token", "refresh_token"):
        answer = open_banking.server.revoke(tokens[name], client_id=OTHER)
        assert_refused(answer, 400, "invalid_grant")
    assert data_of(open_banking.ask(ONE, tokens["access_token"]))
    assert members(open_banking.refresh(tokens["refresh_token"]), 200)


def test_a_consent_that_is_deleted(open_banking: OpenBanking) -> None:
    """B8: what a client gives back is over at once, though its token is still good."""
    token = open_banking.tokens()["access_token"]
    assert data_of(open_banking.ask(ONE, token))
    own = members(open_banking.server.token_request(ONE, scope="accounts"), 200)
    intent_id = claims_of(token)["openbanking_intent_id"]
    url = f"{CONSENTS}/{intent_id}"
    gone = open_banking.ask(ONE, own["access_token"], url, method="DELETE")
    assert gone.status == 204
    assert open_banking.ask(ONE, token).status == 401


@pytest.mark.check("token.for-a-customer")
@pytest.mark.parametrize("url", [ACCOUNTS, f"{AISP}/balances"])
def test_a_clients_own_token_at_a_customers_accounts(
    open_banking: OpenBanking, url: str
) -> None:
    """B7: it was issued without a customer, so it opens no customer's account."""
    token = open_banking.server.token_request(ONE, scope="accounts")
    answer = open_banking.ask(ONE, members(token, 200)["access_token"], url)
    assert answer.status == 401


def test_a_customers_token_at_the_consents(open_banking: OpenBanking) -> None:
    """B7: nor does a customer's token lodge consents, or end them."""
    token = open_banking.tokens()["access_token"]
    url = f"{CONSENTS}/{claims_of(token)['openbanking_intent_id']}"
    for method in ("GET", "DELETE"):
        answer = open_banking.ask(ONE, token, url, method=method)
        assert answer.status in {401, 403}
    assert data_of(open_banking.ask(ONE, token))


# A public client.


def app_tokens(open_banking: OpenBanking) -> dict[str, Any]:
    """What an application gets over a connection with a certificate of its own."""
    now = open_banking.bank.network.clock()
    server = open_banking.server
    for holder in (APP, "thief"):
        server.hold(holder, own_certificate(APP, now))
    person = open_banking.person()
    request_uri = open_banking.pushed(
        APP, redirect_uri=LOOPBACK, scope="openid", claims=None
    )
    page = person.sign_in(open_banking.visit(person, request_uri, APP))
    back = person.approve(page)
    assert back.location is not None
    assert back.location.startswith(f"{LOOPBACK}?")
    code = back.sent_back()["code"]
    return members(redeem(server, code, APP, redirect_uri=LOOPBACK), 200)


def test_the_refresh_token_of_a_public_client(open_banking: OpenBanking) -> None:
    """RFC 8705 section 4: bound to the certificate, since nothing else would be."""
    tokens = app_tokens(open_banking)
    for certificate in ("thief", ONE):
        answer = open_banking.refresh(
            tokens["refresh_token"], APP, certificate=certificate
        )
        assert_refused(answer, 400, "invalid_grant")
    for listener in (CONVENTIONAL, MUTUAL_TLS):
        answer = open_banking.refresh(
            tokens["refresh_token"], APP, certificate=None, url=f"{listener}/token"
        )
        assert_refused(answer, 400, "invalid_request")
    refreshed = open_banking.refresh(tokens["refresh_token"], APP, certificate=APP)
    token = members(refreshed, 200)["access_token"]
    assert members(open_banking.ask(APP, token, USERINFO), 200)
    assert_bound_elsewhere(open_banking.ask("thief", token, USERINFO))


def test_a_public_client_at_a_customers_accounts(open_banking: OpenBanking) -> None:
    """FAPI 2.0 section 5.3.2.1: confidential clients only, so no accounts for it."""
    token = app_tokens(open_banking)["access_token"]
    assert open_banking.ask(APP, token).status == 403


def test_the_bank_keeps_no_secret_in_its_log(bank: TheBank) -> None:
    """FAPI 2.0 section 5.4: neither code nor token nor password nor verifier."""
    open_banking = OpenBanking(bank)
    code = open_banking.code()
    tokens = members(open_banking.redeem(code), 200)
    log = bank.authorization_server.log.getvalue()
    assert "/token" in log
    for secret in (code, *tokens.values(), VERIFIER, "be-the-ball"):
        if isinstance(secret, str) and secret not in {"Bearer", tokens["scope"]}:
            assert secret not in log
