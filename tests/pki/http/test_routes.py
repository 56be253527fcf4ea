"""From a method and a path to a handler."""

import asyncio

import pytest

from pki.http.messages import EMPTY, Connection, Refusal, Request, Response
from pki.http.routes import MethodNotAllowed, NotFound, Route, Routes

CONNECTION = Connection(
    1, "127.0.0.1:50000", "TLSv1.3", certificate_requested=True, peer=None
)


async def said(request: Request, **captured: str) -> Response:
    """What a handler was given."""
    return Response(200, tuple(captured.items()), request.method.encode())


ROUTES = Routes(
    [
        Route("GET", "/accounts", said),
        Route("POST", "/token", said),
        Route("PUT", "/token", said),
        Route("GET", "/accounts/{account_id}/balances", said),
        Route("DELETE", "/accounts/{account_id}/balances", said),
        Route("GET", "/{a}/{b}", said),
    ]
)


def ask(method: str, path: str) -> Response:
    """The answer, or the refusal's exception."""
    request = Request(method, path, "", EMPTY, b"", CONNECTION)
    return asyncio.run(_awaited(request))


async def _awaited(request: Request) -> Response:
    return await ROUTES.answer(request)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_exact_path(method: str) -> None:
    """A path is matched whole, and HEAD is served wherever GET is."""
    assert ask(method, "/accounts") == Response(200, (), method.encode())


def test_two_methods() -> None:
    """One path may be served by several methods."""
    assert ask("POST", "/token").body == b"POST"
    assert ask("PUT", "/token").body == b"PUT"
    assert ask("DELETE", "/accounts/1/balances").body == b"DELETE"


def test_captured_segments() -> None:
    """A segment in braces is given to the handler by its name, as it was sent."""
    assert ask("GET", "/accounts/a%2Fb/balances").headers == (("account_id", "a%2Fb"),)
    assert ask("GET", "/x/y").headers == (("a", "x"), ("b", "y"))


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "*",
        "accounts",
        "/Accounts",
        "/accounts/",
        "//accounts",
        "/%61ccounts",
        "/accounts//balances",
        "/accounts/1/balances/",
        "/accounts/1/balance",
        "/accounts/1/2/balances",
    ],
)
def test_not_found(path: str) -> None:
    """Any other spelling of a path is another path."""
    with pytest.raises(NotFound, match="nothing is served at") as refusal:
        ask("GET", path)
    answer = refusal.value.response()
    assert (answer.status, answer.body) == (404, b'{"error":"not_found"}')


def test_method_not_allowed() -> None:
    """RFC 9110 section 15.5.6: 405 says which methods there are."""
    with pytest.raises(MethodNotAllowed, match="POST is not served at /acc") as refusal:
        ask("POST", "/accounts")
    answer = refusal.value.response()
    assert (answer.status, answer.body) == (405, b'{"error":"method_not_allowed"}')
    assert ("Allow", "GET, HEAD") in answer.headers


@pytest.mark.parametrize("method", ["get", "HEAD", "OPTIONS", "TRACE", "CONNECT"])
def test_methods_are_case_sensitive(method: str) -> None:
    """RFC 9110 section 9.1: `get` is another method than `GET`."""
    with pytest.raises(MethodNotAllowed) as refusal:
        ask(method, "/token")
    assert ("Allow", "POST, PUT") in refusal.value.response().headers


def test_refusal_without_a_response() -> None:
    """A refusal has to say what the peer is told."""
    with pytest.raises(NotImplementedError):
        Refusal("detail").response()
