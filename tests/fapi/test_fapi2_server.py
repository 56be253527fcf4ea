"""
The bank before the OpenID Foundation's suite: the FAPI 2.0 Security Profile, final.

One test for each module of the plan `fapi2-security-profile-final-test-plan`, with
`client_auth_type=mtls`, `sender_constrain=mtls` and the profile `openbanking_uk`, by
its name there. Authorization server and resource server are the real ones, over real
TLS. Where the suite lets several answers pass, one is wanted here; what it never looks
at is in `test_fapi2_server_blind_spots.py`.

Not as the suite has them, and why:

* C15 needs a request object. None is read here (FAPI 2.0 leaves that to Message
  Signing), so the test is that one is refused, with a `redirect_uri` and without.
* C10, C11 and C14 compare what is inside a request object with what is outside it. Here
  a request is inside when it was pushed, and outside when the browser brings it.
* C16 allows an unregistered redirect URI that is pushed (RFC 9126 section 2.4). It is
  refused here, which the module takes too; for `openbanking_uk`, C38 wants it.
"""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from jwcrypto.jwk import JWKSet
from jwcrypto.jwt import JWT
from OpenSSL import SSL

from pki.http.answers import Answer
from scripts.headless.page import Page
from tests.as_node.authorizing import CHALLENGE, VERIFIER
from tests.as_node.pushing import PAR, SCA, authorization_request, claims
from tests.customers.person import TY
from tests.fapi.open_banking import (
    ACCOUNTS,
    ONE,
    OTHER,
    REDIRECT_URIS,
    OpenBanking,
    TheBank,
    authorize_url,
    data_of,
)
from tests.in_memory.authorization_server import (
    CONVENTIONAL,
    MUTUAL_TLS,
    Deployment,
    assert_refused,
    members,
)
from tests.in_memory.raw_tls import dial, outsider_context
from tests.rs_node.bank import INVALID_TOKEN, challenge

# 256 bits; the suite wants 128 (FAPI 2.0 section 5.3.2.1 has the same).
OPAQUE = re.compile(r"[A-Za-z0-9_-]{43}")


def id_token(server: Deployment, tokens: dict[str, Any]) -> dict[str, Any]:
    """The claims of the ID token, which the published keys verify."""
    keys = server.request("GET", f"{CONVENTIONAL}/jwks").body.decode()
    jwt = JWT(jwt=tokens["id_token"], key=JWKSet.from_json(keys), algs=["ES256"])
    found = json.loads(jwt.claims)
    assert isinstance(found, dict)
    return found


def is_active(server: Deployment, token: str) -> bool:
    """What the authorization server tells the resource server about a token."""
    return members(server.introspect(token), 200)["active"] is True


def assert_goes_nowhere(page: Page, says: str) -> None:
    """A page in words: nothing to send, and no redirect to a place nobody checked."""
    assert page.status == 400
    assert page.location is None
    assert page.forms == {}
    assert says in page.text


def assert_token_is_not_for(answer: Answer) -> None:
    """RFC 8705 section 3: 401 and `invalid_token`; OBIE: without a body."""
    assert answer.status == 401
    assert challenge(answer) == INVALID_TOKEN
    assert answer.body == b""


# The metadata and the whole way.


@pytest.mark.parametrize("name", ["oauth-authorization-server", "openid-configuration"])
def test_c1_discovery_end_point_verification(
    open_banking: OpenBanking, name: str
) -> None:
    """C1: the metadata says what FAPI wants, and nothing that FAPI forbids."""
    url = f"{CONVENTIONAL}/.well-known/{name}"
    found = members(open_banking.server.request("GET", url), 200)
    assert found["issuer"] == CONVENTIONAL
    assert found["tls_client_certificate_bound_access_tokens"] is True
    assert found["require_pushed_authorization_requests"] is True
    assert found["authorization_response_iss_parameter_supported"] is True
    assert found["response_types_supported"] == ["code"]
    assert found["code_challenge_methods_supported"] == ["S256"]
    assert {"openid", "accounts"} <= set(found["scopes_supported"])
    assert {"authorization_code", "refresh_token", "client_credentials"} == set(
        found["grant_types_supported"]
    )
    assert "tls_client_auth" in found["token_endpoint_auth_methods_supported"]
    assert found["claims_parameter_supported"] is True
    assert found["acr_values_supported"] == [SCA]
    algs = (
        "id_token_signing_alg_values_supported",
        "token_endpoint_auth_signing_alg_values_supported",
    )
    for each in algs:
        assert set(found[each]) <= {"ES256", "PS256", "EdDSA"}


