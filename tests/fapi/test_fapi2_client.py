"""
Our banking client before the OpenID Foundation's suite: FAPI 2.0, final, clients.

One test for each module of the plan `fapi2-security-profile-final-client-test-plan`,
with `client_auth_type=mtls`, `sender_constrain=mtls`, plain responses and the profile
`openbanking_uk`; a test that stands for several has their names as its cases. Our
client is the real one and the bank misbehaves (`tests/fapi/misbehaving.py`).

The suite asks whether the client stops. Here it is also asked where: whether a code
went anywhere, whether anything was kept, whether what was issued for nothing was given
back, and what the customer was told. And as the suite's resource server never
compares the certificate with the token, ours does.

C66 is about JARM and C68 about FAPI 1.0; this client has neither.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from client_node.oauth.authorization.pkce import code_challenge
from client_node.oauth.metadata.server_metadata import (
    DIRECT_ENDPOINTS,
    DirectEndpoint,
    choose_endpoint,
    discover,
)
from client_node.oauth.requests.endpoint_request import request_endpoint
from client_node.oauth.token.client_assertion import (
    assertion_parameters,
    client_assertion,
)
from client_node.web.journey.redeeming import SCA
from pki.mtls.contexts import ServerContext
from tests.client_node.in_memory.bank import (
    ISSUER,
    MTLS,
    WEB,
    WELL_KNOWN,
    FakeServer,
    Pki,
    always,
    metadata_document,
    new_pki,
    serve,
)
from tests.client_node.in_memory.open_bank import (
    AISP,
    REQUEST_URI,
    SIGNING_KEY,
    Browser,
    own_metadata,
    query_of,
)
from tests.fapi.misbehaving import (
    ACCESS_TOKEN,
    CODE,
    REFRESH_TOKEN,
    Meeting,
    Misbehaviour,
    changed_after_it_was_signed,
    form_of,
    signed_by_a_key_of_its_own,
    signed_by_somebody_else,
    signed_with_another_algorithm,
    signed_with_none,
    signed_with_none_under_a_key,
    signed_with_the_public_key,
)
from tests.in_memory.raw_tls import dial, outsider_context

CLIENT_ID = "banking-client"
ATTACKER = "https://localhost:9543"

Meet = Callable[..., Meeting]


@pytest.fixture(scope="session")
def little_pki() -> Pki:
    """Whom client and bank believe; made once."""
    return new_pki()


@pytest.fixture
def meet(little_pki: Pki, tmp_path: Path) -> Iterator[Meet]:
    """Our client meets a bank that does one thing wrong; none, if none is named."""
    meetings: list[Meeting] = []

    def meet(**misbehaviour: Any) -> Meeting:
        meetings.append(Meeting(little_pki, tmp_path, Misbehaviour(**misbehaviour)))
        return meetings[-1]

    yield meet
    for meeting in meetings:
        meeting.stop()


def assert_in_words(customer: Browser, status: int, heading: str) -> None:
    """A page of ours, with a way on, and nothing on it that came with the redirect."""
    assert customer.status == status
    assert heading in customer.text
    assert "Connect your bank again" in customer.text
    assert customer.location == ""
    assert CODE not in customer.text
    assert ATTACKER not in customer.text


def assert_stopped_with_the_code(meeting: Meeting) -> None:
    """The code went nowhere, and nothing came of it."""
    assert meeting.at_the_token_endpoint("authorization_code") == []
    assert meeting.kept("connection") == 0
    assert not meeting.is_anywhere_in_the_store(CODE)
    assert "No bank is connected" in meeting.customer.get("/accounts").text


def assert_given_back(meeting: Meeting) -> None:
    """What was issued was neither used nor kept; token and consent are ended."""
    assert_in_words(meeting.customer, 502, "answer was not as it should be")
    assert len(meeting.at_the_token_endpoint("authorization_code")) == 1
    assert not any(ACCESS_TOKEN in shown for shown in meeting.tokens_shown())
    assert meeting.kept("connection") == meeting.kept("attempt") == 0
    assert not meeting.is_anywhere_in_the_store(ACCESS_TOKEN)
    assert not meeting.is_anywhere_in_the_store(REFRESH_TOKEN)
    assert meeting.open_bank.revoked == [REFRESH_TOKEN]
    assert meeting.open_bank.consents == {}
    assert "No bank is connected" in meeting.customer.get("/accounts").text


def assert_connected(meeting: Meeting) -> None:
    """She is sent to her accounts, and sees them."""
    assert meeting.customer.location == "/accounts", meeting.customer.text
    assert_accounts_seen(meeting)


def assert_accounts_seen(meeting: Meeting) -> None:
    """She sees her accounts."""
    assert "Household" in meeting.customer.get("/accounts").text


# C60, with discovery: …-client-test-happy-path


def test_happy_path(meet: Meet) -> None:
    """C60: discovery, PAR, token endpoint and resources; what is asked, and where."""
    meeting = meet()
    meeting.connect()
    assert_connected(meeting)
    bank = meeting.bank
    assert [r.path for r in bank.conventional.asked] == [WELL_KNOWN, "/jwks"]
    assert [r.path for r in bank.mutual_tls.asked] == ["/token", "/par", "/token"]
    assert meeting.open_bank.consents["consent-1"]["Status"] == "AWAU"


def test_happy_path_with_one_certificate_for_everything(meet: Meet) -> None:
    """C60, RFC 8705 sections 2 and 3: authenticated, and bound, by the same one."""
    meeting = meet()
    meeting.connect()
    assert_connected(meeting)
    bank = meeting.bank
    ours = bank.pki.client.leaf_der
    for request in (*bank.mutual_tls.asked, *bank.resource.asked):
        assert request.peer is not None
        assert request.peer.der == ours
    assert all(request.peer is None for request in bank.conventional.asked)


def test_happy_path_without_any_secret(meet: Meet) -> None:
    """C60, RFC 8705 section 2: `client_id`, and no other credential, in each form."""
    meeting = meet()
    meeting.connect()
    for request in meeting.bank.mutual_tls.asked:
        form = form_of(request)
        assert form["client_id"] == CLIENT_ID
        assert form.keys().isdisjoint({"client_secret", "client_assertion"})
        assert request.header("authorization") is None


def test_what_is_pushed(meet: Meet) -> None:
    """C60, FAPI 2.0 section 5.3.3: code, PKCE S256, the consent, strong sign-in."""
    meeting = meet()
    meeting.leave()
    pushed = dict(meeting.open_bank.pushed)
    asked_claims = json.loads(pushed.pop("claims"))["id_token"]
    assert asked_claims == {
        "openbanking_intent_id": {"value": "consent-1", "essential": True},
        "acr": {"values": [SCA], "essential": True},
    }
    for name in ("state", "nonce", "code_challenge"):
        assert len(pushed.pop(name)) == 43  # 256 bits
    assert pushed == {
        "client_id": CLIENT_ID,
        "response_type": "code",
        "redirect_uri": f"{WEB}/callback",
        "scope": "openid accounts",
        "code_challenge_method": "S256",
    }


# C61: …-discovery-issuer-mismatch; RFC 8414 section 3.3


@pytest.mark.parametrize(
    "issuer",
    [ATTACKER, f"{ISSUER}/", "HTTPS://localhost:9443", "https://LOCALHOST:9443", None],
)
def test_discovery_issuer_mismatch(meet: Meet, issuer: str | None) -> None:
    """C61, RFC 8414 section 3.3: not identical is another; nothing is sent at all."""
    meeting = meet(metadata={"issuer": issuer})
    assert meeting.leave() == ""
    assert_in_words(meeting.customer, 502, "answer was not as it should be")
    assert meeting.bank.mutual_tls.asked == []
    assert meeting.bank.resource.asked == []
    assert [r.path for r in meeting.bank.conventional.asked] == [WELL_KNOWN]
    assert meeting.kept("attempt") == meeting.kept("connection") == 0


def test_discovery_issuer_mismatch_later(meet: Meet) -> None:
    """RFC 8414 section 3.3: of a server once good, too; the old document is over."""
    meeting = meet()
    meeting.leave()
    meeting.wait(600)
    meeting.misbehave(Misbehaviour(metadata={"issuer": ATTACKER}))
    meeting.come_back()
    assert_in_words(meeting.customer, 502, "answer was not as it should be")
    assert_stopped_with_the_code(meeting)


# C62: …-invalid-authorization-response-iss, …-remove-authorization-response-iss


@pytest.mark.check("authorization-response.issuer")
@pytest.mark.parametrize(
    "iss",
    [
        pytest.param(ATTACKER, id="invalid-authorization-response-iss"),
        pytest.param(None, id="remove-authorization-response-iss"),
        f"{ISSUER}/",
        "HTTPS://localhost:9443",
        "https://localhost",
        "",
    ],
)
def test_authorization_response_iss(meet: Meet, iss: str | None) -> None:
    """C62, RFC 9207 section 2.4: aborted before the token endpoint."""
    meeting = meet(authorization_response={"iss": iss})
    meeting.connect()
    assert_in_words(meeting.customer, 502, "answer was not as it should be")
    assert_stopped_with_the_code(meeting)


def test_authorization_response_iss_twice(meet: Meet) -> None:
    """RFC 6749 section 3.1: the right one beside a wrong one is no `iss`."""
    meeting = meet()
    meeting.leave()
    for more in (f"&iss={ATTACKER}", f"&iss={ISSUER}"):
        meeting.customer.get(meeting.callback() + more)
        assert meeting.customer.status in (400, 502)
        assert_stopped_with_the_code(meeting)


@pytest.mark.parametrize("iss", [ATTACKER, None])
def test_authorization_error_iss(meet: Meet, iss: str | None) -> None:
    """RFC 9207 section 2.4: a refusal of somebody else's is not believed, either."""
    refused = {"code": None, "error": "access_denied", "iss": iss}
    meeting = meet(authorization_response=refused)
    meeting.connect()
    assert_in_words(meeting.customer, 502, "answer was not as it should be")
    assert "Nothing was shared" not in meeting.customer.text


