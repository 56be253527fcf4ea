"""A customer connects her bank: the client's side of FAPI 2.0, with a browser."""

import json
from typing import Any

import pytest

from client_node.web.journey.redeeming import SCA
from client_node.web.store.store import ATTEMPT_LIFETIME, MOST_ATTEMPTS
from pki.http.messages import Request, Response
from tests.client_node.in_memory.bank import (
    ISSUER,
    MTLS,
    WELL_KNOWN,
    always,
    always_challenge,
)
from tests.client_node.in_memory.open_bank import (
    AISP,
    OTHER_KEY,
    REQUEST_URI,
    Browser,
    OpenBank,
    callback,
    own_metadata,
    query_of,
    signed,
)


def token_forms(open_bank: OpenBank) -> list[dict[str, list[str]]]:
    """The token requests for the customer."""
    forms = open_bank.bank.mutual_tls.forms()
    return [f for f in forms if f.get("grant_type") == ["authorization_code"]]


def test_the_way_to_the_bank_carries_a_reference_and_no_more(
    open_bank: OpenBank, browser: Browser
) -> None:
    """FAPI 2.0 section 5.3.3: the browser sends `client_id` and `request_uri`."""
    browser.get("/").send("/connect")
    assert browser.status == 303
    assert browser.location.startswith(f"{ISSUER}/authorize?")
    assert query_of(browser.location) == {
        "client_id": "banking-client",
        "request_uri": REQUEST_URI,
    }


def test_what_is_pushed(open_bank: OpenBank, browser: Browser) -> None:
    """RFC 9126: PKCE S256, state, nonce, and the consent the claims name."""
    browser.get("/").send("/connect")
    pushed = open_bank.pushed
    assert pushed["response_type"] == "code"
    assert pushed["redirect_uri"] == "https://127.0.0.1:9446/callback"
    assert pushed["scope"] == "openid accounts"
    assert pushed["code_challenge_method"] == "S256"
    assert "prompt" not in pushed
    assert len(pushed["state"]) >= 43
    assert len(pushed["nonce"]) >= 43
    claims = json.loads(pushed["claims"])["id_token"]
    assert claims["openbanking_intent_id"]["value"] == "consent-1"
    assert claims["acr"] == {"essential": True, "values": [SCA]}


def test_what_is_asked_for(open_bank: OpenBank, browser: Browser) -> None:
    """Ninety days, and what the pages show: no permission beyond that."""
    browser.get("/").send("/connect")
    consent = open_bank.consents["consent-1"]
    assert sorted(consent["Permissions"]) == [
        "ReadAccountsDetail",
        "ReadBalances",
        "ReadTransactionsCredits",
        "ReadTransactionsDebits",
        "ReadTransactionsDetail",
    ]
    assert consent["ExpirationDateTime"].endswith("+00:00")


def test_state_nonce_and_verifier_are_new_each_time(
    open_bank: OpenBank, browser: Browser
) -> None:
    """FAPI 2.0 section 5.3.3: fresh PKCE per request."""
    browser.get("/").send("/connect")
    first = dict(open_bank.pushed)
    browser.get("/").send("/connect")
    for name in ("state", "nonce", "code_challenge"):
        assert open_bank.pushed[name] != first[name]


def test_the_way_back(open_bank: OpenBank, browser: Browser) -> None:
    """The code becomes tokens, and the accounts are shown."""
    browser.connected(open_bank)
    assert (browser.status, browser.location) == (303, "/accounts")
    browser.get("/accounts")
    assert browser.status == 200
    for expected in ("Household", "£1,234.50", "20-00-00"):
        assert expected in browser.text


def test_every_direct_request_goes_to_an_alias(
    open_bank: OpenBank, browser: Browser
) -> None:
    """RFC 8705 section 5: PAR, token and revocation, though both are offered."""
    browser.connected(open_bank)
    browser.get("/consents").send("/disconnect")
    paths = {request.path for request in open_bank.bank.mutual_tls.asked}
    assert paths == {"/par", "/token", "/revoke"}
    conventional = {request.path for request in open_bank.bank.conventional.asked}
    assert conventional == {WELL_KNOWN, "/jwks"}
    assert MTLS != ISSUER


def test_without_aliases_the_conventional_endpoints_are_used(
    open_bank: OpenBank, browser: Browser
) -> None:
    """RFC 8705 section 5: what has no alias is where it always was."""
    metadata = own_metadata(
        mtls_endpoint_aliases={"token_endpoint": f"{MTLS}/token"},
        pushed_authorization_request_endpoint=f"{MTLS}/par",
    )
    open_bank.bank.conventional.answers[WELL_KNOWN] = always(200, metadata)
    browser.connected(open_bank)
    assert browser.location == "/accounts"


