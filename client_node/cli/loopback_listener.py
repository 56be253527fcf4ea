# mypy: disallow-untyped-calls=False
"""
Where the browser brings the authorization response to a native application.

RFC 8252 section 7.3: plain http on the loopback address, on a port that was free. No
other machine can reach it; other programs of this one, and pages in the browser, can,
so nothing that comes is believed before it is judged, and what is not good is answered
and forgotten.
"""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.defer import TimeoutError as TooLate
from twisted.internet.endpoints import TCP4ServerEndpoint
from twisted.web import http

from client_node.oauth.requests.errors import AuthorizationRefused, UnusableAnswer
from pki.http.answers import NoAnswer

PATH = "/callback"

_HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cache-Control", "no-store"),
    ("Connection", "close"),
)


@dataclass(frozen=True, slots=True)
class _Page:
    status: int
    text: str

    @property
    def html(self) -> bytes:
        """For a person, who may now close the window."""
        text = escape(self.text)
        page = f'<!doctype html><html lang="en"><title>{text}</title><p>{text}</p>'
        return f"{page}</html>\n".encode()


_DONE = _Page(200, "Thank you. You can close this window.")
_REFUSED = _Page(200, "The bank gave no access. You can close this window.")
_NOT_HERE = _Page(404, "There is nothing here.")
_NOT_EXPECTED = _Page(400, "This is not what the application waits for.")
_ALREADY = _Page(410, "The application has its answer. You can close this window.")


class _Request(http.Request):
    """One request of a browser."""

    channel: Any

    def process(self) -> None:
        """Answer first: what follows may take a while."""
        callback: _Callback = self.channel.factory
        page = callback.judged(self.method, self.uri.decode("latin-1"))
        self.setResponseCode(page.status)
        for name, value in _HEADERS:
            self.setHeader(name, value)
        self.setHeader("Content-Length", str(len(page.html)))
        self.write(page.html)
        self.finish()
        callback.tell()


class _Callback(http.HTTPFactory):
    """Waits for one good response, or for one good refusal."""

    noisy = False

    def __init__(self, reactor: Any, judge: Callable[[str], str]) -> None:
        super().__init__(reactor=reactor)
        self.told: Deferred[str] = Deferred()
        self._judge = judge
        self._outcome: str | AuthorizationRefused | None = None

    def buildProtocol(self, addr: Any) -> Any:
        """One more connection."""
        channel: Any = super().buildProtocol(addr)
        channel.requestFactory = _Request
        return channel

    def log(self, request: object) -> None:
        """Nothing: Twisted's line would hold the authorization code."""

    def judged(self, method: bytes, target: str) -> _Page:
        """What the browser is told; a good response is kept for `tell`."""
        path, _, query = target.partition("?")
        if method != b"GET" or path != PATH:
            return _NOT_HERE
        if self._outcome is not None:
            return _ALREADY
        try:
            self._outcome = self._judge(query)
        except AuthorizationRefused as refused:
            self._outcome = refused
            return _REFUSED
        except UnusableAnswer:
            return _NOT_EXPECTED
        return _DONE

    def tell(self) -> None:
        """Hand over what there is, once."""
        if self._outcome is None or self.told.called:
            return
        if isinstance(self._outcome, str):
            self.told.callback(self._outcome)
        else:
            self.told.errback(self._outcome)


class LoopbackListener:
    """A port of this machine that listens until it is closed; made by `listen`."""

    def __init__(self, reactor: Any, port: Any, callback: _Callback) -> None:
        self._reactor = reactor
        self._port = port
        self._callback = callback
        self.redirect_uri = f"http://127.0.0.1:{port.getHost().port}{PATH}"

    async def code(self, seconds: float) -> str:
        """
        The authorization code, once the browser has brought it.

        Raises:
            AuthorizationRefused: it has brought a refusal.
            NoAnswer: it has brought nothing within so many *seconds*.
        """
        told = self._callback.told
        told.addTimeout(seconds, self._reactor)
        try:
            return await told
        except TooLate as error:
            raise NoAnswer(
                f"nobody came back from the bank within {seconds / 60:g} minutes"
            ) from error

    async def close(self) -> None:
        """Listen no more."""
        await maybeDeferred(self._port.stopListening)


async def listen(reactor: Any, judge: Callable[[str], str]) -> LoopbackListener:
    """
    Listen on a free port of 127.0.0.1.

    *judge* gives the code in the query of a response, see
    `client_node.oauth.authorization.authorization_response`.
    """
    callback = _Callback(reactor, judge)
    endpoint = TCP4ServerEndpoint(reactor, 0, interface="127.0.0.1")
    return LoopbackListener(reactor, await endpoint.listen(callback), callback)