def test_c1_aliases_are_those_of_requests_with_a_certificate(
    open_banking: OpenBanking,
) -> None:
    """C1: each is at the top level too, is called an endpoint, and is no page."""
    url = f"{CONVENTIONAL}/.well-known/openid-configuration"
    found = members(open_banking.server.request("GET", url), 200)
    aliases = found["mtls_endpoint_aliases"]
    assert aliases.keys() <= found.keys()
    assert all(name.endswith("_endpoint") for name in aliases)
    assert all(url.startswith(f"{MUTUAL_TLS}/") for url in aliases.values())
    assert "pushed_authorization_request_endpoint" in aliases
    assert "authorization_endpoint" not in aliases


@pytest.mark.parametrize("client_id", [ONE, OTHER])
def test_c2_happy_flow(open_banking: OpenBanking, client_id: str) -> None:
    """C2: two clients, two redirect URIs, of which one has a query."""
    intent_id = open_banking.consent(client_id)
    pushed = members(open_banking.push(client_id, claims=claims(intent_id)), 201)
    assert 0 < pushed["expires_in"] < 600
    assert OPAQUE.fullmatch(pushed["request_uri"].rpartition(":")[2])
    person = open_banking.person()
    page = open_banking.visit(person, pushed["request_uri"], client_id)
    back = person.approve(person.sign_in(page))
    assert back.location is not None
    assert back.location.startswith(REDIRECT_URIS[client_id])
    response = back.sent_back()
    assert {name: response[name] for name in ("state", "iss")} == {
        "state": "a state",
        "iss": CONVENTIONAL,
    }
    assert OPAQUE.fullmatch(response["code"])
    tokens = members(open_banking.redeem(response["code"], client_id), 200)
    assert tokens["token_type"] == "Bearer"
    assert OPAQUE.fullmatch(tokens["refresh_token"])
    said = id_token(open_banking.server, tokens)
    assert (said["iss"], said["aud"], said["sub"]) == (CONVENTIONAL, client_id, TY)
    assert said["openbanking_intent_id"] == intent_id


@pytest.mark.parametrize(
    "header",
    [
        ("x-fapi-customer-ip-address", "198.51.100.119"),
        ("x-fapi-customer-ip-address", "2001:db8::1893:25c8:1946"),
        ("x-fapi-auth-date", "Tue, 11 Sep 2012 19:43:31 GMT"),
        ("Accept", "application/json; charset=utf-8"),
        ("Accept", "application/json, application/*+json"),
        ("Accept", "*/*"),
    ],
)
def test_c2_headers_of_a_resource_request(
    open_banking: OpenBanking, header: tuple[str, str]
) -> None:
    """C2: the resource server takes what FAPI clients may send, and plays back."""
    interaction = "c770aef3-6784-41f7-8e0e-ff5f97bddb3a"
    token = open_banking.tokens()["access_token"]
    headers = (header, ("x-fapi-interaction-id", interaction))
    answer = open_banking.ask(ONE, token, headers=headers)
    assert data_of(answer)["Account"]
    assert answer.header("x-fapi-interaction-id") == interaction
    assert answer.header("date")


def test_c2_token_of_another_client(open_banking: OpenBanking) -> None:
    """C2: the suite takes any 4xx; RFC 8705 section 3 says 401 and invalid_token."""
    token = open_banking.tokens(OTHER)["access_token"]
    assert data_of(open_banking.ask(OTHER, token))
    assert_token_is_not_for(open_banking.ask(ONE, token))
    assert_token_is_not_for(open_banking.ask(None, token))


def test_c3_user_rejects_authentication(open_banking: OpenBanking) -> None:
    """C3: access_denied at the redirect URI, with state and iss."""
    person, request_uri = open_banking.person(), open_banking.pushed()
    page = person.sign_in(open_banking.visit(person, request_uri))
    refused = person.refuse(page).sent_back()
    assert refused.pop("error_description")
    assert refused == {
        "error": "access_denied",
        "state": "a state",
        "iss": CONVENTIONAL,
    }
    stranger = open_banking.person()
    page = open_banking.visit(stranger, open_banking.pushed())
    back = stranger.browser.submit(page, "/cancel").sent_back()
    assert (back["error"], back["iss"]) == ("access_denied", CONVENTIONAL)


