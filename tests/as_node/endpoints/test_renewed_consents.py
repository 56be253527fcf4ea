"""A customer signs in again for a consent that she has given: re-authentication."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.as_node.authorizing import REDIRECT_URI
from tests.as_node.pushing import claims, pushed, redeem
from tests.customers.step_by_step import (
    Browser,
    approve,
    consent_page,
    forms_of,
    sent_back,
)
from tests.in_memory.authorization_server import (
    MUTUAL_TLS,
    Deployment,
    assert_refused,
    members,
)
from tests.in_memory.consents import INTENT, TY, Consents, serve_consents

CLIENT = "banking-client"
SOMEBODY = "lacey.underall@example.com"


def connect(server: Deployment, browser: Browser) -> dict[str, Any]:
    """Ty gives his consent for the first time; what the client got."""
    page = consent_page(browser, pushed(server))
    code = sent_back(approve(browser, page), REDIRECT_URI)["code"]
    return members(redeem(server, code), 200)


def confirmed(browser: Browser, request_uri: str) -> dict[str, str]:
    """Ty, who is signed in, says that it goes on; with what he is sent back."""
    page = browser.authorize(request_uri)
    return sent_back(
        browser.submit(page, "/consent", decision="approved"), REDIRECT_URI
    )


def is_good(server: Deployment, tokens: dict[str, Any]) -> bool:
    """Whether anything can be had with the tokens; both live and die together."""
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    answer = server.post(
        f"{MUTUAL_TLS}/token", {**form, "client_id": CLIENT}, certificate=CLIENT
    )
    active = members(server.introspect(tokens["access_token"]), 200)["active"]
    assert active == (answer.status == 200)
    return bool(active)


def test_the_page(server: Deployment, consents: Consents) -> None:
    """Open Banking: what she shares is shown, and nothing of it can be changed."""
    browser = Browser(server)
    connect(server, browser)
    page = browser.authorize(pushed(server))
    text = page.body.decode()
    assert "Go on sharing your accounts with" in text
    assert "Bills" in text
    assert "Golf" not in text
    assert 'type="checkbox"' not in text
    (first,) = consents.decisions
    assert forms_of(page)["/consent"]["renews"] == first["decision_id"]


@pytest.mark.check("consent.same-customer")
def test_the_same_consent_goes_on(server: Deployment, consents: Consents) -> None:
    """Open Banking: at any time; then the tokens of before are worth nothing."""
    browser = Browser(server)
    before = connect(server, browser)
    code = confirmed(browser, pushed(server))["code"]
    first, again = consents.decisions
    assert again["renews"] == first["decision_id"] != again["decision_id"]
    assert again["account_ids"] == first["account_ids"]
    assert is_good(server, before)  # the client may never come for the code
    after = members(redeem(server, code), 200)
    assert is_good(server, after)
    assert not is_good(server, before)
    assert_refused(redeem(server, code), 400, "invalid_grant")


def test_after_its_tokens_have_ended(start_as: Callable[..., Deployment]) -> None:
    """Open Banking: their end is not the consent's."""
    lifetime = "refresh_token_lifetime = "
    server = start_as((f"{lifetime}7776000", f"{lifetime}600"))
    serve_consents(server)
    before = connect(server, Browser(server))
    server.network.reactor.advance(600)
    assert not is_good(server, before)
    browser = Browser(server)
    page = consent_page(browser, pushed(server))
    answer = browser.submit(page, "/consent", decision="approved")
    code = sent_back(answer, REDIRECT_URI)["code"]
    assert is_good(server, members(redeem(server, code), 200))


def test_not_now(server: Deployment, consents: Consents) -> None:
    """She does not go on: the client hears it, and what there is stays as it was."""
    browser = Browser(server)
    before = connect(server, browser)
    page = browser.authorize(pushed(server))
    answer = browser.submit(page, "/consent", decision="refused")
    assert sent_back(answer, REDIRECT_URI)["error"] == "access_denied"
    assert len(consents.decisions) == 1
    assert is_good(server, before)


@pytest.mark.check("consent.same-customer")
def test_another_customer(server: Deployment, consents: Consents) -> None:
    """Whoever did not give it cannot take it over, whatever the client asked."""
    consents.add(
        INTENT,
        CLIENT,
        status="AUTH",
        authorisation={
            "customer": SOMEBODY,
            "account_ids": ["1"],
            "decision_id": "hers",
        },
    )
    browser = Browser(server)
    page = browser.authorize(pushed(server))
    answer = browser.submit(page, "/sign-in", username=TY, password="be-the-ball")
    found = sent_back(browser.follow(answer), REDIRECT_URI)
    assert found["error"] == "login_required"
    assert "check=consent.same-customer" in server.log.getvalue()
    assert consents.decisions == []


