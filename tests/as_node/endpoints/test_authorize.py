"""The authorization endpoint: from a `request_uri` to a code, by way of a person."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from twisted.internet.defer import Deferred

from pki.http.answers import Answer
from pki.http.messages import json_response
from tests.as_node.authorizing import REDIRECT_URI
from tests.as_node.pushing import SCA, authorization_request, claims, pushed, redeem
from tests.customers.step_by_step import (
    AUTHORIZE,
    PASSWORD,
    Browser,
    approve,
    confirm,
    consent_page,
    forms_of,
    sent_back,
    sign_in,
)
from tests.in_memory.authorization_server import (
    CONVENTIONAL,
    FORM,
    MUTUAL_TLS,
    Deployment,
    assert_refused,
    members,
)
from tests.in_memory.consents import INTENT, TY, Consents, serve_consents

StartAs = Callable[..., Deployment]

NO_CLIENT_ID = "the link needs one client_id"
NO_REQUEST_URI = "the link needs one request_uri"
UNKNOWN = "this request_uri was not given out here"
ANOTHERS = "was pushed by another client"
EXPIRED = "This link has expired"

ERROR = {"iss": CONVENTIONAL, "state": "a state"}


@pytest.fixture
def browser(server: Deployment) -> Browser:
    """Ty Webb's."""
    return Browser(server)


def assert_is_over(answer: Answer, says: str = "answered already") -> None:
    """A page that leads nowhere: there is nobody to be sent back to."""
    assert answer.status == 400
    assert answer.header("location") is None
    assert forms_of(answer) == {}
    assert says in answer.body.decode()


def test_the_whole_way(
    server: Deployment, consents: Consents, browser: Browser
) -> None:
    """RFC 6749 section 4.1.2, RFC 9207 section 2: code, state and iss, and no more."""
    page = consent_page(browser, pushed(server))
    answer = approve(browser, page)
    found = sent_back(answer, REDIRECT_URI)
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", found.pop("code"))
    assert found == {"state": "a state", "iss": CONVENTIONAL}
    assert answer.header("cache-control") == "no-store"
    assert answer.header("referrer-policy") == "no-referrer"
    (decision,) = consents.decisions
    assert decision.pop("decision_id")
    assert decision == {
        "consent_id": INTENT,
        "customer": TY,
        "client_id": "banking-client",
        "decision": "approved",
        "account_ids": ["1"],
    }


def test_who_asks_the_resource_server(
    server: Deployment, consents: Consents, browser: Browser
) -> None:
    """RFC 8705 section 2: over mutual TLS, with a certificate for just that."""
    approve(browser, consent_page(browser, pushed(server)))
    expected = server.x5t_s256("as-backchannel")
    assert [r.method for r in consents.asked] == ["GET", "PUT"]
    for request in consents.asked:
        assert request.peer is not None
        assert request.peer.x5t_s256 == expected


def test_without_state(
    server: Deployment, consents: Consents, browser: Browser
) -> None:
    """RFC 6749 section 4.1.2: none was sent, so none comes back."""
    page = consent_page(browser, pushed(server, state=None))
    assert sent_back(approve(browser, page), REDIRECT_URI).keys() == {"code", "iss"}


def test_a_long_state(server: Deployment, consents: Consents, browser: Browser) -> None:
    """RFC 6749 section 4.1.2: returned as it was sent, every character of it."""
    state = "".join(map(chr, range(0x20, 0x7F))) * 4
    page = consent_page(browser, pushed(server, state=state))
    assert sent_back(approve(browser, page), REDIRECT_URI)["state"] == state


def test_a_redirect_uri_with_a_query(
    start_as: StartAs, browser: Browser, consents: Consents
) -> None:
    """RFC 6749 section 3.1.2: the query that was registered stays."""
    with_query = f"{REDIRECT_URI}?bank=1"
    server = start_as((f'"{REDIRECT_URI}"', f'"{with_query}"'))
    browser = Browser(server)
    request_uri = pushed(server, redirect_uri=with_query, scope="openid", claims=None)
    page = sign_in(browser, browser.authorize(request_uri))
    answer = browser.submit(page, "/consent", decision="approved")
    assert sent_back(answer, f"{with_query}&").keys() == {
        "bank",
        "code",
        "state",
        "iss",
    }


