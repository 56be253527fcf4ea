"""The introspection endpoint: what a resource server is told, and nobody else."""

from collections.abc import Callable

import pytest

from tests.in_memory.authorization_server import (
    CONVENTIONAL,
    MUTUAL_TLS,
    RESOURCE,
    Deployment,
    assert_not_stored,
    assert_refused,
    members,
)

StartAs = Callable[..., Deployment]

INACTIVE = {"active": False}


@pytest.mark.parametrize("client_id", ["banking-client", "tpp-opaque"])
def test_an_active_token(server: Deployment, client_id: str) -> None:
    """RFC 8705 section 3.2: both forms are told alike, with `cnf` as issued."""
    answer = server.introspect(server.token(client_id))
    found = members(answer, 200)
    assert found.pop("jti")
    assert ("status" in found) == (client_id == "banking-client")
    found.pop("status", None)
    now = int(server.network.clock())
    assert found == {
        "active": True,
        "iss": CONVENTIONAL,
        "sub": client_id,
        "aud": RESOURCE,
        "client_id": client_id,
        "scope": "accounts",
        "iat": now,
        "nbf": now,
        "exp": now + 300,
        "token_type": "Bearer",
        # Not the certificate of the resource server that asks.
        "cnf": {"x5t#S256": server.x5t_s256(client_id)},
    }
    assert_not_stored(answer)


@pytest.mark.parametrize("hint", ["access_token", "refresh_token", "nonsense"])
def test_a_hint_is_a_hint(server: Deployment, hint: str) -> None:
    """RFC 7662 section 2.1: a wrong `token_type_hint` does not hide a token."""
    token = server.token("tpp-opaque")
    found = members(server.introspect(token, token_type_hint=hint), 200)
    assert found["active"] is True


@pytest.mark.parametrize(
    "token",
    [
        "unknown",
        "A" * 43,
        "a.b.c",
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJiYW5raW5nLWNsaWVudCJ9.",
        " ",
        "\N{SNOWMAN}\x00",
        "x" * 20_000,
    ],
)
def test_an_unknown_token(server: Deployment, token: str) -> None:
    """RFC 7662 section 2.2: what was not issued here is not active, and that is all."""
    answer = server.introspect(token)
    assert members(answer, 200) == INACTIVE
    assert_not_stored(answer)


def test_a_tampered_token(server: Deployment) -> None:
    """RFC 7662 section 2.2: one character of the signature changed: nothing."""
    token = server.token("banking-client")
    changed = token[:-10] + ("A" if token[-10] != "A" else "B") + token[-9:]
    assert members(server.introspect(changed), 200) == INACTIVE


@pytest.mark.parametrize("client_id", ["banking-client", "tpp-opaque"])
def test_an_expired_token(server: Deployment, client_id: str) -> None:
    """RFC 7662 section 2.2: from the second it expires it is not active."""
    token = server.token(client_id)
    exp = members(server.introspect(token), 200)["exp"]
    server.network.reactor.advance(exp - server.network.clock() - 1)
    assert members(server.introspect(token), 200)["active"] is True
    server.network.reactor.advance(1)
    assert members(server.introspect(token), 200) == INACTIVE


@pytest.mark.parametrize("client_id", ["banking-client", "tpp-opaque"])
def test_a_revoked_token(server: Deployment, client_id: str) -> None:
    """RFC 7662 section 2.2: a revoked token is not active."""
    token = server.token(client_id)
    server.revoke(token, client_id=client_id)
    assert members(server.introspect(token), 200) == INACTIVE


@pytest.mark.check("introspection.audience")
@pytest.mark.parametrize("client_id", ["banking-client", "tpp-opaque"])
def test_a_token_for_another_resource(start_as: StartAs, client_id: str) -> None:
    """RFC 7662 section 2.2: a token that is not meant for who asks is not active."""
    token = start_as().token(client_id)
    assert members(start_as().introspect(token), 200)["active"] is True
    moved = start_as((f'"{RESOURCE}"', '"https://rs.example.com"'))
    assert members(moved.introspect(token), 200) == INACTIVE


def test_nobody_is_told_without_a_certificate(server: Deployment) -> None:
    """RFC 7662 section 2.1: who asks is authenticated first."""
    token = server.token("banking-client")
    answer = server.post(
        f"{MUTUAL_TLS}/introspect",
        {"token": token, "client_id": "accounts-rs"},
        certificate=None,
    )
    assert_refused(answer, 401, "invalid_client")


@pytest.mark.check("introspection.resource-server")
def test_a_client_is_not_a_resource_server(server: Deployment) -> None:
    """RFC 7662 section 4: a client may not ask, not even about its own token."""
    token = server.token("banking-client")
    answer = server.introspect(token, client_id="banking-client")
    assert_refused(answer, 400, "unauthorized_client")


def test_a_client_is_told_the_same_whatever_it_asks(server: Deployment) -> None:
    """RFC 7662 section 4: that a token exists is not to be learned here."""
    known = server.introspect(server.token("other-tpp"), client_id="banking-client")
    unknown = server.introspect("unknown", client_id="banking-client")
    assert (known.status, known.body) == (unknown.status, unknown.body)


def test_no_token(server: Deployment) -> None:
    """RFC 7662 section 2.1: `token` is required."""
    assert_refused(server.introspect(""), 400, "invalid_request")


def test_the_log_names_the_token_and_does_not_hold_it(server: Deployment) -> None:
    """The operator can follow a token by its `jti`, not take it."""
    token = server.token("tpp-opaque")
    jti = members(server.introspect(token), 200)["jti"]
    lines = [
        line for line in server.log.getvalue().splitlines() if "/introspect" in line
    ]
    assert f"jti={jti}" in lines[0]
    assert token not in server.log.getvalue()