# State, nonce, scope and claims.


def test_c4_authorization_request_without_state_success(
    open_banking: OpenBanking,
) -> None:
    """C4: none was sent, so none comes back, and no hash of one."""
    response = open_banking.approved(state=None)
    assert response.keys() == {"code", "iss"}
    tokens = members(open_banking.redeem(response["code"]), 200)
    assert "s_hash" not in id_token(open_banking.server, tokens)


def test_c5_authorization_request_without_nonce_success(
    open_banking: OpenBanking,
) -> None:
    """C5: none was sent, so none is in the ID token."""
    tokens = open_banking.tokens(nonce=None)
    assert "nonce" not in id_token(open_banking.server, tokens)


def test_c6_authorization_request_with_64_char_nonce_success(
    open_banking: OpenBanking,
) -> None:
    """C6: 64 characters come back, every one of them."""
    nonce = "".join(map(chr, range(0x21, 0x21 + 64)))
    tokens = open_banking.tokens(nonce=nonce)
    assert id_token(open_banking.server, tokens)["nonce"] == nonce


def test_c7_other_scope_order_succeeds(open_banking: OpenBanking) -> None:
    """C7: a scope is a set."""
    tokens = open_banking.tokens(scope="accounts openid")
    assert set(tokens["scope"].split()) == {"openid", "accounts"}
    assert data_of(open_banking.ask(ONE, tokens["access_token"]))


def test_c8_claims_parameter_identity_claims(open_banking: OpenBanking) -> None:
    """C8: what was asked for of /userinfo is there; what is not known is left out."""
    intent_id = open_banking.consent()
    named = {"value": intent_id, "essential": True}
    asked = {
        "id_token": {"openbanking_intent_id": named, "given_name": None},
        "userinfo": {"openbanking_intent_id": named, "email": {"essential": True}},
    }
    tokens = open_banking.tokens(claims=json.dumps(asked))
    said = id_token(open_banking.server, tokens)
    assert said["openbanking_intent_id"] == intent_id
    assert "given_name" not in said
    url = f"{MUTUAL_TLS}/userinfo"
    answer = open_banking.ask(ONE, tokens["access_token"], url)
    assert members(answer, 200) == {"sub": TY, "openbanking_intent_id": intent_id}


@pytest.mark.parametrize("url", [ACCOUNTS, f"{MUTUAL_TLS}/userinfo"])
def test_c9_access_token_type_header_case_sensitivity(
    open_banking: OpenBanking, url: str
) -> None:
    """C9: the name of a scheme has no case (RFC 9110 section 11.1)."""
    token = open_banking.tokens()["access_token"]
    for scheme in ("bEaReR", "bearer", "BEARER"):
        assert open_banking.ask(ONE, token, url, scheme=scheme).status == 200


@pytest.mark.parametrize("name", ["nonce", "state"])
def test_c10_c11_different_inside_and_outside(
    open_banking: OpenBanking, name: str
) -> None:
    """C10, C11: what was pushed counts, and not what the browser brings."""
    person, request_uri = open_banking.person(), open_banking.pushed()
    page = open_banking.visit(person, request_uri, **{name: "from outside"})
    response = person.approve(person.sign_in(page)).sent_back()
    assert response["state"] == "a state"
    tokens = members(open_banking.redeem(response["code"]), 200)
    assert id_token(open_banking.server, tokens)["nonce"] == "a nonce"


def test_c12_authorization_request_with_long_nonce(open_banking: OpenBanking) -> None:
    """C12: 384 characters are refused when they are pushed, and never cut off."""
    assert_refused(open_banking.push(nonce="n" * 384), 400, "invalid_request")


def test_c13_authorization_request_with_long_state(open_banking: OpenBanking) -> None:
    """C13: 384 characters come back, every one of them."""
    state = "".join(map(chr, range(0x20, 0x20 + 64))) * 6
    assert open_banking.approved(state=state)["state"] == state


def test_c14_state_only_outside_request_object_not_used(
    open_banking: OpenBanking,
) -> None:
    """C14: a state that only the browser brings is not the client's."""
    person, request_uri = open_banking.person(), open_banking.pushed(state=None)
    page = open_banking.visit(person, request_uri, state="from outside")
    response = person.approve(person.sign_in(page)).sent_back()
    assert response.keys() == {"code", "iss"}