def test_without_a_consent(server: Deployment, browser: Browser) -> None:
    """OpenID Connect Core section 3.1.2.4: who only signs in somewhere is asked too."""
    request_uri = pushed(server, scope="openid", claims=None)
    page = sign_in(browser, browser.authorize(request_uri))
    assert TY.encode() in page.body
    answer = browser.submit(page, "/consent", decision="approved")
    assert "code" in sent_back(answer, REDIRECT_URI)


def test_the_front_channel_is_not_read(
    server: Deployment, consents: Consents, browser: Browser
) -> None:
    """RFC 9126 section 4: what else the browser says means nothing."""
    request_uri = pushed(server)
    page = browser.authorize(
        request_uri,
        state="another",
        redirect_uri="https://evil.example/",
        scope="openid",
        nonce="another",
        prompt="none",
        response_type="token",
        claims="no claims",
    )
    answer = approve(browser, sign_in(browser, page))
    assert sent_back(answer, REDIRECT_URI)["state"] == "a state"


def test_posted(server: Deployment, consents: Consents, browser: Browser) -> None:
    """OpenID Connect Core section 3.1.2.1: POST is served, and on it goes with GET."""
    form = {"client_id": "banking-client", "request_uri": pushed(server)}
    form |= {"state": "another"}
    answer = browser.post("/authorize", form, Origin="https://127.0.0.1:9446")
    assert browser.cookies == {}
    page = sign_in(browser, browser.follow(answer))
    assert sent_back(approve(browser, page), REDIRECT_URI)["state"] == "a state"


def test_never_where_certificates_are_asked_for(server: Deployment) -> None:
    """RFC 8705 section 5: browsers are never asked for a certificate."""
    for path in ("/authorize", "/sign-in", "/second-factor", "/consent", "/cancel"):
        for method in ("GET", "POST"):
            answer = server.request(method, MUTUAL_TLS + path)
            assert members(answer, 404) == {"error": "not_found"}


def test_a_page_may_be_seen_twice(
    server: Deployment, consents: Consents, browser: Browser
) -> None:
    """FAPI 2.0 section 5.3.2.2 note 3: a visit uses nothing up, an answer does."""
    request_uri = pushed(server)
    for _ in range(3):
        browser.authorize(request_uri)
    page = consent_page(browser, request_uri)
    browser.authorize(request_uri)
    assert "code" in sent_back(approve(browser, page), REDIRECT_URI)


@pytest.mark.check("authorization.front-channel")
@pytest.mark.check("authorization.request-uri")
@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("", NO_REQUEST_URI),
        ("client_id=banking-client", NO_REQUEST_URI),
        ("client_id=banking-client&request_uri=", NO_REQUEST_URI),
        ("client_id=banking-client&request=e30.e30.e30", NO_REQUEST_URI),
        ("request_uri={}", NO_CLIENT_ID),
        ("client_id=&request_uri={}", NO_CLIENT_ID),
        ("client_id=banking-client&request_uri={}&request_uri={}", NO_REQUEST_URI),
        (
            "client_id=banking-client&client_id=banking-client&request_uri={}",
            NO_CLIENT_ID,
        ),
        ("client_id=other-tpp&request_uri={}", ANOTHERS),
        ("client_id=nobody&request_uri={}", ANOTHERS),
        (
            "client_id=banking-client&request_uri=urn:ietf:params:oauth:request_uri:x",
            UNKNOWN,
        ),
        ("client_id=banking-client&request_uri=https://evil.example/", UNKNOWN),
        ("client_id=banking-client&request_uri=%00", UNKNOWN),
    ],
)
def test_no_request_of_this_client(
    server: Deployment, browser: Browser, query: str, says: str
) -> None:
    """
    RFC 9126 section 4: a page that says what is wrong, nothing of what came or is
    pending, and no redirect to a place that nobody checked.
    """
    request_uri = pushed(server)
    answer = browser.get(f"{AUTHORIZE}?{query.replace('{}', request_uri)}")
    assert_is_over(answer, says)
    for secret in (request_uri, "banking-client", "other-tpp", "evil", "9446"):
        assert secret not in answer.body.decode()