@pytest.mark.check("consent.awaits-decision")
@pytest.mark.parametrize("status", ["RJCT", "CANC", "EXPD", "of a later version"])
def test_a_consent_that_has_ended(
    server: Deployment, consents: Consents, status: str
) -> None:
    """Open Banking: refused, deleted and expired are final states."""
    browser = Browser(server)
    connect(server, browser)
    consents.consents[INTENT]["status"] = status
    found = sent_back(browser.authorize(pushed(server)), REDIRECT_URI)
    assert found["error"] == "invalid_request"
    assert len(consents.decisions) == 1


def test_another_clients(server: Deployment, consents: Consents) -> None:
    """A consent in force is renewed by its own client alone."""
    browser = Browser(server)
    connect(server, browser)
    consents.consents[INTENT]["client_id"] = "other-tpp"
    found = sent_back(browser.authorize(pushed(server)), REDIRECT_URI)
    assert found["error"] == "invalid_request"


def test_two_at_once(server: Deployment, consents: Consents) -> None:
    """Two pages, one consent: what is confirmed first counts, and alone."""
    browser = Browser(server)
    connect(server, browser)
    pages = [browser.authorize(pushed(server)) for _ in range(2)]
    found = [
        sent_back(browser.submit(page, "/consent", decision="approved"), REDIRECT_URI)
        for page in pages
    ]
    assert "code" in found[0]
    assert found[1]["error"] == "invalid_request"
    assert len(consents.decisions) == 2
    assert members(redeem(server, found[0]["code"]), 200)["id_token"]


def test_a_code_is_on_its_way(server: Deployment, consents: Consents) -> None:
    """One answer at a time: until its code is redeemed, or is good no more."""
    browser = Browser(server)
    connect(server, browser)
    lost = confirmed(browser, pushed(server))["code"]
    found = sent_back(browser.authorize(pushed(server)), REDIRECT_URI)
    assert found["error"] == "invalid_request"
    assert "a code for the consent is on its way" in server.log.getvalue()
    server.network.reactor.advance(60)
    code = confirmed(browser, pushed(server))["code"]
    assert is_good(server, members(redeem(server, code), 200))
    assert_refused(redeem(server, lost), 400, "invalid_grant")
    assert "code" in confirmed(browser, pushed(server))


def test_sent_again(server: Deployment, consents: Consents) -> None:
    """A lost answer: the same form again is the same decision, and not a second."""
    browser = Browser(server)
    connect(server, browser)
    page = browser.authorize(pushed(server))
    consents.loses_answers = True
    assert browser.submit(page, "/consent", decision="approved").status == 503
    consents.loses_answers = False
    answer = browser.submit(page, "/consent", decision="approved")
    assert "code" in sent_back(answer, REDIRECT_URI)
    assert len(consents.decisions) == 2


def test_a_form_of_the_first_time(server: Deployment, consents: Consents) -> None:
    """She chose on two pages: what she chose on the second is not what she shares."""
    browser = Browser(server)
    first = consent_page(browser, pushed(server))
    second = browser.authorize(pushed(server))
    assert "code" in sent_back(approve(browser, first), REDIRECT_URI)
    found = sent_back(approve(browser, second), REDIRECT_URI)
    assert found["error"] == "invalid_request"


def test_a_form_that_was_changed(server: Deployment, consents: Consents) -> None:
    """What she confirms is what the resource server has, whatever a form says."""
    browser = Browser(server)
    connect(server, browser)
    page = browser.authorize(pushed(server))
    form = {**forms_of(page)["/consent"], "decision": "approved", "renews": "another"}
    found = sent_back(browser.post("/consent", form), REDIRECT_URI)
    assert found["error"] == "invalid_request"


def test_headless(start_as: Callable[..., Deployment]) -> None:
    """UK Open Banking: a test client renews without a page, for the same accounts."""
    name = 'client_name = "Example Banking Client"'
    server = start_as((name, f'{name}\nheadless_consent_user = "{TY}"'))
    consents = serve_consents(server)
    for _ in range(2):
        found = sent_back(Browser(server).authorize(pushed(server)), REDIRECT_URI)
        assert members(redeem(server, found["code"]), 200)["id_token"]
    first, again = consents.decisions
    assert again["renews"] == first["decision_id"]
    assert again["account_ids"] == first["account_ids"]


def test_a_request_about_her(server: Deployment, consents: Consents) -> None:
    """OpenID Connect Core section 5.5.1: the client may name her as well."""
    browser = Browser(server)
    connect(server, browser)
    sub = f'"id_token": {{"sub": {{"value": "{TY}"}}, '
    named = claims().replace('"id_token": {', sub)
    assert "code" in confirmed(browser, pushed(server, claims=named))