# C63: …-ensure-authorization-response-with-invalid-state-fails, …-missing-state-fails


@pytest.mark.parametrize(
    "state",
    [
        pytest.param("x" * 43, id="invalid-state"),
        pytest.param(None, id="invalid-missing-state"),
        "",
    ],
)
def test_authorization_response_state(meet: Meet, state: str | None) -> None:
    """C63: stopped before the token endpoint, and her own way back stays open."""
    meeting = meet(authorization_response={"state": state})
    meeting.connect()
    assert_in_words(meeting.customer, 400, "This way back from your bank is closed")
    assert_stopped_with_the_code(meeting)
    meeting.misbehave(Misbehaviour())
    meeting.come_back()
    assert_connected(meeting)


def test_authorization_response_state_that_is_almost_right(meet: Meet) -> None:
    """C63: compared as a whole, once, and as it is."""
    meeting = meet()
    meeting.leave()
    state = meeting.open_bank.pushed["state"]
    for almost in (state[:-1], f"{state}x", state.swapcase(), f" {state}"):
        meeting.come_back(state=almost)
        assert meeting.customer.status == 400
    meeting.customer.get(f"{meeting.callback()}&state={state}")
    assert meeting.customer.status == 400
    assert_stopped_with_the_code(meeting)


def test_authorization_response_state_of_another_browser(meet: Meet) -> None:
    """C63, RFC 6749 section 10.12: an attacker's own response is not hers."""
    meeting = meet()
    attacker = Browser(meeting.bank)
    attacker.get("/").send("/connect")
    attackers = meeting.callback()
    meeting.leave()
    meeting.customer.get(attackers)
    assert_in_words(meeting.customer, 400, "This way back from your bank is closed")
    assert_stopped_with_the_code(meeting)