# What is not a request.


@pytest.mark.parametrize("redirect_uri", [REDIRECT_URIS[ONE], None])
def test_c15_request_object(
    open_banking: OpenBanking, redirect_uri: str | None
) -> None:
    """C15: none is read, so none is accepted, whatever it says."""
    answer = open_banking.push(request="e30.e30.", redirect_uri=redirect_uri)
    assert_refused(answer, 400, "request_not_supported")


@pytest.mark.parametrize(
    "redirect_uri",
    [
        f"{REDIRECT_URIS[ONE]}/unregistered",
        f"{REDIRECT_URIS[ONE]}?with=query",
        f"{REDIRECT_URIS[ONE]}#fragment",
        REDIRECT_URIS[ONE].replace("9446", "9447"),
        REDIRECT_URIS[ONE].replace("https", "http"),
        REDIRECT_URIS[OTHER],
    ],
)
def test_c16_c38_registered_redirect_uri(
    open_banking: OpenBanking, redirect_uri: str
) -> None:
    """C16, C38: a redirect URI that is not registered is refused, octet by octet."""
    answer = open_banking.push(redirect_uri=redirect_uri)
    assert_refused(answer, 400, "invalid_request")


def test_c17_unsigned_authorization_request_without_using_par_fails(
    open_banking: OpenBanking,
) -> None:
    """C17: a request in the URL is none, and nobody is sent anywhere for it."""
    query = {"client_id": ONE, **authorization_request()}
    page = open_banking.person().browser.open(authorize_url(query))
    assert_goes_nowhere(page, "the link needs one request_uri")


def test_c18_redirect_uri_in_authorization_request(open_banking: OpenBanking) -> None:
    """C18: left out is refused when it is pushed; nothing is the default."""
    answer = open_banking.push(redirect_uri=None)
    assert_refused(answer, 400, "invalid_request")


@pytest.mark.parametrize(
    "response_type", ["code id_token", "id_token code", "token", "id_token", "none"]
)
def test_c19_c20_other_response_types_fail(
    open_banking: OpenBanking, response_type: str
) -> None:
    """C19, C20: nothing but a code comes through the browser."""
    answer = open_banking.push(response_type=response_type)
    assert_refused(answer, 400, "unsupported_response_type")


# The token endpoint.


def test_c21_client_id_in_token_endpoint(open_banking: OpenBanking) -> None:
    """C21: the certificate of one with the client_id of another, at every endpoint."""
    code, refresh = (
        open_banking.code(OTHER),
        open_banking.tokens(OTHER)["refresh_token"],
    )
    for name, more in (
        ("token", {"grant_type": "authorization_code", "code": code}),
        ("token", {"grant_type": "refresh_token", "refresh_token": refresh}),
        ("token", {"grant_type": "client_credentials"}),
        ("par", authorization_request(redirect_uri=REDIRECT_URIS[OTHER])),
        ("revoke", {"token": refresh}),
        ("introspect", {"token": refresh}),
    ):
        answer = open_banking.server.post(
            f"{MUTUAL_TLS}/{name}", {"client_id": OTHER, **more}, certificate=ONE
        )
        assert_refused(answer, 401, "invalid_client")
    assert members(open_banking.redeem(code, OTHER), 200)


@pytest.mark.parametrize("listener", [CONVENTIONAL, MUTUAL_TLS])
def test_c22_holder_of_key_required(open_banking: OpenBanking, listener: str) -> None:
    """C22: without a certificate there is no token, on either listener."""
    form = {
        "grant_type": "authorization_code",
        "client_id": ONE,
        "code": open_banking.code(),
        "redirect_uri": REDIRECT_URIS[ONE],
        "code_verifier": VERIFIER,
    }
    server = open_banking.server
    answer = server.post(f"{listener}/token", form, certificate=None)
    assert_refused(answer, 401, "invalid_client")
    answer = server.post(f"{MUTUAL_TLS}/token", form, certificate=ONE)
    assert "access_token" in members(answer, 200)


