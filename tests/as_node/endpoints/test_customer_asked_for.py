"""Requests that are about one customer, and the others who may sit at the browser."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from pki.http.answers import Answer
from tests.as_node.authorizing import REDIRECT_URI
from tests.as_node.pushing import SCA, claims, push, pushed, redeem
from tests.customers.step_by_step import (
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
    Deployment,
    assert_refused,
    members,
)
from tests.in_memory.consents import INTENT, TY, Consents, serve_consents

StartAs = Callable[..., Deployment]

LACEY = "lacey.underall@example.com"
LACEYS_PASSWORD = "well-we-are-waiting"


@pytest.fixture
def browser(server: Deployment) -> Browser:
    """Ty Webb's, mostly."""
    return Browser(server)


def about(sub: Any, *places: str) -> str:
    """A `claims` parameter that names a consent, and a customer in these places."""
    members: dict[str, Any] = json.loads(claims())
    for place in places:
        members.setdefault(place, {})["sub"] = sub
    return json.dumps(members)


def id_token(server: Deployment, browser: Browser, **changed: Any) -> str:
    """One that was issued about Ty."""
    page = consent_page(browser, pushed(server, **changed))
    code = sent_back(approve(browser, page), REDIRECT_URI)["code"]
    token = members(redeem(server, code), 200)["id_token"]
    assert isinstance(token, str)
    return token


def assert_not_about_her(answer: Answer, consents: Consents) -> None:
    """OpenID Connect Core section 3.1.2.2: an error at the client, and no decision."""
    found = sent_back(answer, REDIRECT_URI)
    assert found.pop("error_description")
    assert found == {"error": "login_required", "iss": CONVENTIONAL, "state": "a state"}
    assert [each for each in consents.decisions if each["decision"] != "approved"] == []


ASKED = pytest.mark.parametrize(
    ("sub", "places"),
    [
        ({"value": LACEY}, ["id_token"]),
        ({"value": LACEY, "essential": True}, ["id_token"]),
        ({"value": LACEY}, ["userinfo"]),
        ({"values": [LACEY, "al@example.com"]}, ["id_token", "userinfo"]),
        ({"value": TY.upper()}, ["id_token"]),
    ],
)


@pytest.mark.check("authorization.customer")
@ASKED
def test_another_customer_signs_in(
    server: Deployment,
    consents: Consents,
    browser: Browser,
    sub: Any,
    places: list[str],
) -> None:
    """OpenID Connect Core section 3.1.2.2: an error at the redirect URI, and once."""
    request_uri = pushed(server, claims=about(sub, *places))
    answer = sign_in(browser, browser.authorize(request_uri))
    assert_not_about_her(answer, consents)
    assert "check=authorization.customer" in server.log.getvalue()
    assert browser.authorize(request_uri).status == 400


@pytest.mark.check("authorization.customer")
@ASKED
def test_another_customer_is_signed_in(
    server: Deployment,
    consents: Consents,
    browser: Browser,
    sub: Any,
    places: list[str],
) -> None:
    """OpenID Connect Core section 5.5.1: a session of hers is no answer either."""
    consent_page(browser, pushed(server))
    request_uri = pushed(server, claims=about(sub, *places))
    page = browser.authorize(request_uri)
    assert "/sign-in" in forms_of(page)  # the one who is meant may come
    assert_not_about_her(sign_in(browser, page), consents)


@pytest.mark.parametrize("places", [["id_token"], ["userinfo"]])
def test_nobody_may_be_asked(
    server: Deployment, consents: Consents, browser: Browser, places: list[str]
) -> None:
    """OpenID Connect Core section 3.1.2.6: then it is login_required at once."""
    consent_page(browser, pushed(server))
    asked = about({"value": LACEY}, *places)
    request_uri = pushed(server, claims=asked, prompt="none")
    assert_not_about_her(browser.authorize(request_uri), consents)


def test_a_consent_form_of_another_customer(
    server: Deployment, consents: Consents, browser: Browser
) -> None:
    """OpenID Connect Core section 5.5.1: no form is answered around the page."""
    weak = consent_page(browser, pushed(server))
    strict = pushed(server, claims=about({"value": LACEY}, "id_token"))
    form = {**forms_of(weak)["/consent"], "request_uri": strict}
    assert browser.post("/consent", form).status == 403
    assert consents.decisions == []


