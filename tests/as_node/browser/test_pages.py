"""What a person sees in her browser, and what the browser is told beside it."""

import re
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from html.parser import HTMLParser
from types import MappingProxyType

import pytest
from twisted.web.error import FlattenerError
from twisted.web.template import slot

from as_node.browser.error_pages import (
    ConsentNotUsable,
    ForeignForm,
    PageRefusal,
    TryAgainLater,
    UnreadableForm,
)
from as_node.browser.frame import page_response
from as_node.browser.request_pages import (
    AnothersRequest,
    AnsweredRequest,
    ExpiredRequest,
    NotOneClientId,
    NotOneRequestUri,
    NotRegisteredAnyMore,
    UnknownRequest,
)
from as_node.browser.sessions import Visitor
from as_node.consent.consent import ConsentView, CustomerAccount
from as_node.consent.consent_page import (
    NO_ACCOUNT_CHOSEN,
    chosen_accounts,
    consent_page,
)
from as_node.login.notice import Notice
from as_node.login.second_factor_page import second_factor_page
from as_node.login.sign_in_page import sign_in_page
from as_node.login.totp import ShownCode, TotpSecret
from as_node.login.users import User
from pki.http.messages import Response
from tests.customers.requests import PENDING, fields_of, header

VISITOR = Visitor(session_id="a" * 43)
TY = User(
    sub="ty.webb@example.com",
    name="Ty Webb",
    password_hash="hash",
    totp_secret=TotpSecret(b"x" * 20),
    shown_password="be-the-ball",
)
BILLS = CustomerAccount(
    account_id="22289",
    nickname="Bills",
    description="Personal current account",
    currency="GBP",
    identification="80-20-01 10203345",
)
VIEW = ConsentView(
    consent_id="1",
    client_id="banking-client",
    status="AWAU",
    permissions=("ReadAccountsDetail", "ReadBalances"),
    expiration=datetime(2027, 2, 21, 10, 44, tzinfo=UTC),
    transaction_from=None,
    transaction_to=None,
    accounts=(BILLS, replace(BILLS, account_id="31820", nickname="Golf")),
)
PAGES = MappingProxyType(
    {
        "sign-in": sign_in_page(PENDING, VISITOR, (TY,)),
        "sign-in again": sign_in_page(
            PENDING, VISITOR, (TY,), Notice(403, "Wrong."), "ty"
        ),
        "second factor": second_factor_page(
            PENDING, VISITOR, TY, ShownCode("123456", 41)
        ),
        "consent": consent_page(200, PENDING, VISITOR, "Ty Webb", VIEW),
        "consent again": consent_page(
            400, PENDING, VISITOR, "Ty Webb", VIEW, NO_ACCOUNT_CHOSEN
        ),
        "expired": ExpiredRequest("").response(),
        "foreign": ForeignForm("", client_id="c", request_uri="r").response(),
    }
)
EVERY_PAGE = pytest.mark.parametrize("response", PAGES.values(), ids=PAGES.keys())
EVIL = "\"><script>alert(1)</script>&amp;'<!--"


class Outline(HTMLParser):
    """The elements of a page, and whether each that opens closes."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words = ""
        self.feed(response.body.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        if tag in {"dt", "dd", "li", "p", "h1", "h2"}:
            self.words += " "
        self.elements.append((tag, dict(attrs)))
        if tag not in {"meta", "link", "input"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element without content."""
        assert tag in {"meta", "link", "input"}
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """An element ends, and it was the last that began."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """A text."""
        if self.open and self.open[-1] != "style":
            self.words += data

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        """The attributes of all elements of these names."""
        return [attributes for tag, attributes in self.elements if tag in tags]


def words(response: Response) -> str:
    """What is to be read on a page."""
    return " ".join(Outline(response).words.split())


def without_style(response: Response) -> str:
    """The page's own text, tags included."""
    return re.sub("<style>.*?</style>", "", response.body.decode(), flags=re.DOTALL)


