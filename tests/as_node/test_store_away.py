"""
The authorization server while it can keep or read nothing: 503 and one line, whoever
asks; nothing is acknowledged, and it goes on by itself.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from as_node.store.sqlite.database import open_database
from pki.http.answers import Answer
from tests.as_node.pushing import push, pushed
from tests.customers.step_by_step import (
    PASSWORD,
    Browser,
    approve,
    consent_page,
    sent_back,
    sign_in,
)
from tests.in_memory.authorization_server import (
    MUTUAL_TLS,
    Deployment,
    assert_not_stored,
    members,
)
from tests.in_memory.consents import TY, Consents
from tests.in_memory.store_trouble import full_disk, locked, unreadable

Trouble = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "state" / "as.sqlite3"


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[sqlite3.Connection]:
    """The server's own, which it opens when it is started."""
    opened: list[sqlite3.Connection] = []

    def remembered(path: Path) -> sqlite3.Connection:
        opened.append(open_database(path))
        return opened[-1]

    monkeypatch.setattr("as_node.wiring.open_database", remembered)
    return opened


@pytest.fixture
def server(
    connections: list[sqlite3.Connection], start_as: Callable[..., Deployment]
) -> Deployment:
    """The authorization server as it is shipped, over a connection that is known."""
    return start_as()


@contextmanager
def told(connection: sqlite3.Connection, pragma: str, value: object) -> Iterator[None]:
    """SQLite is told something about the file, and the contrary at the end."""
    (before,) = connection.execute(f"PRAGMA {pragma}").fetchone()
    connection.execute(f"PRAGMA {pragma} = {value}")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA {pragma} = {before}")


@pytest.fixture(params=["full disk", "read-only", "locked"])
def cannot_write(
    request: pytest.FixtureRequest,
    database: Path,
    connections: list[sqlite3.Connection],
) -> Trouble:
    """What keeps the server from writing, and not from reading."""
    return {
        "full disk": full_disk,
        "read-only": lambda: told(connections[0], "query_only", 1),
        "locked": lambda: locked(database),
    }[request.param]


@pytest.fixture
def browser(server: Deployment) -> Browser:
    return Browser(server)


def lines_since(server: Deployment, begin: int) -> list[str]:
    return server.log.getvalue()[begin:].splitlines()


def assert_away(server: Deployment, ask: Callable[[], Answer]) -> Answer:
    """503 and when to come back; one line for the operator, and no traceback."""
    begin = len(server.log.getvalue())
    answer = ask()
    assert answer.status == 503, answer
    assert re.fullmatch("[1-9][0-9]*", answer.header("retry-after") or "")
    assert answer.header("cache-control") == "no-store"
    (line,) = lines_since(server, begin)
    assert "warning" in line
    assert "the store: not " in line
    return answer


def assert_oauth_error(server: Deployment, ask: Callable[[], Answer]) -> None:
    """RFC 6749 names the error; why it is so stays with the operator."""
    answer = assert_away(server, ask)
    assert_not_stored(answer)
    found = members(answer, 503)
    assert found.keys() == {"error", "error_description"}
    assert found["error"] == "temporarily_unavailable"


def test_a_token_that_cannot_be_kept(server: Deployment, cannot_write: Trouble) -> None:
    """No opaque token is given away that the next introspection would not know."""
    with cannot_write():
        assert_oauth_error(server, lambda: server.token_request("tpp-opaque"))
    token = server.token("tpp-opaque")
    assert members(server.introspect(token), 200)["active"] is True


def test_a_revocation_that_cannot_be_kept(
    server: Deployment, cannot_write: Trouble
) -> None:
    """RFC 7009 section 2.2.1: at 503 the token is as it was, and may be tried again."""
    token = server.token("banking-client")

    def revoke() -> Answer:
        return server.revoke(token, client_id="banking-client")

    with cannot_write():
        assert_oauth_error(server, revoke)
    assert members(server.introspect(token), 200)["active"] is True
    assert revoke().status == 200
    assert members(server.introspect(token), 200)["active"] is False


def test_a_pushed_request_that_cannot_be_kept(
    server: Deployment, cannot_write: Trouble
) -> None:
    """RFC 9126: no request_uri is given that leads nowhere."""
    with cannot_write():
        assert_oauth_error(server, lambda: push(server))
    assert push(server).status == 201


@pytest.mark.usefixtures("consents")
def test_a_sign_in_that_cannot_be_kept(
    server: Deployment, browser: Browser, cannot_write: Trouble
) -> None:
    """She is told in words, is not signed in, and goes on from the same page."""
    page = browser.authorize(pushed(server))

    def submit() -> Answer:
        return browser.submit(page, "/sign-in", username=TY, password=PASSWORD)

    with cannot_write():
        assert_page(server, submit)
    assert sign_in(browser, page).status == 200


def test_a_consent_that_cannot_be_kept(
    server: Deployment, consents: Consents, browser: Browser, cannot_write: Trouble
) -> None:
    """No code leaves; she presses the button again, and the bank hears it once."""
    page = consent_page(browser, pushed(server))
    with cannot_write():
        assert_page(server, lambda: approve(browser, page))
    answer = approve(browser, page)
    assert "code" in sent_back(answer, "https://127.0.0.1:9446/callback")
    assert len(consents.decisions) == 1


@pytest.mark.usefixtures("consents")
def test_an_authorization_that_cannot_be_refused(
    server: Deployment, browser: Browser, cannot_write: Trouble
) -> None:
    """Cancelling uses the request up, so it too waits for the store."""
    page = browser.authorize(pushed(server))
    with cannot_write():
        assert_page(server, lambda: browser.submit(page, "/cancel"))
    answer = browser.submit(page, "/cancel")
    assert sent_back(answer, "https://127.0.0.1:9446/callback")["error"] == (
        "access_denied"
    )


def test_nothing_can_be_read(server: Deployment, database: Path) -> None:
    """What cannot be told is told so: neither good nor bad, known or unknown."""
    token = server.token("banking-client")
    request_uri = pushed(server)
    bearer = (("Authorization", f"Bearer {token}"),)
    server.network.reactor.advance(6)  # so that the signing keys are looked at again
    with unreadable(database):
        for ask in (
            lambda: server.token_request("banking-client"),
            lambda: server.introspect(token),
            lambda: server.revoke(token, client_id="banking-client"),
            lambda: server.request("GET", f"{MUTUAL_TLS}/jwks"),
            lambda: server.request(
                "GET",
                f"{MUTUAL_TLS}/userinfo",
                certificate="banking-client",
                headers=bearer,
            ),
        ):
            assert_oauth_error(server, ask)
        browser = Browser(server)
        assert_page(server, lambda: browser.authorize(request_uri))
    assert members(server.introspect(token), 200)["active"] is True
    assert Browser(server).authorize(request_uri).status == 200


def assert_page(server: Deployment, ask: Callable[[], Answer]) -> None:
    """A page for people, which leads nowhere and says nothing about why."""
    answer = assert_away(server, ask)
    assert answer.header("content-type") == "text/html; charset=utf-8"
    assert b"We cannot do this just now" in answer.body
    assert b"database" not in answer.body