def test_authorization_response_state_is_good_once(meet: Meet) -> None:
    """C63: a response that is replayed redeems nothing."""
    meeting = meet()
    meeting.connect()
    meeting.come_back()
    assert_in_words(meeting.customer, 400, "This way back from your bank is closed")
    assert len(meeting.at_the_token_endpoint("authorization_code")) == 1


# C64: the ID token


@pytest.mark.check("id-token.claims")
@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"iss": ATTACKER}, id="invalid-iss"),
        pytest.param({"iss": f"{ISSUER}/"}, id="almost-iss"),
        pytest.param({"iss": None}, id="invalid-missing-iss"),
        pytest.param({"aud": "other-tpp"}, id="invalid-aud"),
        pytest.param({"aud": ["other-tpp"]}, id="invalid-aud-in-an-array"),
        pytest.param({"aud": None}, id="invalid-missing-aud"),
        pytest.param({"aud": []}, id="empty-aud"),
        pytest.param(
            {"aud": [CLIENT_ID, "other-tpp"], "azp": CLIENT_ID},
            id="invalid-secondary-aud",
        ),
        pytest.param({"aud": [CLIENT_ID, "other-tpp"]}, id="secondary-aud-without-azp"),
        pytest.param({"azp": "other-tpp"}, id="invalid-azp"),
        pytest.param({"nonce": "x" * 43}, id="invalid-nonce"),
        pytest.param({"nonce": None}, id="invalid-missing-nonce"),
        pytest.param({"nonce": ""}, id="empty-nonce"),
        pytest.param({"exp": 1}, id="invalid-expired-exp"),
        pytest.param({"exp": None}, id="invalid-missing-exp"),
        pytest.param({"exp": "2100000000"}, id="exp-that-is-no-number"),
        pytest.param({"iat": None}, id="missing-iat"),
        pytest.param({"sub": None}, id="missing-sub"),
        pytest.param({"acr": None}, id="missing-acr"),
        pytest.param({"acr": "urn:openbanking:psd2:ca"}, id="weaker-acr"),
        pytest.param({"at_hash": "x" * 22}, id="invalid-at-hash"),
    ],
)
def test_id_token_claims(meet: Meet, claims: dict[str, object]) -> None:
    """C64, OpenID Connect Core section 3.1.3.7: refused, and all is given back."""
    meeting = meet(id_token=claims)
    meeting.connect()
    assert_given_back(meeting)