def test_another_clients_request(start_as: StartAs) -> None:
    """RFC 9126 section 4: also where the other might have asked for the very same."""
    theirs = '"https://tpp-private-key-jwt.example.com/callback"'
    server = start_as((theirs, f'"{REDIRECT_URI}"'))
    answer = Browser(server).authorize(pushed(server), "tpp-private-key-jwt")
    assert_is_over(answer, ANOTHERS)
    assert "pushed by another client" in server.log.getvalue()


def test_a_plain_request(server: Deployment, browser: Browser) -> None:
    """RFC 9126 section 4: without a push there is no request."""
    plain = {"client_id": "banking-client", **authorization_request()}
    assert_is_over(browser.post("/authorize", plain), NO_REQUEST_URI)


def test_a_body_that_is_no_form(server: Deployment) -> None:
    """RFC 9110 section 15.5.1: a page, too."""
    answer = server.request("POST", AUTHORIZE, body=b"\xff")
    assert answer.status == 400
    assert answer.header("location") is None


def test_an_expired_request(server: Deployment, browser: Browser) -> None:
    """RFC 9126 section 2.2: to the second."""
    request_uri = pushed(server)
    server.network.reactor.advance(299)
    assert browser.authorize(request_uri).status == 200
    server.network.reactor.advance(1)
    assert_is_over(browser.authorize(request_uri), EXPIRED)


def test_a_request_that_expires_while_she_reads(
    server: Deployment, consents: Consents, browser: Browser
) -> None:
    """RFC 9126 section 2.2: too late is too late, and nothing was shared."""
    page = consent_page(browser, pushed(server))
    server.network.reactor.advance(300)
    assert_is_over(approve(browser, page), EXPIRED)
    assert consents.decisions == []


def test_an_answered_request(
    server: Deployment, consents: Consents, browser: Browser
) -> None:
    """RFC 9126 section 4: after the answer it is as if it had never been."""
    request_uri = pushed(server)
    page = consent_page(browser, request_uri)
    approve(browser, page)
    assert_is_over(browser.authorize(request_uri))
    assert_is_over(browser.submit(page, "/consent", decision="refused"))
    assert len(consents.decisions) == 1


@pytest.mark.parametrize("removed", ["scope", "redirect_uris", "client"])
def test_a_registration_that_changed(start_as: StartAs, removed: str) -> None:
    """RFC 9126 section 4: what the client may no longer ask for is not asked for."""
    request_uri = pushed(start_as())
    changed = {
        "scope": ('scope = "openid accounts"', 'scope = "accounts"'),
        "redirect_uris": (f'"{REDIRECT_URI}"', '"https://elsewhere.example/"'),
        "client": ("[clients.banking-client]", "[clients.renamed]"),
    }[removed]
    answer = Browser(start_as(changed)).authorize(request_uri)
    assert_is_over(answer, "registration has changed")


@pytest.mark.check("authorization.still-registered")
def test_a_registration_that_changes_while_she_reads(start_as: StartAs) -> None:
    """RFC 9126 section 4: at each step of hers, and the bank hears of nothing."""
    browser = Browser(start_as())
    request_uri = pushed(browser.server)
    first = browser.authorize(request_uri)
    browser.server = start_as(('scope = "openid accounts"', 'scope = "accounts"'))
    form = {"username": TY, "password": PASSWORD}
    changed = "registration has changed"
    assert_is_over(browser.submit(first, "/sign-in", **form), changed)
    assert_is_over(browser.submit(first, "/cancel"), changed)
    browser.server = start_as()
    consents = serve_consents(browser.server)
    page = consent_page(browser, request_uri)
    browser.server = start_as(('scope = "openid accounts"', 'scope = "accounts"'))
    assert_is_over(approve(browser, page), changed)
    assert consents.decisions == []


