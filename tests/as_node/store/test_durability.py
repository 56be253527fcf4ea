"""A server that is killed has lost nothing it acknowledged."""

import json
import os
import subprocess
import sys
import time
from base64 import urlsafe_b64decode
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from as_node.store.sqlite.database import open_database
from as_node.store.sqlite.store import SqliteStore
from as_node.tokens.access_tokens import AccessTokens
from as_node.tokens.authorizations import Authorizations
from as_node.tokens.status_claim import read_status
from tests.as_node.store import durable_server

pytestmark = pytest.mark.slow

T = TypeVar("T")

TOP = Path(__file__).parents[3]


def killed_after(lines: int, path: Path) -> list[tuple[str, str]]:
    """
    What a server acknowledged that was killed in the middle of its work.

    It is given SIGKILL when so many lines have been read; what it had acknowledged
    beyond that counts as well.
    """
    with subprocess.Popen(
        [sys.executable, durable_server.__file__, path],
        stdout=subprocess.PIPE,
        cwd=TOP,
        env={**os.environ, "PYTHONPATH": str(TOP)},
        text=True,
    ) as process:
        assert process.stdout is not None
        read = [process.stdout.readline() for _ in range(lines)]
        process.kill()
        read += process.stdout.readlines()
    assert process.returncode == -9
    whole = (line.split() for line in read if line.endswith("\n"))
    return [(what, token) for what, token in whole]


def at_once(coroutine: Coroutine[Any, Any, T]) -> T:
    """What a coroutine returns that waits for nothing."""
    fired: list[T] = []
    Deferred.fromCoroutine(coroutine).addCallback(fired.append)
    return fired[0]


def is_so(what: str, value: str, tokens: AccessTokens) -> bool:
    """Whether what was acknowledged is true after the next start."""
    authorizations = Authorizations(tokens.store, 9000, time.time)
    match what:
        case "issued" | "revoked":
            found = at_once(tokens.find(value))
            return (found is None) == (what == "revoked")
        case "refresh" | "ended":
            token = at_once(authorizations.find_refresh_token(value))
            return (token is None) == (what == "ended")
        case _:
            code = at_once(authorizations.find_code(value))
            return code is not None and code.redeemed == (what == "redeemed")


@pytest.mark.parametrize("lines", [1, 30, 500])
def test_nothing_acknowledged_is_lost(tmp_path: Path, lines: int) -> None:
    """After kill -9 the next start needs no repair, and knows all that was promised."""
    path = tmp_path / "as.sqlite3"
    acknowledged = killed_after(lines, path)
    assert len(acknowledged) >= lines
    connection = open_database(path)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    tokens = durable_server.access_tokens(connection, Clock())
    for what, value in acknowledged:
        assert is_so(what, value, tokens), what
    connection.close()


def status_index(token: str) -> int | None:
    """The place of a JWT in the status lists; None of an opaque token."""
    _, dot, rest = token.partition(".")
    if not dot:
        return None
    payload = rest.partition(".")[0]
    claims = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    found = read_status(claims["status"], claims["iss"])
    assert found is not None
    return found.number


def test_no_status_index_is_given_out_twice(tmp_path: Path) -> None:
    """Killed again and again: no two tokens share a bit, revoked ones have it set."""
    path = tmp_path / "as.sqlite3"
    acknowledged = [each for _ in range(4) for each in killed_after(60, path)]
    indexed = {
        what: [
            index
            for kind, token in acknowledged
            if kind == what
            if (index := status_index(token)) is not None
        ]
        for what in ("issued", "revoked")
    }
    every = indexed["issued"] + indexed["revoked"]
    assert len(every) == len(set(every)) > 50
    connection = open_database(path)
    store = SqliteStore(connection, reactor=Clock(), clock=time.time)
    revoked = set(at_once(store.revoked_since(0, 0, 1_000_000)).indexes)
    assert set(indexed["revoked"]) <= revoked
    assert revoked.isdisjoint(indexed["issued"])
    assert max(every) < at_once(store.count_status_indexes())
    connection.close()


def test_a_server_goes_on_where_the_killed_one_was(tmp_path: Path) -> None:
    """Killed again and again, it keeps its keys and adds to what it knows."""
    path = tmp_path / "as.sqlite3"
    acknowledged = killed_after(1, path)
    connection = open_database(path)
    keys = durable_server.access_tokens(connection, Clock()).signing_keys.jwks()
    connection.close()
    for _ in range(2):
        acknowledged += killed_after(30, path)
    connection = open_database(path)
    tokens = durable_server.access_tokens(connection, Clock())
    assert tokens.signing_keys.jwks() == keys
    issued = [token for what, token in acknowledged if what == "issued"]
    assert all(at_once(tokens.find(token)) for token in issued)
    connection.close()