def test_the_wrong_issuer_in_the_metadata(
    open_bank: OpenBank, browser: Browser
) -> None:
    """RFC 8414 section 3.3: nothing is sent to anybody."""
    metadata = own_metadata(issuer="https://localhost:1")
    open_bank.bank.conventional.answers[WELL_KNOWN] = always(200, metadata)
    browser.get("/").send("/connect")
    assert browser.status == 502
    assert not open_bank.bank.mutual_tls.asked
    assert not open_bank.bank.resource.asked


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"iss": "https://localhost:1"}, 502),
        ({"iss": ISSUER + "/"}, 502),
        ({"iss": None}, 502),
        ({"state": "x" * 43}, 400),
        ({"state": None}, 400),
        ({"code": None}, 502),
        ({"error": "access_denied"}, 502),
    ],
)
def test_a_response_that_is_not_ours_ends_before_the_token_endpoint(
    open_bank: OpenBank, browser: Browser, changes: dict[str, str | None], status: int
) -> None:
    """RFC 9207 section 2.4, RFC 6749 section 10.12: no code goes anywhere."""
    browser.get("/").send("/connect")
    browser.get(callback(open_bank, **changes))
    assert browser.status == status
    assert "Connect your bank again" in browser.text
    assert not token_forms(open_bank)


def test_state_twice(open_bank: OpenBank, browser: Browser) -> None:
    """RFC 6749 section 3.1: a parameter that comes twice is no parameter."""
    browser.get("/").send("/connect")
    path = callback(open_bank)
    browser.get(f"{path}&state=x")
    assert browser.status == 400
    assert not token_forms(open_bank)


def test_the_response_in_another_browser(open_bank: OpenBank, browser: Browser) -> None:
    """RFC 6749 section 10.12: a state is good in the session it was made for."""
    browser.get("/").send("/connect")
    other = Browser(open_bank.bank)
    other.get("/").send("/connect")
    first_state = open_bank.pushed["state"]
    browser.get(callback(open_bank, state=first_state))
    assert browser.status == 400
    assert not token_forms(open_bank)


def test_a_browser_without_its_cookie(open_bank: OpenBank, browser: Browser) -> None:
    """It is told so, and may start again."""
    browser.get("/").send("/connect")
    browser.cookies.clear()
    browser.get(callback(open_bank))
    assert browser.status == 400
    assert "cookie" in browser.text
    assert not token_forms(open_bank)
    assert "__Host-tpp-session" in browser.cookies
    browser.send("/connect")
    assert browser.status == 303


def test_a_response_is_good_once(open_bank: OpenBank, browser: Browser) -> None:
    """The back button, or a reload: no second token request, and a way on."""
    browser.connected(open_bank)
    browser.get(callback(open_bank))
    assert browser.status == 400
    assert "/accounts" in browser.text
    assert len(token_forms(open_bank)) == 1


def test_two_tabs(open_bank: OpenBank, browser: Browser) -> None:
    """Each has its attempt; the first to leave may be the second to come back."""
    browser.get("/").send("/connect")
    first = dict(open_bank.pushed)
    browser.get("/").send("/connect")
    second = dict(open_bank.pushed)
    for pushed in (second, first):
        open_bank.pushed = pushed
        browser.get(callback(open_bank))
        assert browser.location == "/accounts"
    assert browser.get("/accounts").text.count("Household") == 2


@pytest.mark.bound("web.attempt-time")
def test_an_attempt_that_took_too_long(open_bank: OpenBank, browser: Browser) -> None:
    """An hour is time enough."""
    browser.get("/").send("/connect")
    open_bank.bank.network.reactor.advance(ATTEMPT_LIFETIME)
    browser.get(callback(open_bank))
    assert browser.status == 400
    assert not token_forms(open_bank)


