"""A customer's second factor: a code that is used is not the end of a demo."""

from collections.abc import Coroutine
from typing import Any, cast

import pytest
from twisted.internet.defer import Deferred

from client_node.oauth.requests.identity import Identity
from pki.http.answers import Answer
from pki.http.messages import Fields
from scripts.acts.steps.approval import _second_factor
from scripts.headless.page import NotOnThePage
from scripts.stage.person import Person

BANK = "https://bank.example"
REQUEST = f"{BANK}/authorize?request_uri=urn:x"


def page(text: str, status: int = 200) -> Answer:
    """The page with the form for the code."""
    form = '<form action="/second-factor"><input name="totp"/></form>'
    return Answer(status, {}, f"{form}<p>{text}</p>".encode())


class Browser:
    """Shows one page after the other, and keeps what was sent."""

    client_id = "browser"

    def __init__(self, *answers: Answer) -> None:
        self._answers = list(answers)
        self.sent: list[tuple[str, str, bytes]] = []

    async def send(self, method: str, url: str, fields: Fields, body: bytes) -> Answer:
        """The next page."""
        self.sent.append((method, url, body))
        return self._answers.pop(0)


def proved(*answers: Answer) -> tuple[Answer, Browser, list[float]]:
    """The last answer, what was sent after the first page, and how long she waited."""
    browser, waited = Browser(*answers), list[float]()

    async def wait(seconds: float) -> None:
        waited.append(seconds)

    async def play() -> Answer:
        person = Person(cast("Identity", browser))
        await person.open(REQUEST)
        return await _second_factor(person, wait, REQUEST)

    return _result(play()), browser, waited


def _result(coroutine: Coroutine[Any, Any, Answer]) -> Answer:
    outcome: list[Any] = []
    Deferred.fromCoroutine(coroutine).addBoth(outcome.append)
    (only,) = outcome
    if not isinstance(only, Answer):
        only.raiseException()
    answer: Answer = only
    return answer


SEE_OTHER = Answer(303, {"location": (REQUEST,)}, b"")


def test_the_shown_code_is_sent() -> None:
    """As it stands on the page, without the space."""
    answer, browser, waited = proved(page("123 456"), SEE_OTHER)
    assert answer.status == 303
    assert browser.sent[1:] == [("POST", f"{BANK}/second-factor", b"totp=123456")]
    assert waited == []


def test_a_code_that_is_used_is_followed_by_the_next() -> None:
    """RFC 6238 section 5.2: a demo half a minute ago has used the first."""
    refused = page("234 567", 403)
    answer, browser, _ = proved(page("123 456"), refused, SEE_OTHER)
    assert answer.status == 303
    assert browser.sent[-1][2] == b"totp=234567"


def test_she_waits_where_all_are_used() -> None:
    """As long as the page says, and loads it again."""
    none = page("The next one comes within 7 seconds: load this page again then.")
    answer, browser, waited = proved(none, page("123 456"), SEE_OTHER)
    assert answer.status == 303
    assert waited == [7]
    assert browser.sent[1][:2] == ("GET", REQUEST)


def test_she_does_not_try_for_ever() -> None:
    """The step then shows what came."""
    answer, _, _ = proved(page("123 456"), *[page("123 456", 403)] * 4)
    assert answer.status == 403


def test_another_page_is_said_to_be_another() -> None:
    """One line, where the bank shows neither a code nor when one comes."""
    with pytest.raises(NotOnThePage, match="none is announced"):
        proved(page("Good morning."))