@pytest.mark.check("authorization.customer")
@pytest.mark.parametrize(
    "sub",
    [{"value": TY}, {"values": [LACEY, TY]}, {"essential": True}, None],
)
def test_the_customer_asked_for(
    server: Deployment, consents: Consents, browser: Browser, sub: Any
) -> None:
    """OpenID Connect Core section 5.5.1: she answers, with a session or without."""
    for _ in range(2):
        consents.add(INTENT, "banking-client")
        page = browser.authorize(pushed(server, claims=about(sub, "id_token")))
        if "/sign-in" in forms_of(page):
            page = sign_in(browser, page)
        assert "code" in sent_back(approve(browser, page), REDIRECT_URI)


def test_the_other_comes(
    server: Deployment, consents: Consents, browser: Browser
) -> None:
    """OpenID Connect Core section 3.1.2.2: she who is meant signs in where he was."""
    consent_page(browser, pushed(server))
    page = browser.authorize(pushed(server, claims=about({"value": LACEY}, "id_token")))
    shown = browser.submit(page, "/sign-in", username=LACEY, password=LACEYS_PASSWORD)
    assert "/consent" in forms_of(browser.follow(shown))


def test_headless(start_as: StartAs) -> None:
    """OpenID Connect Core section 3.1.2.2: nor does a test client for another."""
    name = 'client_name = "Example Banking Client"'
    server = start_as((name, f'{name}\nheadless_consent_user = "{TY}"'))
    consents = serve_consents(server)
    asked = about({"value": LACEY}, "id_token")
    answer = Browser(server).authorize(pushed(server, claims=asked))
    assert_not_about_her(answer, consents)
    asked = about({"value": TY}, "id_token")
    answer = Browser(server).authorize(pushed(server, claims=asked))
    assert "code" in sent_back(answer, REDIRECT_URI)


@pytest.mark.check("authorization.id-token-hint")
@pytest.mark.parametrize("days", [0, 1])
def test_a_hint(
    server: Deployment, consents: Consents, browser: Browser, days: int
) -> None:
    """OpenID Connect Core section 3.1.2.1: about her, also when it has expired."""
    hint = id_token(server, browser)
    server.network.reactor.advance(days * 86_400)
    consents.add(INTENT, "banking-client")
    page = browser.authorize(pushed(server, id_token_hint=hint))
    if "/sign-in" in forms_of(page):
        page = sign_in(browser, page)
    assert "code" in sent_back(approve(browser, page), REDIRECT_URI)
    other = Browser(server)
    page = other.authorize(pushed(server, id_token_hint=hint))
    shown = other.submit(page, "/sign-in", username=LACEY, password=LACEYS_PASSWORD)
    assert_not_about_her(other.follow(shown), consents)


def test_a_hint_and_a_claim(
    server: Deployment, consents: Consents, browser: Browser
) -> None:
    """OpenID Connect Core section 3.1.2.2: both are about one customer."""
    hint = id_token(server, browser)
    same = about({"value": TY}, "id_token")
    assert pushed(server, id_token_hint=hint, claims=same)
    other = about({"value": LACEY}, "userinfo")
    answer = push(server, id_token_hint=hint, claims=other)
    assert_refused(answer, 400, "invalid_request")


@pytest.mark.check("authorization.id-token-hint")
def test_a_hint_that_is_none(
    server: Deployment, consents: Consents, browser: Browser
) -> None:
    """OpenID Connect Core section 3.1.2.1: what cannot be verified is not ignored."""
    hint = id_token(server, browser)
    header, payload, signature = hint.split(".")
    access_token = server.token("banking-client")
    for each in (
        "hint",
        "e30.e30.e30",
        f"{header}.{payload}.",
        f"{header}.{payload}.{signature[::-1]}",
        f"{header}.{access_token.split('.')[1]}.{signature}",
        access_token,
        "\N{SNOWMAN}" * 100,
    ):
        answer = push(server, id_token_hint=each)
        assert_refused(answer, 400, "invalid_request")
    assert hint not in server.log.getvalue()
    theirs = push(server, "tpp-private-key-jwt", id_token_hint=hint)
    assert theirs.status in {400, 401}


def test_a_second_factor_of_another_customer(
    server: Deployment, consents: Consents, browser: Browser
) -> None:
    """OpenID Connect Core section 3.1.2.2: a code does not walk around it."""
    asked = {"claims": about({"value": LACEY}, "id_token"), "acr_values": SCA}
    answer = sign_in(browser, browser.authorize(pushed(server, **asked)))
    assert_not_about_her(answer, consents)
    confirm(browser, browser.authorize(pushed(server, acr_values=SCA)))
    assert "/sign-in" in forms_of(browser.authorize(pushed(server, **asked)))