@pytest.mark.bound("web.attempts")
def test_attempts_have_a_bound(open_bank: OpenBank, browser: Browser) -> None:
    """The oldest makes room."""
    browser.get("/").send("/connect")
    oldest = dict(open_bank.pushed)
    for _ in range(MOST_ATTEMPTS):
        open_bank.bank.network.reactor.advance(1)
        browser.get("/").send("/connect")
    browser.get(callback(open_bank, state=oldest["state"]))
    assert browser.status == 400
    browser.get(callback(open_bank))
    assert browser.location == "/accounts"


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        ("access_denied", 403, "Nothing was shared"),
        ("temporarily_unavailable", 503, "Your bank is busy"),
        ("server_error", 502, "could not do this"),
        ("<script>", 502, "could not do this"),
    ],
)
def test_a_refusal_in_words(
    open_bank: OpenBank, browser: Browser, error: str, status: int, words: str
) -> None:
    """RFC 6749 section 4.1.2.1: said in our words, and never in the server's."""
    browser.get("/").send("/connect")
    told = "<b>your password, please</b>"
    browser.get(callback(open_bank, code=None, error=error, error_description=told))
    assert browser.status == status
    assert words in browser.text
    assert "password" not in browser.text
    assert "<script" not in browser.text
    assert "Connect your bank again" in browser.text
    assert not token_forms(open_bank)


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://localhost:1"},
        {"iss": None},
        {"aud": "other-tpp"},
        {"aud": ["banking-client", "other-tpp"], "azp": "banking-client"},
        {"aud": None},
        {"azp": "other-tpp"},
        {"exp": None},
        {"exp": 1},
        {"iat": 1},
        {"nonce": "another"},
        {"nonce": None},
        {"acr": "urn:openbanking:psd2:ca"},
        {"acr": None},
        {"openbanking_intent_id": "consent-2"},
        {"openbanking_intent_id": None},
        {"sub": None},
    ],
    ids=json.dumps,
)
def test_an_id_token_that_is_wrong(
    open_bank: OpenBank, browser: Browser, changes: dict[str, Any]
) -> None:
    """OpenID Connect Core section 3.1.3.7: nothing is connected, all is given back."""
    open_bank.id_token_changes = changes
    browser.connected(open_bank)
    assert browser.status == 502
    assert "Connect your bank again" in browser.text
    assert open_bank.revoked == ["refresh-1"]
    assert open_bank.consents == {}
    assert "No bank is connected" in browser.get("/accounts").text


def test_a_token_response_without_an_id_token(
    open_bank: OpenBank, browser: Browser
) -> None:
    """OpenID Connect Core section 3.1.3.3: there is one, or no connection."""
    open_bank.token_changes = {"id_token": None}
    browser.connected(open_bank)
    assert browser.status == 502
    assert open_bank.revoked == ["refresh-1"]


def test_an_id_token_signed_by_somebody_else(
    open_bank: OpenBank, browser: Browser
) -> None:
    """A key the server does not publish, under the name of one that it does."""
    open_bank.id_token = lambda claims: signed(claims, OTHER_KEY, kid="one")
    assert browser.connected(open_bank).status == 502


def test_a_key_that_is_new_is_looked_up(open_bank: OpenBank, browser: Browser) -> None:
    """The server rotated its keys since they were read: once more, and not twice."""
    browser.connected(open_bank)
    open_bank.keys = [OTHER_KEY]
    open_bank.id_token = lambda claims: signed(claims, OTHER_KEY)
    assert browser.connected(open_bank).status == 502
    open_bank.bank.network.reactor.advance(31)
    assert browser.connected(open_bank).location == "/accounts"


def test_a_single_audience_in_an_array(open_bank: OpenBank, browser: Browser) -> None:
    """OpenID Connect Core section 2: as good as a string."""
    open_bank.id_token_changes = {"aud": ["banking-client"], "azp": "banking-client"}
    assert browser.connected(open_bank).location == "/accounts"


def test_a_token_response_without_expires_in(
    open_bank: OpenBank, browser: Browser
) -> None:
    """RFC 6749 section 5.1: it is only recommended."""
    open_bank.token_changes = {"expires_in": None}
    assert browser.connected(open_bank).location == "/accounts"
    assert "Household" in browser.get("/accounts").text


def test_the_token_endpoint_refuses(open_bank: OpenBank, browser: Browser) -> None:
    """The consent is not left behind."""
    browser.get("/").send("/connect")
    open_bank.bank.mutual_tls.answers["/token"] = always(
        400, {"error": "invalid_grant"}
    )
    browser.get(callback(open_bank))
    assert browser.status == 502
    assert open_bank.revoked == []
    assert open_bank.consents == {}


def test_the_bank_refuses_the_push(open_bank: OpenBank, browser: Browser) -> None:
    """In words: it is not the customer's fault."""
    open_bank.bank.mutual_tls.answers["/par"] = always(401, {"error": "invalid_client"})
    browser.get("/").send("/connect")
    assert browser.status == 502
    assert "does not accept this application" in browser.text


def test_the_bank_refuses_the_consent(open_bank: OpenBank, browser: Browser) -> None:
    """In words, and with a way on."""
    path = f"{AISP}/account-access-consents"
    open_bank.bank.resource.answers[path] = always(
        400, {"Errors": [{"ErrorCode": "U002", "Message": "<i>no</i>"}]}
    )
    browser.get("/").send("/connect")
    assert browser.status == 502
    assert "<i>" not in browser.text
    assert "Connect your bank again" in browser.text


