"""The parts of the authorization server, put together."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from as_node.store.sqlite.database import open_database
from as_node.store.sqlite.signing_keys import SqliteSigningKeys
from as_node.tokens.signing_keys import CHECK_SECONDS, rotate
from tests.in_memory.authorization_server import (
    CONVENTIONAL,
    MUTUAL_TLS,
    Deployment,
    members,
)
from tests.in_memory.raw_tls import asked_by_name

StartAs = Callable[..., Deployment]


def kids(server: Deployment) -> set[str]:
    """The identifiers of the published keys."""
    keys = members(server.request("GET", f"{CONVENTIONAL}/jwks"), 200)["keys"]
    return {str(key["kid"]) for key in keys}


def test_a_rotation_is_noticed(server: Deployment, tmp_path: Path) -> None:
    """RFC 7517 section 5: keys rotate under a running server, and tokens live on."""
    before, token = kids(server), server.token("banking-client")
    with closing(open_database(tmp_path / "state" / "as.sqlite3")) as connection:
        rotate(SqliteSigningKeys(connection), "ES256", now=server.network.clock())
    server.network.reactor.advance(CHECK_SECONDS)
    after = kids(server)
    assert before < after
    assert len(after - before) == 1
    assert members(server.introspect(token), 200)["active"] is True
    newer = server.token("banking-client")
    assert newer.split(".")[0] != token.split(".")[0]
    assert members(server.introspect(newer), 200)["active"] is True


def test_a_retired_key_is_published_while_it_is_needed(
    server: Deployment, tmp_path: Path
) -> None:
    """RFC 7517 section 5: while a token that it signed can be in force."""
    before = kids(server)
    with closing(open_database(tmp_path / "state" / "as.sqlite3")) as connection:
        rotate(SqliteSigningKeys(connection), "ES256", now=server.network.clock())
    server.network.reactor.advance(300)
    assert before < kids(server)
    server.network.reactor.advance(120)
    assert not before < kids(server)


@pytest.mark.check("client-auth.certificate-dates")
@pytest.mark.parametrize(("switch", "status"), [("false", 401), ("true", 200)])
def test_an_expired_self_signed_certificate(
    start_as: StartAs, switch: str, status: int
) -> None:
    """RFC 8705 section 2.2: refused, unless the configuration says otherwise."""
    key = "self_signed_certificates_may_be_expired = "
    server = start_as((f"{key}false", key + switch))
    assert members(server.token_request("tpp-self-signed"), 200)
    server.network.reactor.advance(31 * 86400)
    assert members(server.token_request("tpp-self-signed"), status)


def test_an_orderly_end(server: Deployment, tmp_path: Path) -> None:
    """When the process ends, the database is one whole file."""
    assert server.token("tpp-opaque")
    assert (tmp_path / "state" / "as.sqlite3-wal").exists()
    server.stop()
    assert [path.name for path in (tmp_path / "state").iterdir()] == ["as.sqlite3"]


def test_a_database_without_its_tables(start_as: StartAs, tmp_path: Path) -> None:
    """Without signing keys nothing is served, and the operator is told which file."""
    path = tmp_path / "state" / "as.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE signing_key")
    with pytest.raises(ValueError, match=r"as\.sqlite3: .*signing_key"):
        start_as()


def decisions(recording: Path) -> list[dict[str, Any]]:
    """What was decided, in the order it was."""
    events = map(json.loads, recording.read_text(encoding="utf-8").splitlines())
    return [event for event in events if event["event"] == "decision"]


def test_what_is_decided_on_the_way_to_a_token(
    start_as: StartAs, tmp_path: Path
) -> None:
    """Each check that is passed is recorded, with its rule and what was compared."""
    server = start_as(recording=tmp_path / "recording")
    server.token("banking-client")
    passed = decisions(tmp_path / "recording")
    assert [event["rule"] for event in passed] == [
        "RFC 8705 section 2.1",
        "RFC 8705 section 2.1.2",
        "RFC 6749 section 5.2",
        "RFC 8705 section 3",
        "RFC 6749 section 3.3",
    ]
    assert all(event["accepted"] for event in passed)
    assert passed[-2]["presented"] == server.x5t_s256("banking-client")


@pytest.mark.parametrize(
    ("path", "client_id", "rule"),
    [
        ("/introspect", "accounts-rs", "RFC 7662 section 4"),
        ("/introspect", "accounts-rs", "RFC 7662 section 2.2"),
        ("/revoke", "other-tpp", "RFC 7009 section 2.1"),
    ],
)
def test_what_is_decided_about_a_token(
    start_as: StartAs, tmp_path: Path, path: str, client_id: str, rule: str
) -> None:
    """What the other endpoints check is recorded as well."""
    server = start_as(recording=tmp_path / "recording")
    token = server.token("other-tpp")
    parameters = {"token": token, "client_id": client_id}
    server.post(MUTUAL_TLS + path, parameters, certificate=client_id)
    by_rule = {event["rule"]: event for event in decisions(tmp_path / "recording")}
    assert by_rule[rule]["accepted"]
    assert token not in json.dumps(by_rule)


def test_a_refusal_is_a_decision_too(start_as: StartAs, tmp_path: Path) -> None:
    """RFC 7009 section 2.1: what was expected, and who came instead."""
    server = start_as(recording=tmp_path / "recording")
    token = server.token("banking-client")
    server.revoke(token, client_id="other-tpp")
    refused = decisions(tmp_path / "recording")[-1]
    assert not refused["accepted"]
    assert refused["rule"] == "RFC 7009 section 2.1"
    assert (refused["expected"], refused["presented"]) == (
        "banking-client",
        "other-tpp",
    )


@pytest.mark.parametrize("port", [9443, 9444])
@pytest.mark.parametrize("path", ["/", "/jwks", "/token", "/authorize", "/nothing"])
@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:9443", "localhost", "localhost:9445"]
)
def test_another_name(server: Deployment, port: int, path: str, host: str) -> None:
    """RFC 9110 section 7.4: neither listener answers a name that is not its own."""
    answer = asked_by_name(server.network, port, host, path)
    assert answer.status == 421
    assert f"this is https://localhost:{port}" in answer.body.decode()
    assert "check=request.own-name" in server.log.getvalue()


@pytest.mark.parametrize("port", [9443, 9444])
@pytest.mark.parametrize("name", ["localhost", "LOCALHOST", "127.0.0.1", "[::1]"])
def test_own_names(server: Deployment, port: int, name: str) -> None:
    """Those of the configured URL and of the certificate."""
    assert asked_by_name(server.network, port, f"{name}:{port}", "/jwks").status == 200


def test_target_of_another_name(server: Deployment) -> None:
    """RFC 9112 section 3.2.2: what a target says counts before the Host field."""
    own, other = "localhost:9443", "evil.example:9443"
    for target, host, status in (
        (f"https://{other}/jwks", own, 421),
        (f"https://{own}/jwks", other, 200),
    ):
        assert asked_by_name(server.network, 9443, host, target).status == status
