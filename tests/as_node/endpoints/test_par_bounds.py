"""What a peer can have kept by pushing authorization requests: RFC 9126."""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from as_node.store.authorizations import (
    MOST_PUSHED_BY_A_CLIENT,
    MOST_PUSHED_FROM_A_NETWORK,
)
from as_node.store.sqlite.database import open_database
from pki.http.answers import Answer
from tests.as_node.authorizing import CHALLENGE
from tests.as_node.pushing import push
from tests.in_memory.authorization_server import (
    MUTUAL_TLS,
    Deployment,
    assert_refused,
    members,
)

APP = {
    "client_id": "mobile-app",
    "response_type": "code",
    "redirect_uri": "http://127.0.0.1:50123/callback",
    "scope": "openid",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


def push_as_anybody(server: Deployment, **parameters: str) -> Answer:
    """A request of the public client, by whoever knows its name."""
    return server.post(f"{MUTUAL_TLS}/par", {**APP, **parameters}, certificate=None)


def kept(tmp_path: Path, query: str) -> int:
    """What the database says of the requests that are kept."""
    with closing(open_database(tmp_path / "state" / "as.sqlite3")) as connection:
        (value,) = connection.execute(query).fetchone()
    return int(value or 0)


@pytest.mark.check("authorization.acr-values")
def test_long_acr_values(server: Deployment, tmp_path: Path) -> None:
    """OpenID Connect Core section 3.1.2.1: refused, and nothing of it is kept."""
    assert push_as_anybody(server, acr_values="x" * 1024).status == 201
    for length in (1025, 10_000, 50_000):
        answer = push_as_anybody(server, acr_values="x " * (length // 2) + "x")
        assert_refused(answer, 400, "invalid_request")
    assert kept(tmp_path, "SELECT count(*) FROM pushed_request") == 1


@pytest.mark.check("authorization.claims")
def test_claims_are_bounded_in_bytes(server: Deployment, tmp_path: Path) -> None:
    """OpenID Connect Core section 5.5: what is kept is hardly longer than what came."""
    for text, status in (
        ("\N{GRINNING FACE}" * 1000, 201),
        ("\N{SNOWMAN}" * 1366, 400),
    ):
        claims = json.dumps({"userinfo": {"x": text}}, ensure_ascii=False)
        assert push_as_anybody(server, claims=claims).status == status
    assert (
        kept(tmp_path, "SELECT max(length(CAST(request AS BLOB))) FROM pushed_request")
        < 5000
    )


@pytest.fixture
def flooded(tmp_path: Path) -> Callable[[int], None]:
    """Makes of one request that is kept so many."""

    def flood(most: int) -> None:
        with closing(open_database(tmp_path / "state" / "as.sqlite3")) as connection:
            connection.execute(
                "WITH RECURSIVE number (n) AS"
                " (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?)"
                " INSERT INTO pushed_request SELECT request_uri || n, client_id,"
                " request, exp, network FROM pushed_request, number",
                (most - 1,),
            )

    return flood


@pytest.mark.bound("par.of-a-network")
@pytest.mark.check("par.room")
def test_one_network_does_not_fill_the_disk(
    server: Deployment, tmp_path: Path, flooded: Callable[[int], None]
) -> None:
    """RFC 9126 section 2.3: 429, until the first of them have expired."""
    assert push_as_anybody(server).status == 201
    flooded(MOST_PUSHED_FROM_A_NETWORK - 1)
    assert push_as_anybody(server).status == 201
    for _ in range(2):
        answer = push_as_anybody(server)
        assert_refused(answer, 429, "temporarily_unavailable")
        assert answer.header("retry-after") == "60"
    line = server.log.getvalue().splitlines()[-1]
    assert "check=par.room" in line
    assert f'expected="at most {MOST_PUSHED_FROM_A_NETWORK}"' in line
    assert f"one more than {MOST_PUSHED_FROM_A_NETWORK} of mobile-app from 127" in line
    assert push(server).status == 201  # a client that proves who it is
    server.network.reactor.advance(301)
    for _ in range(20):
        assert push_as_anybody(server).status == 201
    assert kept(tmp_path, "SELECT count(*) FROM pushed_request") == 20


@pytest.mark.check("par.room")
def test_another_network_goes_on(
    server: Deployment, tmp_path: Path, flooded: Callable[[int], None]
) -> None:
    """RFC 9126 section 2.3: who floods from one address harms those behind it alone."""
    assert push_as_anybody(server).status == 201
    flooded(MOST_PUSHED_FROM_A_NETWORK - 1)
    with closing(open_database(tmp_path / "state" / "as.sqlite3")) as connection:
        connection.execute("UPDATE pushed_request SET network = '192.0.2.1'")
    assert push_as_anybody(server).status == 201


@pytest.mark.bound("par.of-a-client")
@pytest.mark.check("par.room")
@pytest.mark.parametrize("client_id", ["banking-client", "mobile-app"])
def test_one_client_does_not_either(
    server: Deployment, tmp_path: Path, flooded: Callable[[int], None], client_id: str
) -> None:
    """RFC 9126 section 2.3: not one that is known, nor all who use a public one."""

    def ask() -> Answer:
        return push_as_anybody(server) if client_id == "mobile-app" else push(server)

    assert ask().status == 201
    flooded(MOST_PUSHED_BY_A_CLIENT - 1)
    with closing(open_database(tmp_path / "state" / "as.sqlite3")) as connection:
        connection.execute("UPDATE pushed_request SET network = '192.0.2.1'")
    assert [ask().status for _ in range(2)] == [201, 429]
    line = server.log.getvalue().splitlines()[-1]
    assert f'expected="at most {MOST_PUSHED_BY_A_CLIENT}"' in line
    assert f"one more than {MOST_PUSHED_BY_A_CLIENT} of {client_id}" in line
    server.network.reactor.advance(301)
    assert ask().status == 201
    other = push(server, "other-tpp", claims=None, redirect_uri="https://other")
    assert members(other, 400)["error"] == "invalid_request"  # judged, not turned away