def test_a_stale_token_of_our_own_is_replaced_once(
    open_bank: OpenBank, browser: Browser
) -> None:
    """RFC 8705 section 6.3: 401 `invalid_token` is answered once with a new one."""
    path = f"{AISP}/account-access-consents"
    create = open_bank.bank.resource.answers[path]
    refused = always_challenge(401, 'Bearer error="invalid_token"')
    answers = iter([refused, create])

    def answer(request: Request) -> Response:
        return next(answers)(request)

    open_bank.bank.resource.answers[path] = answer
    browser.get("/").send("/connect")
    assert browser.status == 303
    asked = [r for r in open_bank.bank.resource.asked if r.path == path]
    assert asked[0].header("authorization") != asked[1].header("authorization")


@pytest.mark.parametrize("port", [9443, 9444, 9445])
def test_a_bank_that_is_away(open_bank: OpenBank, browser: Browser, port: int) -> None:
    """503 and a way on, whichever of its servers it is."""
    open_bank.bank.network.close("localhost", port)
    browser.get("/").send("/connect")
    assert browser.status == 503
    assert "cannot be reached" in browser.text


def test_a_form_from_elsewhere(open_bank: OpenBank, browser: Browser) -> None:
    """No Origin of ours, no token of ours, no cookie: each alone is enough."""
    browser.get("/")
    for origin in (None, "null", "https://localhost:9446", "https://evil.example"):
        attacker = Browser(open_bank.bank, browser.cookies, browser.answer, origin)
        assert attacker.send("/connect").status == 403
    assert browser.get("/").send("/connect", csrf="x").status == 403
    browser.get("/")
    fresh = Browser(open_bank.bank, {}, browser.answer)
    assert fresh.send("/connect").status == 403
    assert not open_bank.bank.resource.asked


def test_the_session_cookie(open_bank: OpenBank, browser: Browser) -> None:
    """`__Host-`, for this host alone, unseen by scripts, sent with the way back."""
    answer = browser.get("/").answer
    assert answer is not None
    (cookie,) = answer.headers["set-cookie"]
    name, *attributes = cookie.split("; ")
    assert name.startswith("__Host-tpp-session=")
    assert set(attributes) >= {"Path=/", "Secure", "HttpOnly", "SameSite=Lax"}
    assert not any(each.startswith("Domain") for each in attributes)
    again = browser.get("/").answer
    assert again is not None
    assert "set-cookie" not in again.headers


def test_the_policy_lets_the_form_lead_to_the_bank(
    open_bank: OpenBank, browser: Browser
) -> None:
    """Browsers apply `form-action` to the redirect after a form as well."""
    answer = browser.get("/").answer
    assert answer is not None
    policy = answer.header("content-security-policy") or ""
    assert f"form-action 'self' {ISSUER};" in policy
    assert answer.header("referrer-policy") == "same-origin"
    assert answer.header("cache-control") == "no-store"


def test_a_token_endpoint_that_breaks(open_bank: OpenBank, browser: Browser) -> None:
    """The customer is told, and the consent is deleted."""
    browser.get("/").send("/connect")
    open_bank.bank.mutual_tls.answers["/token"] = lambda _request: Response(500)
    browser.get(callback(open_bank))
    assert browser.status == 502
    assert open_bank.consents == {}


def test_a_form_that_is_malformed(open_bank: OpenBank, browser: Browser) -> None:
    """Nothing is done: not UTF-8, a field twice, too many, another media type."""
    token = browser.get("/").hidden("/connect")["csrf"]
    many = "&".join(f"a{number}=1" for number in range(20))
    for body in (f"csrf={token}&csrf={token}", f"csrf={token}&a=%ff", "csrf", many):
        assert browser.post("/connect", body).status == 403
    assert browser.post("/connect", f"csrf={token}", "text/plain").status == 403
    assert browser.post("/connect", f"csrf={token}").status == 303


def test_a_response_that_cannot_be_read(open_bank: OpenBank, browser: Browser) -> None:
    """Not UTF-8, or without end."""
    browser.get("/").send("/connect")
    for query in ("state=%ff", "&".join(["a=1"] * 50), ""):
        assert browser.get(f"/callback?{query}").status == 400
    assert not token_forms(open_bank)


def test_what_cannot_be_given_back(open_bank: OpenBank, browser: Browser) -> None:
    """The customer is told what went wrong first."""
    open_bank.id_token_changes = {"nonce": "another"}
    open_bank.bank.mutual_tls.answers["/revoke"] = always(503, {})
    browser.connected(open_bank)
    assert browser.status == 502
    assert "was not as it should be" in browser.text