@pytest.mark.parametrize(
    ("claim", "seconds"),
    [("exp", -11), ("iat", -7 * 86400), ("iat", 60), ("nbf", 60)],
)
def test_id_token_times(meet: Meet, claim: str, seconds: int) -> None:
    """C64, FAPI 2.0 section 5.3.2.1: just over, a week old, or of the future."""
    meeting = meet()
    now = int(meeting.network.clock())
    meeting.misbehave(Misbehaviour(id_token={claim: now + seconds}))
    meeting.connect()
    assert_given_back(meeting)


@pytest.mark.parametrize(
    "sign",
    [
        pytest.param(signed_with_none, id="invalid-null-alg"),
        pytest.param(signed_with_none_under_a_key, id="null-alg-with-a-signature"),
        pytest.param(signed_with_another_algorithm, id="invalid-alternate-alg"),
        pytest.param(signed_with_the_public_key, id="public-key-as-a-secret"),
        pytest.param(signed_by_somebody_else, id="invalid-signature"),
        pytest.param(signed_by_a_key_of_its_own, id="key-in-the-header"),
        pytest.param(changed_after_it_was_signed, id="changed-after-it-was-signed"),
    ],
)
def test_id_token_signature(meet: Meet, sign: Callable[[dict[str, Any]], str]) -> None:
    """C64, RFC 8725: the bank's key, and the algorithm that was registered."""
    meeting = meet(sign=sign)
    meeting.connect()
    assert_given_back(meeting)


def test_no_id_token(meet: Meet) -> None:
    """OpenID Connect Core section 3.1.3.3: `openid` was asked for, so there is one."""
    meeting = meet(token_response={"id_token": None})
    meeting.connect()
    assert_given_back(meeting)


def test_valid_aud_as_array(meet: Meet) -> None:
    """C64: an array with nobody else in it is accepted."""
    meeting = meet(id_token={"aud": [CLIENT_ID]})
    meeting.connect()
    assert_connected(meeting)


# C65: …-token-endpoint-response-without-expires_in, …-token-type-case-insensitivity


def test_token_endpoint_response_without_expires_in(meet: Meet) -> None:
    """C65: used for as long as the resource server takes it, then refreshed."""
    meeting = meet(token_response={"expires_in": None})
    meeting.connect()
    assert_connected(meeting)
    meeting.wait(3600)
    assert_accounts_seen(meeting)
    assert meeting.at_the_token_endpoint("refresh_token") == []
    meeting.open_bank.refused_tokens.add(meeting.tokens_shown()[-1])
    assert_accounts_seen(meeting)
    assert len(meeting.at_the_token_endpoint("refresh_token")) == 1


@pytest.mark.parametrize("token_type", ["bearer", "BEARER", "bEaReR"])
def test_token_type_case_insensitivity(meet: Meet, token_type: str) -> None:
    """C65, RFC 6749 section 5.1: tolerated; the request says `Bearer` all the same."""
    meeting = meet(token_response={"token_type": token_type})
    meeting.connect()
    assert_connected(meeting)
    for request in meeting.bank.resource.asked:
        assert (request.header("authorization") or "").startswith("Bearer ")


