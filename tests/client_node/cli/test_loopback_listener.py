# mypy: disallow-untyped-calls=False
"""Where a native application waits for its code: RFC 8252 section 7.3."""

import io
from collections.abc import Callable

import pytest
from twisted.internet.defer import Deferred
from twisted.web.http import HTTPFactory

from client_node.cli.loopback_listener import LoopbackListener, listen
from client_node.oauth.authorization.authorization_response import (
    judge_authorization_response,
)
from client_node.oauth.requests.errors import AuthorizationRefused
from pki.http.answers import NoAnswer
from tests.in_memory.loopback import come_back
from tests.in_memory.network import FREE_PORT, MemoryReactor

ISSUER = "https%3A%2F%2Fas.example"
GOOD = f"/callback?code=the+code&state=s&iss={ISSUER}"


def judge(query: str) -> str:
    """As the application judges."""
    return judge_authorization_response(query, state="s", issuer="https://as.example")


@pytest.fixture
def reactor() -> MemoryReactor:
    """A machine with a free port."""
    return MemoryReactor()


class Waiting:
    """An application that waits for its code."""

    def __init__(
        self, reactor: MemoryReactor, judging: Callable[[str], str] = judge
    ) -> None:
        self.outcomes: list[object] = []
        listening = Deferred.fromCoroutine(listen(reactor, judging))
        listeners: list[LoopbackListener] = []
        listening.addCallback(listeners.append)
        (self.listener,) = listeners
        waiting = Deferred.fromCoroutine(self.listener.code(60))
        waiting.addBoth(self.outcomes.append)

    @property
    def failure(self) -> object:
        """What it failed with."""
        (failure,) = self.outcomes
        return getattr(failure, "value", failure)


def test_it_listens_on_loopback_only(reactor: MemoryReactor) -> None:
    """RFC 8252 section 7.3: an address, no name, and the port that was free."""
    waiting = Waiting(reactor)
    assert waiting.listener.redirect_uri == f"http://127.0.0.1:{FREE_PORT}/callback"


def test_the_code_is_handed_over_and_the_person_told(reactor: MemoryReactor) -> None:
    """RFC 8252 section 4.1: the browser has nothing more to do."""
    waiting = Waiting(reactor)
    said = come_back(reactor, GOOD)
    assert waiting.outcomes == ["the code"]
    assert said.startswith("HTTP/1.1 200 ")
    assert "You can close this window." in said
    for field in (
        "Cache-Control: no-store",
        "Referrer-Policy: no-referrer",
        "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options: nosniff",
    ):
        assert field in said
    assert "the+code" not in said


def test_a_second_response_changes_nothing(reactor: MemoryReactor) -> None:
    """A page that is reloaded, or somebody too late."""
    waiting = Waiting(reactor)
    come_back(reactor, GOOD)
    assert come_back(reactor, GOOD.replace("the", "a")).startswith("HTTP/1.1 410 ")
    assert waiting.outcomes == ["the code"]


@pytest.mark.parametrize(
    "target",
    [
        "/callback",
        f"/callback?code=x&state=other&iss={ISSUER}",
        "/callback?code=x&state=s&iss=https%3A%2F%2Fattacker.example",
        f"/callback?error=access_denied&state=other&iss={ISSUER}",
        "/callback?code=%ff",
        "/callback?code=\xff",
    ],
)
def test_what_is_not_for_it_is_answered_and_forgotten(
    target: str, reactor: MemoryReactor
) -> None:
    """RFC 8252 section 8.9: any page in the browser could send something."""
    waiting = Waiting(reactor)
    assert come_back(reactor, target).startswith("HTTP/1.1 400 ")
    assert waiting.outcomes == []
    come_back(reactor, GOOD)
    assert waiting.outcomes == ["the code"]


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("GET", "/"),
        ("GET", "/favicon.ico"),
        ("GET", GOOD.replace("/callback", "/callback/")),
        ("HEAD", GOOD),
        ("PUT", GOOD),
    ],
)
def test_another_page_is_not_there(
    method: str, target: str, reactor: MemoryReactor
) -> None:
    """One path and one method; a browser asks for an icon as well."""
    waiting = Waiting(reactor)
    assert come_back(reactor, target, method).startswith("HTTP/1.1 404 ")
    assert waiting.outcomes == []


def test_a_refusal_is_handed_over(reactor: MemoryReactor) -> None:
    """RFC 6749 section 4.1.2.1: the customer said no."""
    waiting = Waiting(reactor)
    said = come_back(reactor, f"/callback?error=access_denied&state=s&iss={ISSUER}")
    assert "The bank gave no access." in said
    assert isinstance(waiting.failure, AuthorizationRefused)


@pytest.mark.bound("cli.patience")
def test_it_does_not_wait_for_ever(reactor: MemoryReactor) -> None:
    """A person who went for lunch."""
    waiting = Waiting(reactor)
    reactor.advance(59)
    assert waiting.outcomes == []
    reactor.advance(2)
    assert isinstance(waiting.failure, NoAnswer)
    assert str(waiting.failure) == "nobody came back from the bank within 1 minutes"
    # And whoever comes now is too late, and told something.
    assert come_back(reactor, GOOD).startswith("HTTP/1.1 ")


def test_nothing_is_logged(reactor: MemoryReactor) -> None:
    """Twisted's access log would hold the code."""
    logged = io.StringIO()
    Waiting(reactor)
    _port, factory, *_ = reactor.tcpServers[-1]
    assert isinstance(factory, HTTPFactory)
    factory.doStart()
    factory.logFile = logged
    come_back(reactor, GOOD)
    assert logged.getvalue() == ""
    factory.doStop()