@EVERY_PAGE
def test_headers(response: Response) -> None:
    """Nobody keeps, frames, sniffs or is told of a page, and no script runs in one."""
    style = re.search(rb"<style>(.*?)</style>", response.body, re.DOTALL)
    assert style is not None
    style_hash = b64encode(sha256(style[1]).digest()).decode()
    policy = header(response, "Content-Security-Policy")
    assert policy is not None
    directives = dict(each.strip().split(" ", 1) for each in policy.split(";"))
    assert directives.pop("form-action").startswith("'self'")
    assert directives == {
        "default-src": "'none'",
        "style-src": f"'sha256-{style_hash}'",
        "img-src": "data:",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    assert header(response, "Content-Type") == "text/html; charset=utf-8"
    assert header(response, "Cache-Control") == "no-store"
    assert header(response, "Referrer-Policy") == "no-referrer"
    assert header(response, "X-Content-Type-Options") == "nosniff"
    assert header(response, "X-Frame-Options") == "DENY"
    assert header(response, "Strict-Transport-Security") is None


@EVERY_PAGE
def test_outline(response: Response) -> None:
    """A page says its language and title, has one heading, fits a telephone."""
    assert response.body.startswith(b'<!DOCTYPE html>\n<html lang="en">')
    outline = Outline(response)
    assert outline.open == []
    assert len(outline.all("h1")) == len(outline.all("title")) == 1
    assert len(outline.all("main")) == 1
    (viewport,) = [each for each in outline.all("meta") if "content" in each]
    assert viewport["content"] == "width=device-width, initial-scale=1"
    assert not outline.all("script", "iframe", "object", "img", "base")
    assert not [a for _, a in outline.elements if any(n.startswith("on") for n in a)]


@EVERY_PAGE
def test_every_field_has_a_label(response: Response) -> None:
    """A screen reader can say what each field is, and no identifier is there twice."""
    outline = Outline(response)
    fields = [each for each in outline.all("input") if each["type"] != "hidden"]
    labels = {label["for"] for label in outline.all("label")}
    assert {each["id"] for each in fields} == labels
    ids = [a["id"] for _, a in outline.elements if "id" in a]
    assert len(ids) == len(set(ids))


@EVERY_PAGE
def test_forms_are_posted_to_us(response: Response) -> None:
    """Every form is posted, to a path of ours, with its request and its token."""
    for form in Outline(response).all("form"):
        assert form["method"] == "post"
        action = form["action"]
        assert action is not None
        assert re.fullmatch("/[a-z-]+", action)
        fields = fields_of(response.body.decode(), action)
        assert fields["client_id"] == PENDING.client.client_id
        assert fields["request_uri"] == PENDING.request_uri
        assert len(fields["csrf_token"]) == 64


@pytest.mark.parametrize("name", ["sign-in", "second factor", "consent"])
def test_the_form_may_lead_to_the_client(name: str) -> None:
    """Browsers follow the redirect after a form only where the policy names it."""
    policy = header(PAGES[name], "Content-Security-Policy")
    assert policy is not None
    assert "form-action 'self' https://127.0.0.1:9446;" in policy


def test_an_error_page_leads_to_nobody() -> None:
    """A page that knows no request has no form to anybody but us."""
    policy = header(PAGES["expired"], "Content-Security-Policy")
    assert policy is not None
    assert "form-action 'self';" in policy


@pytest.mark.parametrize(("is_new", "count"), [(True, 1), (False, 0)])
def test_the_cookie_goes_to_new_browsers(*, is_new: bool, count: int) -> None:
    """A browser that has the cookie is not given it again."""
    visitor = replace(VISITOR, is_new=is_new)
    for response in (
        sign_in_page(PENDING, visitor, ()),
        second_factor_page(PENDING, visitor, TY, None),
        consent_page(200, PENDING, visitor, "Ty Webb", VIEW),
    ):
        assert [n for n, _ in response.headers].count("Set-Cookie") == count


def test_sign_in_says_who_asks() -> None:
    """Before she signs in, the customer reads who wants her to."""
    text = words(PAGES["sign-in"])
    assert "Example Banking Client would like to see some of your accounts" in text


def test_password_managers_know_the_fields() -> None:
    """Browsers fill in name and password, and the code from a message."""
    fields = Outline(PAGES["sign-in"]).all("input")
    kinds = {e["name"]: e["autocomplete"] for e in fields if e["type"] != "hidden"}
    assert (kinds["username"], kinds["password"]) == ("username", "current-password")
    (code,) = [
        each
        for each in Outline(PAGES["second factor"]).all("input")
        if each["name"] == "totp" and each["type"] != "hidden"
    ]
    assert (code["autocomplete"], code["inputmode"]) == ("one-time-code", "numeric")


def test_a_test_bank_tells_its_passwords() -> None:
    """The page shows the customers whose configuration says so."""
    text = words(PAGES["sign-in"])
    assert "Ty Webb ty.webb@example.com be-the-ball" in text
    assert "Sign in as Ty Webb" in text


def test_another_bank_tells_nothing() -> None:
    """Without such customers there is nothing about passwords on the page."""
    page = sign_in_page(PENDING, VISITOR, ())
    assert "test bank, so it" not in words(page)
    assert "filled-in" not in without_style(page)


def test_what_was_wrong_comes_first() -> None:
    """A page that is shown again says why, in its title too; the name stays typed."""
    response = PAGES["sign-in again"]
    outline = Outline(response)
    (alert,) = [a for _, a in outline.elements if a.get("role") == "alert"]
    assert alert["class"] == "alert"
    assert "Please try again: Sign in" in words(response)
    assert fields_of(response.body.decode(), "/sign-in")["username"] == "ty"


def test_a_test_bank_tells_the_code() -> None:
    """The page shows what the authenticator would, and for how long it is good."""
    text = words(PAGES["second factor"])
    assert "123 456" in text
    assert "Good for 41 seconds, and once." in text


def test_no_code_to_tell() -> None:
    """Where all codes of the moment are used, the page says when there is a new one."""
    text = words(second_factor_page(PENDING, VISITOR, TY, None))
    assert "within 30 seconds" in text


def test_her_own_authenticator() -> None:
    """A customer whose password is not shown is not shown a code either."""
    user = replace(TY, shown_password=None)
    page = second_factor_page(PENDING, VISITOR, user, ShownCode("123456", 41))
    assert "Your code" not in words(page)
    assert "filled-in" not in without_style(page)
    assert b"123456" not in page.body


def test_consent_says_everything() -> None:
    """FAPI 2.0: who asks, for what, until when, and about which accounts."""
    text = words(PAGES["consent"])
    assert "Share your accounts with Example Banking Client?" in text
    assert "You are signed in as Ty Webb." in text
    assert "account names, numbers and sort codes" in text
    assert "how much money is in each account" in text
    assert "Until 21 February 2027 at 10:44 UTC." in text
    assert "Bills Personal current account, GBP 80-20-01 10203345" in text
    assert "Golf" in text


def test_no_account_is_chosen_for_her() -> None:
    """The boxes are empty: to share an account is what she does, not what happens."""
    boxes = [
        each
        for each in Outline(PAGES["consent"]).all("input")
        if each["type"] == "checkbox"
    ]
    assert [box["name"] for box in boxes] == ["account:22289", "account:31820"]
    assert not any("checked" in box for box in boxes)


def test_two_answers() -> None:
    """Yes and no are two buttons of one form."""
    buttons = Outline(PAGES["consent"]).all("button")
    decisions = [each["value"] for each in buttons if each.get("name") == "decision"]
    assert decisions == ["approved", "refused"]


def test_chosen_accounts() -> None:
    """What she ticked is what the form says, and nothing else in it."""
    form = {"csrf_token": "x", "account:22289": "yes", "account:31820": "yes"}
    assert chosen_accounts(form) == ("22289", "31820")
    assert chosen_accounts({"decision": "approved"}) == ()


def test_an_account_without_a_nickname() -> None:
    """An account that nobody named is called what it is."""
    view = replace(VIEW, accounts=(replace(BILLS, nickname=""),))
    text = words(consent_page(200, PENDING, VISITOR, "Ty Webb", view))
    assert "Personal current account Personal current account, GBP" in text


FIRST = datetime(2026, 1, 1, 1, tzinfo=UTC)
LAST = datetime(2026, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (FIRST, LAST, "Only transactions from 1 January 2026 to 30 June 2026."),
        (FIRST, None, "Only transactions from 1 January 2026 on."),
        (None, LAST, "Only transactions up to 30 June 2026."),
        (None, None, ""),
    ],
)
def test_period(first: datetime | None, last: datetime | None, said: str) -> None:
    """The page says which transactions, where not all of them are asked for."""
    view = replace(VIEW, transaction_from=first, transaction_to=last)
    text = words(consent_page(200, PENDING, VISITOR, "Ty Webb", view))
    assert said in text
    assert said or "Only transactions" not in text