@pytest.mark.parametrize("token_type", ["DPoP", "mac", "", None])
def test_token_type_that_is_not_understood(meet: Meet, token_type: str | None) -> None:
    """RFC 6749 section 7.1: such a token must not be used."""
    meeting = meet(token_response={"token_type": token_type})
    meeting.connect()
    assert_in_words(meeting.customer, 502, "answer was not as it should be")
    assert not any(ACCESS_TOKEN in shown for shown in meeting.tokens_shown())
    assert not meeting.is_anywhere_in_the_store(ACCESS_TOKEN)
    assert meeting.kept("connection") == 0
    assert meeting.open_bank.consents == {}


# C67: …-invalid-openbanking-intent-id, …-refresh-token-test


@pytest.mark.parametrize(
    "intent_id", ["consent-2", "consent-1 ", "CONSENT-1", "", ["consent-1"], None]
)
def test_openbanking_intent_id(meet: Meet, intent_id: object) -> None:
    """C67: the customer agreed to another consent than was asked for, or to none."""
    meeting = meet(id_token={"openbanking_intent_id": intent_id})
    meeting.connect()
    assert_given_back(meeting)


def test_refresh_token(meet: Meet) -> None:
    """C67, F10: refreshed at the alias, with our certificate; a token may stay."""
    meeting = meet()
    meeting.connect()
    for _ in range(2):
        meeting.wait(300)
        assert_accounts_seen(meeting)
    asked = {
        "grant_type": "refresh_token",
        "refresh_token": REFRESH_TOKEN,
        "client_id": CLIENT_ID,
    }
    assert meeting.at_the_token_endpoint("refresh_token") == [asked, asked]
    # The bank compares, and took them: each is bound to the certificate it came over.
    own, first, second = dict.fromkeys(meeting.tokens_shown())
    assert own.startswith("client_credentials-")
    assert first.startswith("refresh_token-")
    assert second.startswith("refresh_token-")


def test_refresh_token_rotation(meet: Meet) -> None:
    """F10, FAPI 2.0 section 5.3.3.1: a new one is used from then on, the old never."""
    meeting = meet()
    meeting.connect()
    for number in (2, 3, 4):
        rotated = {"refresh_token": f"refresh-{number}"}
        meeting.misbehave(Misbehaviour(token_response=rotated))
        meeting.wait(300)
        assert_accounts_seen(meeting)
    sent = meeting.at_the_token_endpoint("refresh_token")
    used = [form["refresh_token"] for form in sent]
    assert used == [REFRESH_TOKEN, "refresh-2", "refresh-3"]


# C69: oidcc-client-test-mtls-endpoint-aliases; RFC 8705 section 5


def test_mtls_endpoint_aliases(meet: Meet) -> None:
    """C69, M5.2: PAR, all three grants, revocation; both URLs are there to choose."""
    meeting = meet()
    meeting.connect()
    meeting.wait(300)
    meeting.customer.get("/accounts")
    meeting.customer.get("/consents").send("/disconnect")
    bank = meeting.bank
    at_the_alias = [request.path for request in bank.mutual_tls.asked]
    assert at_the_alias == [
        *("/token", "/par", "/token"),
        "/token",  # refreshed
        *("/token", "/revoke", "/revoke"),  # one to delete the consent with
    ]
    at_the_root = {request.path for request in bank.conventional.asked}
    assert at_the_root == {WELL_KNOWN, "/jwks"}


@pytest.mark.parametrize("name", DIRECT_ENDPOINTS)
@pytest.mark.parametrize("is_assertion_sent", [False, True])
def test_mtls_endpoint_aliases_for_any_client(
    meet: Meet, name: DirectEndpoint, *, is_assertion_sent: bool
) -> None:
    """M5.2, M5.7: every direct request, and with `private_key_jwt` no less."""
    meeting = meet()
    paths = {each: f"/direct/{each}" for each in DIRECT_ENDPOINTS}
    document = metadata_document(
        **{each: f"{ISSUER}{path}" for each, path in paths.items()},
        mtls_endpoint_aliases={each: f"{MTLS}{path}" for each, path in paths.items()},
    )
    meeting.bank.conventional.answers[WELL_KNOWN] = always(200, document)
    identity = meeting.bank.identity(meeting.bank.pki.client)
    now = meeting.network.clock()
    assertion = client_assertion(SIGNING_KEY, CLIENT_ID, ISSUER, now)
    credentials = assertion_parameters(assertion) if is_assertion_sent else {}

    async def ask() -> None:
        endpoint = choose_endpoint(await discover(identity, ISSUER), name)
        await request_endpoint(identity, endpoint, credentials)

    meeting.network.run(ask())
    (request,) = meeting.bank.mutual_tls.asked
    assert request.path == paths[name]
    assert request.peer is not None
    assert request.peer.der == meeting.bank.pki.client.leaf_der
    assert form_of(request) == {"client_id": CLIENT_ID, **credentials}
    assert [each.path for each in meeting.bank.conventional.asked] == [WELL_KNOWN]