@pytest.mark.check("consent.decision")
def test_she_refuses(server: Deployment, consents: Consents, browser: Browser) -> None:
    """RFC 6749 section 4.1.2.1: access_denied, and the bank knows it first."""
    request_uri = pushed(server)
    page = consent_page(browser, request_uri)
    answer = browser.submit(page, "/consent", decision="refused")
    found = sent_back(answer, REDIRECT_URI)
    assert found.pop("error_description")
    assert found == {"error": "access_denied", **ERROR}
    assert consents.consents[INTENT]["status"] == "RJCT"
    assert_is_over(browser.authorize(request_uri))


def test_she_cancels(server: Deployment, consents: Consents, browser: Browser) -> None:
    """RFC 6749 section 4.1.2.1: before she signs in, too; then nobody decided."""
    request_uri = pushed(server)
    answer = browser.submit(browser.authorize(request_uri), "/cancel")
    assert sent_back(answer, REDIRECT_URI)["error"] == "access_denied"
    assert consents.decisions == []
    assert_is_over(browser.authorize(request_uri))


@pytest.mark.check("consent.decision")
@pytest.mark.parametrize("decision", [None, "APPROVED", "yes"])
def test_no_decision(
    server: Deployment, consents: Consents, browser: Browser, decision: str | None
) -> None:
    """RFC 6749 section 4.1.1: only what she says is what she decided."""
    page = consent_page(browser, pushed(server))
    answer = browser.submit(page, "/consent", decision=decision, **{"account:1": "yes"})
    assert answer.status == 400
    assert consents.decisions == []


def test_no_account_chosen(
    server: Deployment, consents: Consents, browser: Browser
) -> None:
    """FAPI 2.0 section 5.3.2.2: to agree to nothing is no consent."""
    page = consent_page(browser, pushed(server))
    again = browser.submit(page, "/consent", decision="approved")
    assert again.status == 400
    assert consents.decisions == []
    assert "code" in sent_back(approve(browser, again), REDIRECT_URI)


@pytest.mark.check("csrf.same-origin")
@pytest.mark.parametrize("step", ["/consent", "/cancel"])
@pytest.mark.parametrize(
    "changed",
    [{"csrf_token": None}, {"csrf_token": "0" * 64}, {"request_uri": "another"}],
)
def test_a_form_that_is_not_ours(
    server: Deployment,
    consents: Consents,
    browser: Browser,
    step: str,
    changed: dict[str, Any],
) -> None:
    """RFC 6749 section 10.12: nobody else presses her buttons."""
    request_uri = pushed(server)
    first = browser.authorize(request_uri)
    page = sign_in(browser, first) if step == "/consent" else first
    answer = browser.submit(
        page, step, decision="approved", **{"account:1": "yes"}, **changed
    )
    assert answer.status == 403
    assert consents.decisions == []
    assert browser.authorize(request_uri).status == 200


def test_a_session_that_ended(
    server: Deployment, consents: Consents, browser: Browser
) -> None:
    """RFC 6749 section 3.1: who is not signed in any more signs in again first."""
    consent_page(browser, pushed(server))
    server.network.reactor.advance(700)
    page = browser.authorize(pushed(server))
    server.network.reactor.advance(250)
    answer = approve(browser, page)
    assert consents.decisions == []
    page = browser.follow(answer)
    assert "/sign-in" in forms_of(page)
    page = sign_in(browser, page)
    assert "code" in sent_back(approve(browser, page), REDIRECT_URI)


def test_somebody_else_sits_there(
    server: Deployment, consents: Consents, browser: Browser
) -> None:
    """RFC 6749 section 10.12: what she was shown is no form of the next person's."""
    page = consent_page(browser, pushed(server))
    browser.submit(page, "/not-you")
    assert approve(browser, page).status == 403
    assert consents.decisions == []


@pytest.mark.check("authorization.may-ask")
def test_nobody_may_be_asked(server: Deployment, browser: Browser) -> None:
    """OpenID Connect Core section 3.1.2.6: then nobody is, and the client is told."""
    request_uri = pushed(server, prompt="none")
    found = sent_back(browser.authorize(request_uri), REDIRECT_URI)
    assert found.pop("error_description")
    assert found == {"error": "login_required", **ERROR}
    assert_is_over(browser.authorize(request_uri))