def test_no_expiration() -> None:
    """The page says so where access would not end by itself."""
    view = replace(VIEW, expiration=None)
    text = words(consent_page(200, PENDING, VISITOR, "Ty Webb", view))
    assert "Until you end it. No end has been asked for." in text


def test_hostile_names_stay_text() -> None:
    """Whatever clients, customers and accounts are called, that is never markup."""
    pending = replace(
        PENDING,
        client=replace(PENDING.client, client_id=EVIL, client_name=EVIL),
        request_uri=EVIL.replace("'", ""),
    )
    user = replace(TY, name=EVIL, sub=EVIL, shown_password=EVIL)
    account = replace(
        BILLS,
        account_id=EVIL,
        nickname=EVIL,
        description=EVIL,
        currency=EVIL,
        identification=EVIL,
    )
    view = replace(VIEW, permissions=(EVIL,), accounts=(account,))
    pages = (
        sign_in_page(pending, VISITOR, (user,), Notice(403, EVIL), EVIL),
        second_factor_page(
            pending, VISITOR, user, ShownCode(EVIL, 1), Notice(403, EVIL)
        ),
        consent_page(400, pending, VISITOR, EVIL, view, EVIL),
        ForeignForm("", client_id=EVIL, request_uri=EVIL).response(),
    )
    for page in pages:
        outline = Outline(page)
        assert outline.open == []
        assert not outline.all("script")
        assert b"<script" not in page.body
        assert b"<!--" not in page.body
    assert all(EVIL in Outline(page).words for page in pages[:3])
    assert fields_of(pages[0].body.decode(), "/sign-in")["username"] == EVIL