@pytest.mark.parametrize(
    ("name", "path"),
    [("pushed_authorization_request", "/par"), ("revocation", "/revoke")],
)
def test_endpoint_without_an_alias(meet: Meet, name: str, path: str) -> None:
    """M5.3: what is not among the aliases is at its conventional URL, and only that."""
    meeting = meet()
    bank = meeting.bank
    bank.conventional.answers[path] = bank.mutual_tls.answers.pop(path)
    document = own_metadata()
    aliases = document["mtls_endpoint_aliases"]
    assert isinstance(aliases, dict)
    del aliases[f"{name}_endpoint"]
    bank.conventional.answers[WELL_KNOWN] = always(200, document)
    meeting.connect()
    meeting.customer.get("/consents").send("/disconnect")
    assert meeting.customer.location == "/consents?ended=yes"
    assert {r.path for r in bank.conventional.asked} == {WELL_KNOWN, "/jwks", path}
    expected = {"/par", "/token", "/revoke"} - {path}
    assert {r.path for r in bank.mutual_tls.asked} == expected


@pytest.mark.parametrize("value", [f"{ATTACKER}/x", "", 7, None, [ATTACKER]])
def test_aliases_that_mean_nothing(meet: Meet, value: object) -> None:
    """M5.4: what is not for direct requests is ignored, whatever it is."""
    names = ("authorization_endpoint", "end_session_endpoint", "issuer", "jwks_uri")
    good = own_metadata()["mtls_endpoint_aliases"]
    assert isinstance(good, dict)
    ignored = dict.fromkeys((*names, "check_session_iframe", "unheard_of"), value)
    meeting = meet(metadata={"mtls_endpoint_aliases": {**good, **ignored}})
    assert meeting.leave().startswith(f"{ISSUER}/authorize?")
    meeting.come_back()
    assert_connected(meeting)
    at_the_root = {request.path for request in meeting.bank.conventional.asked}
    assert at_the_root == {WELL_KNOWN, "/jwks"}


def test_browsers_are_asked_for_no_certificate(meet: Meet) -> None:
    """M5.6, and for our own pages, too: whoever has one is not asked for it."""
    meeting = meet()
    credential = meeting.bank.pki.client
    for port, expected in ((9446, False), (9443, False), (9444, True)):
        browser = dial(meeting.network, port, outsider_context(credential))
        assert browser.handshaken
        states = " ".join(browser.states)
        assert ("certificate request" in states) is expected, states


# F10: the front channel, PKCE, tokens in the header


def test_front_channel_carries_only_a_reference(meet: Meet) -> None:
    """F10, FAPI 2.0 section 5.3.3.2: `client_id` and `request_uri`, to the real URL."""
    meeting = meet()
    parts = urlsplit(meeting.leave())
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{ISSUER}/authorize"
    expected = {"client_id": [CLIENT_ID], "request_uri": [REQUEST_URI]}
    assert parse_qs(parts.query, strict_parsing=True) == expected
    assert parts.fragment == ""


def test_front_channel_with_a_query_of_its_own(meet: Meet) -> None:
    """RFC 6749 section 3.1: what the endpoint has in its query stays; no more comes."""
    meeting = meet(metadata={"authorization_endpoint": f"{ISSUER}/authorize?a=b"})
    expected = {"a": "b", "client_id": CLIENT_ID, "request_uri": REQUEST_URI}
    assert query_of(meeting.leave()) == expected


def test_verifier_state_and_nonce_are_fresh(meet: Meet) -> None:
    """F10, RFC 7636 section 4.1: all new for each attempt, and none tells another."""
    meeting = meet()
    seen: list[str] = []
    for browser in (meeting.customer, meeting.customer, Browser(meeting.bank)):
        meeting.customer = browser
        meeting.connect()
        pushed = meeting.open_bank.pushed
        verifier = meeting.at_the_token_endpoint("authorization_code")[-1][
            "code_verifier"
        ]
        assert pushed["code_challenge"] == code_challenge(verifier)
        assert 43 <= len(verifier) <= 128
        seen += [verifier, pushed["code_challenge"], pushed["state"], pushed["nonce"]]
    assert len(set(seen)) == 12