@pytest.mark.parametrize("port", [9443, 9444, 9445])
def test_c22_versions_of_tls(bank: TheBank, port: int) -> None:
    """C22: TLS 1.2 and 1.3 everywhere, which the suite would only warn about."""
    for version in (SSL.TLS1_2_VERSION, SSL.TLS1_3_VERSION):
        peer = dial(bank.network, port, outsider_context(version=version))
        assert peer.handshaken
    for version in (SSL.TLS1_VERSION, SSL.TLS1_1_VERSION):
        context = outsider_context(version=version, suites=b"ALL:@SECLEVEL=0")
        assert not dial(bank.network, port, context).handshaken


@pytest.mark.parametrize("port", [9443, 9444, 9445])
@pytest.mark.parametrize(
    "suite",
    [
        "ECDHE-ECDSA-AES128-SHA",
        "ECDHE-ECDSA-AES256-SHA384",
        "AES128-GCM-SHA256",
        "ECDHE-ECDSA-AES128-CCM8",
    ],
)
def test_c22_cipher_suites(bank: TheBank, port: int, suite: str) -> None:
    """C22: no suite that BCP 195 does not recommend."""
    text = f"{suite}:@SECLEVEL=0".encode()
    context = outsider_context(version=SSL.TLS1_2_VERSION, suites=text)
    assert not dial(bank.network, port, context).handshaken
    good = b"ECDHE-ECDSA-AES128-GCM-SHA256"
    context = outsider_context(version=SSL.TLS1_2_VERSION, suites=good)
    assert dial(bank.network, port, context).handshaken


@pytest.mark.check("code.client")
def test_c23_authorization_code_is_bound_to_client(open_banking: OpenBanking) -> None:
    """C23: client 2 gets nothing for client 1's code, and takes nothing from it."""
    code = open_banking.code()
    stolen = open_banking.redeem(code, OTHER, redirect_uri=REDIRECT_URIS[ONE])
    assert_refused(stolen, 400, "invalid_grant")
    assert members(open_banking.redeem(code), 200)


def test_c24_attempt_reuse_authorization_code_after_one_second(
    open_banking: OpenBanking,
) -> None:
    """C24: invalid_grant, and the suite's warning is a must: all is revoked."""
    code = open_banking.code()
    first = members(open_banking.redeem(code), 200)
    assert is_active(open_banking.server, first["access_token"])
    open_banking.bank.wait(1)
    assert_refused(open_banking.redeem(code), 400, "invalid_grant")
    assert not is_active(open_banking.server, first["access_token"])
    answer = open_banking.refresh(first["refresh_token"])
    assert_refused(answer, 400, "invalid_grant")
    url = f"{MUTUAL_TLS}/userinfo"
    assert open_banking.ask(ONE, first["access_token"], url).status == 401


@pytest.mark.parametrize(("seconds", "status"), [(59, 200), (60, 400), (61, 400)])
def test_c25_token_endpoint_fails_with_expired_auth_code(
    open_banking: OpenBanking, seconds: int, status: int
) -> None:
    """C25: a code is good for less than 60 seconds, to the second."""
    code = open_banking.code()
    open_banking.bank.wait(seconds)
    answer = open_banking.redeem(code)
    assert answer.status == status
    if status != 200:
        assert_refused(answer, 400, "invalid_grant")


def test_c26_refresh_token(open_banking: OpenBanking) -> None:
    """C26: it works, again and again, and is not rotated (FAPI 2.0 section 5.3.2.1)."""
    first = open_banking.tokens()
    for _ in range(2):
        again = members(open_banking.refresh(first["refresh_token"]), 200)
        assert again["access_token"] != first["access_token"]
        assert again.get("refresh_token") in {None, first["refresh_token"]}
        assert data_of(open_banking.ask(ONE, again["access_token"]))


def test_c26_refresh_token_is_bound_to_client(open_banking: OpenBanking) -> None:
    """C26: neither without a certificate nor with client 2's, under either name."""
    token = open_banking.tokens()["refresh_token"]
    for certificate in (None, OTHER):
        answer = open_banking.refresh(token, certificate=certificate)
        assert_refused(answer, 401, "invalid_client")
    answer = open_banking.refresh(token, url=f"{CONVENTIONAL}/token", certificate=None)
    assert_refused(answer, 401, "invalid_client")
    answer = open_banking.refresh(token, OTHER, certificate=OTHER)
    assert_refused(answer, 400, "invalid_grant")
    assert members(open_banking.refresh(token), 200)


# The life of a pushed request.