def test_a_page_that_cannot_be_made() -> None:
    """A slot that nobody filled is a fault of ours, and never half a page."""
    with pytest.raises(FlattenerError):
        page_response(200, "Title", slot("nothing"))


@pytest.mark.parametrize(
    ("refusal", "status", "heading"),
    [
        (NotOneClientId, 400, "This link is not complete"),
        (NotOneRequestUri, 400, "This link is not complete"),
        (UnknownRequest, 400, "We do not know this request"),
        (AnsweredRequest, 400, "This request was answered already"),
        (ExpiredRequest, 400, "This link has expired"),
        (AnothersRequest, 400, "This link is not in order"),
        (NotRegisteredAnyMore, 400, "This app may not ask for this any more"),
        (UnreadableForm, 400, "We could not read that"),
        (ForeignForm, 403, "This page was out of date"),
        (ConsentNotUsable, 400, "This request cannot be answered"),
        (TryAgainLater, 503, "We cannot reach your accounts just now"),
    ],
)
def test_refusals(refusal: type[PageRefusal], status: int, heading: str) -> None:
    """A refusal is a page: never a redirect, and without the operator's detail."""
    response = refusal("the detail").response()
    assert response.status == status
    assert heading in words(response)
    assert b"the detail" not in response.body
    assert header(response, "Location") is None
    assert not Outline(response).all("a", "form")