def test_verifier_is_never_shown_before_the_code(meet: Meet) -> None:
    """RFC 7636 section 1: to nobody but the token endpoint, with the code."""
    meeting = meet()
    meeting.connect()
    (form,) = meeting.at_the_token_endpoint("authorization_code")
    assert form["code"] == CODE
    bodies = [
        request.body.decode() + request.query
        for server in (meeting.bank.conventional, meeting.bank.mutual_tls)
        for request in server.asked
    ]
    assert sum(form["code_verifier"] in body for body in bodies) == 1


def test_tokens_in_the_header_only(meet: Meet) -> None:
    """F10, FAPI 2.0 section 5.3.4: no query and no form has one."""
    meeting = meet()
    meeting.connect()
    meeting.customer.get("/accounts")
    meeting.customer.get("/accounts/22")
    assert len(meeting.bank.resource.asked) > 3
    for request in meeting.bank.resource.asked:
        (field,) = request.headers["authorization"]
        scheme, token = field.split(" ")
        assert (scheme, token in meeting.open_bank.bound_to) == ("Bearer", True)
        assert token not in request.query
        assert token.encode() not in request.body
        assert "access_token" not in request.query


# F13: each bank for itself


def elsewhere(meeting: Meeting, url: str) -> FakeServer:
    """Somebody with a certificate the client believes, at another address."""
    server = FakeServer()
    context = ServerContext(meeting.bank.pki.server, request_certificate=True)
    serve(meeting.network, server, url, context)
    return server


def another_bank(meeting: Meeting) -> FakeServer:
    """Another authorization server, which says of itself what is right."""
    server = elsewhere(meeting, ATTACKER)
    names = ("token", "revocation", "pushed_authorization_request", "authorization")
    endpoints = {f"{name}_endpoint": f"{ATTACKER}/{name}" for name in names}
    server.answers[WELL_KNOWN] = always(
        200,
        metadata_document(
            issuer=ATTACKER,
            jwks_uri=f"{ATTACKER}/jwks",
            mtls_endpoint_aliases=endpoints,
            **endpoints,
        ),
    )
    return server


def test_tokens_go_to_the_resource_server_of_their_issuer_only(meet: Meet) -> None:
    """F13: a page that is said to be elsewhere is not fetched there."""
    meeting = meet()
    attacker = elsewhere(meeting, ATTACKER)
    meeting.connect()
    path = f"{AISP}/accounts/22/transactions"
    links = {"Next": f"{ATTACKER}{path}"}
    meeting.bank.resource.answers[path] = always(
        200, {"Data": {"Transaction": []}, "Links": links}
    )
    assert meeting.customer.get("/accounts/22").status in (200, 502)
    assert attacker.asked == []


def test_tokens_of_one_bank_are_nothing_at_another(meet: Meet) -> None:
    """F13: the client was given another bank; it has nothing of the first one's."""
    meeting = meet()
    meeting.connect()
    assert_connected(meeting)
    other = another_bank(meeting)
    meeting.restart((ISSUER, ATTACKER))
    shown = len(meeting.bank.resource.asked)
    meeting.wait(300)
    for page in ("/accounts", "/accounts/22"):
        assert "Household" not in meeting.customer.get(page).text
    meeting.customer.get("/consents").send("/disconnect")
    assert not any(b"refresh-1" in request.body for request in other.asked)
    assert not any(ACCESS_TOKEN.encode() in request.body for request in other.asked)
    later = meeting.tokens_shown()[shown:]
    assert not any(ACCESS_TOKEN in token for token in later)


def test_code_of_one_bank_is_not_taken_to_another(meet: Meet) -> None:
    """F13, RFC 9207 section 2.4: whoever began at one bank does not end at another."""
    meeting = meet()
    meeting.leave()
    other = another_bank(meeting)
    meeting.restart((ISSUER, ATTACKER))
    meeting.come_back()
    assert not any(CODE.encode() in request.body for request in other.asked)
    assert_in_words(meeting.customer, 400, "This way back from your bank is closed")
    assert_stopped_with_the_code(meeting)