@pytest.mark.check("authorization.may-ask")
def test_nobody_may_be_asked_to_consent(
    server: Deployment, consents: Consents, browser: Browser
) -> None:
    """OpenID Connect Core section 3.1.2.6: a sign-in is no consent."""
    consent_page(browser, pushed(server))
    answer = browser.authorize(pushed(server, prompt="none"))
    assert sent_back(answer, REDIRECT_URI)["error"] == "consent_required"
    assert consents.decisions == []


def test_she_is_still_signed_in(
    server: Deployment, consents: Consents, browser: Browser
) -> None:
    """OpenID Connect Core section 3.1.2.3: within her session she is only asked."""
    consent_page(browser, pushed(server))
    server.network.reactor.advance(10)
    assert "/consent" in forms_of(browser.authorize(pushed(server)))
    assert "/consent" in forms_of(browser.authorize(pushed(server, max_age="10")))


@pytest.mark.parametrize(
    "changed", [{"prompt": "login"}, {"prompt": "select_account"}, {"max_age": "9"}]
)
def test_she_signs_in_anew(
    server: Deployment,
    consents: Consents,
    browser: Browser,
    changed: dict[str, Any],
) -> None:
    """OpenID Connect Core section 3.1.2.1: a client may ask for it; once is enough."""
    consent_page(browser, pushed(server))
    server.network.reactor.advance(10)
    page = browser.authorize(pushed(server, **changed))
    assert "/sign-in" in forms_of(page)
    page = sign_in(browser, page)
    server.network.reactor.advance(60)
    assert "code" in sent_back(approve(browser, page), REDIRECT_URI)


@pytest.mark.parametrize(
    "asked",
    [
        {"acr_values": SCA},
        {"claims": claims(essential=True, value=SCA)},
        {"claims": claims(essential=False, values=[SCA])},
    ],
)
def test_a_second_factor(
    server: Deployment, consents: Consents, browser: Browser, asked: dict[str, str]
) -> None:
    """Open Banking: strong customer authentication, where the client asks for it."""
    page = sign_in(browser, browser.authorize(pushed(server, **asked)))
    assert "/second-factor" in forms_of(page)
    assert "/consent" not in forms_of(page)
    page = confirm(browser, page)
    assert "code" in sent_back(approve(browser, page), REDIRECT_URI)


def test_the_second_factor_is_not_walked_around(
    server: Deployment, consents: Consents, browser: Browser
) -> None:
    """Open Banking: a password alone does not reach the consent form's other end."""
    weak = consent_page(browser, pushed(server))
    strong = pushed(server, acr_values=SCA)
    browser.authorize(strong)
    form = {**forms_of(weak)["/consent"], "request_uri": strong}
    assert browser.post("/consent", form).status == 403
    assert consents.decisions == []


@pytest.mark.parametrize(
    "consent",
    [
        {"consent_id": "of-another", "client_id": "other-tpp"},
        {"consent_id": "authorised", "status": "AUTH"},
        {"consent_id": "refused", "status": "RJCT"},
        {"consent_id": "expired", "status": "EXPD"},
        {"consent_id": "withdrawn", "status": "CANC"},
        None,
    ],
)
def test_a_consent_that_is_not_to_be_given(
    server: Deployment,
    consents: Consents,
    browser: Browser,
    consent: dict[str, str] | None,
) -> None:
    """Open Banking: another client's, decided about, over, or unknown: refused."""
    intent_id = "unknown"
    if consent is not None:
        intent_id = consent["consent_id"]
        consents.add(**{"client_id": "banking-client", **consent})
    request_uri = pushed(server, claims=claims(intent_id))
    page = browser.authorize(request_uri)
    answer = browser.submit(page, "/sign-in", username=TY, password=PASSWORD)
    found = sent_back(browser.follow(answer), REDIRECT_URI)
    assert found.pop("error_description")
    assert found == {"error": "invalid_request", **ERROR}
    assert consents.decisions == []
    assert_is_over(browser.authorize(request_uri))