def test_c27_reused_request_uri_prior_to_auth_completion_succeeds(
    open_banking: OpenBanking,
) -> None:
    """C27: a visit uses nothing up, nor does one by somebody else."""
    person, request_uri = open_banking.person(), open_banking.pushed()
    open_banking.visit(open_banking.person(), request_uri)
    open_banking.visit(person, request_uri)
    person.sign_in(open_banking.visit(person, request_uri))
    page = open_banking.visit(person, request_uri)
    assert "code" in person.approve(page).sent_back()


def test_c28_attempt_reuse_request_uri(open_banking: OpenBanking) -> None:
    """C28: once it is answered it is gone, for whoever comes with it."""
    person, request_uri = open_banking.person(), open_banking.pushed()
    page = person.sign_in(open_banking.visit(person, request_uri))
    person.approve(page)
    answered = "This request was answered already"
    assert_goes_nowhere(open_banking.visit(person, request_uri), answered)
    stranger = open_banking.person()
    assert_goes_nowhere(open_banking.visit(stranger, request_uri), answered)


def test_c29_attempt_to_use_expired_request_uri(open_banking: OpenBanking) -> None:
    """C29: after `expires_in` seconds it is gone, and not before."""
    pushed = members(open_banking.push(), 201)
    person, request_uri = open_banking.person(), pushed["request_uri"]
    open_banking.bank.wait(pushed["expires_in"] - 2)
    assert "/sign-in" in open_banking.visit(person, request_uri).forms
    open_banking.bank.wait(2)
    page = open_banking.visit(person, request_uri)
    assert_goes_nowhere(page, "This link has expired")


def test_c30_attempt_to_use_request_uri_for_different_client(
    open_the_bank: Callable[..., TheBank],
) -> None:
    """C30: client 2's name on client 1's request is an error, and harms nobody."""
    # Both have the redirect URI, so that it is not what gives client 2 away.
    own, both = f'["{REDIRECT_URIS[OTHER]}"]', list(REDIRECT_URIS.values())
    open_banking = OpenBanking(open_the_bank((own, json.dumps(both))))
    person, request_uri = open_banking.person(), open_banking.pushed()
    page = open_banking.visit(person, request_uri, OTHER)
    assert_goes_nowhere(page, "was pushed by another client")
    assert "/sign-in" in open_banking.visit(person, request_uri).forms


def test_c31_authorization_request_containing_request_uri_form_param(
    open_banking: OpenBanking,
) -> None:
    """C31: what is pushed is a request, and not the name of one."""
    answer = open_banking.push(request_uri=open_banking.pushed())
    assert_refused(answer, 400, "invalid_request")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_c32_attempt_invalid_http_method(
    open_banking: OpenBanking, method: str
) -> None:
    """C32: 405, and which method would do."""
    query = urlencode({"client_id": ONE, **authorization_request()})
    url = f"{PAR}?{query}" if method == "GET" else PAR
    answer = open_banking.server.request(method, url, certificate=ONE)
    assert answer.status == 405
    assert answer.header("allow") == "POST"


# PKCE.


@pytest.mark.parametrize(
    "changed",
    [
        {"code_challenge": None, "code_challenge_method": None},
        {"code_challenge": None},
        {"code_challenge": ""},
        {"code_challenge": CHALLENGE[:-1]},
    ],
)
def test_c33_pkce_required(
    open_banking: OpenBanking, changed: dict[str, str | None]
) -> None:
    """C33: no request without a challenge."""
    assert_refused(open_banking.push(ONE, **changed), 400, "invalid_request")


def test_c34_pkce_code_verifier_required(open_banking: OpenBanking) -> None:
    """C34: invalid_grant without a verifier, also with an empty one."""
    code = open_banking.code()
    form = {
        "grant_type": "authorization_code",
        "client_id": ONE,
        "code": code,
        "redirect_uri": REDIRECT_URIS[ONE],
    }
    for more in ({}, {"code_verifier": ""}):
        answer = open_banking.server.post(
            f"{MUTUAL_TLS}/token", {**form, **more}, certificate=ONE
        )
        assert_refused(answer, 400, "invalid_grant")