def test_a_consent_that_ends_while_she_reads(
    server: Deployment, consents: Consents, browser: Browser
) -> None:
    """Open Banking: the bank's word counts, and there is no code without it."""
    page = consent_page(browser, pushed(server))
    consents.consents[INTENT]["status"] = "CANC"
    found = sent_back(approve(browser, page), REDIRECT_URI)
    assert found["error"] == "invalid_request"


def test_the_resource_server_is_away(
    server: Deployment, consents: Consents, browser: Browser
) -> None:
    """RFC 9110 section 15.6.4: nothing is decided, and the same button works later."""
    page = consent_page(browser, pushed(server))
    consents.instead = json_response(503, {})
    assert approve(browser, page).status == 503
    consents.instead = None
    assert "code" in sent_back(approve(browser, page), REDIRECT_URI)


def test_the_resource_server_is_away_before_she_is_asked(
    server: Deployment, consents: Consents, browser: Browser
) -> None:
    """RFC 9110 section 15.6.4: the page can be loaded again."""
    request_uri = pushed(server)
    page = browser.authorize(request_uri)
    consents.instead = json_response(500, {})
    assert sign_in(browser, page).status == 503
    consents.instead = None
    assert "/consent" in forms_of(browser.authorize(request_uri))


def test_a_crash_after_the_report(
    server: Deployment, consents: Consents, browser: Browser
) -> None:
    """Open Banking: the decision was heard and no code given: again gives one code."""
    page = consent_page(browser, pushed(server))
    consents.loses_answers = True
    assert approve(browser, page).status == 503
    assert consents.consents[INTENT]["status"] == "AUTH"
    consents.loses_answers = False
    assert "code" in sent_back(approve(browser, page), REDIRECT_URI)
    assert len(consents.decisions) == 1


def test_approved_and_then_refused(
    server: Deployment, consents: Consents, browser: Browser
) -> None:
    """Open Banking: of two tabs with one request, the first decision stands."""
    page = consent_page(browser, pushed(server))
    assert "code" in sent_back(approve(browser, page), REDIRECT_URI)
    assert_is_over(browser.submit(page, "/consent", decision="refused"))
    assert consents.consents[INTENT]["status"] == "AUTH"


@pytest.mark.parametrize("decision", ["approved", "refused"])
def test_a_button_pressed_twice(
    server: Deployment, consents: Consents, browser: Browser, decision: str
) -> None:
    """RFC 6749 section 4.1.2: one form has one answer, and one code; soon none."""
    page = consent_page(browser, pushed(server))
    chosen = {"decision": decision, "account:1": "yes"}
    answer = browser.submit(page, "/consent", **chosen)
    again = browser.submit(page, "/consent", **chosen)
    assert again.header("location") == answer.header("location")
    assert len(consents.decisions) == 1
    stranger = Browser(server)
    assert stranger.submit(page, "/consent", **chosen).status == 403
    other = {**chosen, "account:2": "yes"}
    assert_is_over(browser.submit(page, "/consent", **other))
    server.network.reactor.advance(10)
    assert_is_over(browser.submit(page, "/consent", **chosen))


def test_a_button_pressed_twice_at_the_same_instant(
    server: Deployment, consents: Consents, browser: Browser
) -> None:
    """RFC 9126 section 4: two requests on their way, and one of them is answered."""
    page = consent_page(browser, pushed(server))
    form = {**forms_of(page)["/consent"], "decision": "approved", "account:1": "yes"}
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    headers = (("Content-Type", FORM), ("Origin", CONVENTIONAL), ("Cookie", cookies))
    client, url = server.client(None), f"{CONVENTIONAL}/consent"

    async def both() -> set[str | None]:
        requests = [
            Deferred.fromCoroutine(
                client.request(
                    "POST", url, headers=headers, body=urlencode(form).encode()
                )
            )
            for _ in range(2)
        ]
        return {(await each).header("location") for each in requests}

    assert len(server.network.run(both())) == 1
    assert len(consents.decisions) == 1


def test_the_code_is_the_clients(
    server: Deployment, consents: Consents, browser: Browser
) -> None:
    """RFC 6749 section 4.1.3: it is redeemed with the verifier, and by nobody else."""
    page = consent_page(browser, pushed(server))
    code = sent_back(approve(browser, page), REDIRECT_URI)["code"]
    stolen = redeem(server, code, client_id="other-tpp")
    assert_refused(stolen, 400, "invalid_grant")
    found = members(redeem(server, code), 200)
    assert found["scope"] == "accounts openid"


def test_nothing_secret_is_logged(
    server: Deployment, consents: Consents, browser: Browser
) -> None:
    """FAPI 2.0 section 5.3.2.2: no code, request, session or password."""
    request_uri = pushed(server)
    answer = approve(browser, consent_page(browser, request_uri))
    log = server.log.getvalue()
    secrets = [sent_back(answer, REDIRECT_URI)["code"], PASSWORD, request_uri]
    assert not [each for each in [*secrets, *browser.cookies.values()] if each in log]
    assert TY in log


NAME = 'client_name = "Example Banking Client"'


@pytest.fixture
def headless(start_as: StartAs) -> Deployment:
    """A server at which the banking client is registered for headless consent."""
    return start_as((NAME, f'{NAME}\nheadless_consent_user = "{TY}"'))


def test_headless_consent(headless: Deployment) -> None:
    """UK Open Banking: a test client gets its code at once, for all the accounts."""
    consents = serve_consents(headless)
    browser = Browser(headless)
    request_uri = pushed(headless, prompt="none")
    found = sent_back(browser.authorize(request_uri), REDIRECT_URI)
    assert found.keys() == {"code", "state", "iss"}
    (decision,) = consents.decisions
    assert decision["customer"] == TY
    assert decision["account_ids"] == ["1", "2"]
    assert_is_over(browser.authorize(request_uri))
    assert members(redeem(headless, found["code"]), 200)["id_token"]


def test_headless_without_a_consent(headless: Deployment) -> None:
    """OpenID Connect Core section 3.1.2.4: likewise for who she is."""
    request_uri = pushed(headless, scope="openid", claims=None)
    assert "code" in sent_back(Browser(headless).authorize(request_uri), REDIRECT_URI)


def test_headless_is_nobodys_consent_but_its_own(headless: Deployment) -> None:
    """Open Banking: another client's consent is not given without asking either."""
    serve_consents(headless).add("of-another", "other-tpp")
    request_uri = pushed(headless, claims=claims("of-another"))
    found = sent_back(Browser(headless).authorize(request_uri), REDIRECT_URI)
    assert found["error"] == "invalid_request"


@pytest.mark.check("authorization.essential-acr")
def test_headless_is_no_second_factor(headless: Deployment) -> None:
    """OpenID Connect Core section 5.5.1.1: what is essential and was not done fails."""
    serve_consents(headless)
    request_uri = pushed(headless, claims=claims(essential=True, value=SCA))
    found = sent_back(Browser(headless).authorize(request_uri), REDIRECT_URI)
    assert found["error"] == "unmet_authentication_requirements"


@settings(
    max_examples=60,
    deadline=None,
    # One server for all examples is what a hostile peer meets, too.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    path=st.sampled_from(["/authorize", "/consent", "/cancel"]),
    form=st.dictionaries(
        st.sampled_from(["client_id", "request_uri", "csrf_token", "decision"])
        | st.text(max_size=20),
        st.text(max_size=60) | st.sampled_from(["banking-client", "approved"]),
    ),
)
def test_anything(server: Deployment, path: str, form: dict[str, str]) -> None:
    """RFC 6749 section 4.1.2.1: a stranger gets a page, and is sent nowhere."""
    browser = Browser(server)
    answer = browser.post(path, form)
    if path == "/authorize" and answer.status == 303:
        answer = browser.follow(answer)
    assert answer.status in (400, 403), answer
    assert answer.header("location") is None
    assert answer.header("content-type") == "text/html; charset=utf-8"