@pytest.mark.check("pkce.verifier")
@pytest.mark.parametrize(
    "verifier", [VERIFIER[::-1], CHALLENGE, VERIFIER + "x", VERIFIER[:42]]
)
def test_c35_incorrect_pkce_code_verifier_rejected(
    open_banking: OpenBanking, verifier: str
) -> None:
    """C35: invalid_grant for any other verifier, the challenge itself among them."""
    answer = open_banking.redeem(open_banking.code(), code_verifier=verifier)
    assert_refused(answer, 400, "invalid_grant")


@pytest.mark.check("pkce.challenge-method")
@pytest.mark.parametrize("method", ["plain", None, "s256"])
def test_c36_plain_pkce_rejected(open_banking: OpenBanking, method: str | None) -> None:
    """C36: `plain` is refused, by its name and by none (RFC 7636 section 4.3)."""
    answer = open_banking.push(code_challenge_method=method, code_challenge=VERIFIER)
    assert_refused(answer, 400, "invalid_request")


def test_c37_par_without_duplicate_parameters(open_banking: OpenBanking) -> None:
    """C37: client_id and request_uri are all that the browser has to bring."""
    person = open_banking.person()
    url = authorize_url({"client_id": ONE, "request_uri": open_banking.pushed()})
    back = person.approve(person.sign_in(person.browser.open(url)))
    assert back.sent_back().keys() == {"code", "state", "iss"}


# UK Open Banking.


def answered_at_once(open_banking: OpenBanking, intent_id: str) -> dict[str, str]:
    """The error with which a customer who signed in is sent back."""
    person = open_banking.person()
    request_uri = open_banking.pushed(claims=claims(intent_id))
    back = person.sign_in(open_banking.visit(person, request_uri)).sent_back()
    assert back["iss"] == CONVENTIONAL
    assert "code" not in back
    return back


@pytest.fixture
def not_givable(open_banking: OpenBanking) -> dict[str, str]:
    """Consents that client 1 cannot be given, by what is wrong with them."""
    given = open_banking.consent()
    open_banking.code(claims=claims(given))
    refused, person = open_banking.consent(), open_banking.person()
    page = open_banking.visit(person, open_banking.pushed(claims=claims(refused)))
    person.refuse(person.sign_in(page))
    return {
        "another client's": open_banking.consent(OTHER),
        "unknown": "aac-00000000-0000-0000-0000-000000000000",
        "not even a name": "../../accounts",
        "given already": given,
        "refused already": refused,
    }


@pytest.mark.parametrize(
    "which",
    [
        "another client's",
        "unknown",
        "not even a name",
        "given already",
        "refused already",
    ],
)
def test_c39_server_handles_non_matching_intent_id(
    open_banking: OpenBanking, not_givable: dict[str, str], which: str
) -> None:
    """C39: an intent that is not client 1's to be given is an error at its door."""
    back = answered_at_once(open_banking, not_givable[which])
    assert back["error"] == "invalid_request"


def test_c39_an_expired_intent(open_banking: OpenBanking) -> None:
    """C39, B19: nor is one whose time is over."""
    soon = open_banking.bank.network.clock() + 30
    expires = _date_time(soon)
    intent_id = open_banking.consent(ExpirationDateTime=expires)
    open_banking.bank.wait(31)
    back = answered_at_once(open_banking, intent_id)
    assert back["error"] == "invalid_request"


def test_c40_essential_acr_sca_claim(open_banking: OpenBanking) -> None:
    """C40: it is asked for, so there is a second factor, and the ID token says so."""
    intent_id = open_banking.consent()
    asked = claims(intent_id, essential=True, values=[SCA])
    person = open_banking.person()
    page = open_banking.visit(person, open_banking.pushed(claims=asked))
    page = person.browser.submit(
        page, "/sign-in", username=person.username, password=person.password
    )
    assert "/second-factor" in page.forms
    assert "/consent" not in page.forms
    response = person.approve(person.sign_in(page)).sent_back()
    tokens = members(open_banking.redeem(response["code"]), 200)
    said = id_token(open_banking.server, tokens)
    assert said["acr"] == SCA
    assert said["openbanking_intent_id"] == intent_id


def test_c40_no_acr_that_was_not_earned(open_banking: OpenBanking) -> None:
    """C40: a password alone is no strong authentication, and is not called one."""
    tokens = open_banking.tokens()
    assert "acr" not in id_token(open_banking.server, tokens)


def _date_time(seconds: float) -> str:
    return datetime.fromtimestamp(int(seconds), UTC).isoformat()
