"""The revocation endpoint: a client ends its own tokens, and no others."""

from collections.abc import Callable

import pytest

from pki.http.answers import Answer
from pki.issuing.hierarchy import load_authorities
from pki.issuing.parties import BANKING_CLIENT
from tests.in_memory.authorization_server import (
    MUTUAL_TLS,
    Deployment,
    assert_not_stored,
    assert_refused,
    members,
)

StartAs = Callable[..., Deployment]

FORMS = pytest.mark.parametrize("client_id", ["banking-client", "tpp-opaque"])


def is_active(server: Deployment, token: str) -> bool:
    """What the resource server is told about a token."""
    return members(server.introspect(token), 200)["active"] is True


def assert_done(answer: Answer) -> None:
    """RFC 7009 section 2.2: 200, and the client ignores the rest, so there is none."""
    assert (answer.status, answer.body) == (200, b"")
    assert answer.header("content-type") is None
    assert_not_stored(answer)


@FORMS
def test_a_token_of_ones_own(server: Deployment, client_id: str) -> None:
    """RFC 7009 section 2.1: the token is dead at once; another one lives on."""
    token, other = server.token(client_id), server.token(client_id)
    assert is_active(server, token)
    assert_done(server.revoke(token, client_id=client_id))
    assert not is_active(server, token)
    assert is_active(server, other)


@FORMS
def test_a_revocation_outlives_a_restart(start_as: StartAs, client_id: str) -> None:
    """RFC 7009 section 2.1: what was revoked stays so, in the next process too."""
    server = start_as()
    revoked, kept = server.token(client_id), server.token(client_id)
    assert_done(server.revoke(revoked, client_id=client_id))
    restarted = start_as()
    assert not is_active(restarted, revoked)
    assert is_active(restarted, kept)


def test_over_a_renewed_certificate(server: Deployment) -> None:
    """RFC 8705 section 3: a token need not be presented to be revoked."""
    token = server.token("banking-client")
    renewed = load_authorities(server.issued).client_intermediate.issue_client(
        BANKING_CLIENT.subject, now=server.network.clock()
    )
    server.hold("banking-client", renewed)
    assert_done(server.revoke(token, client_id="banking-client"))
    assert not is_active(server, token)


@pytest.mark.parametrize("hint", ["access_token", "refresh_token", "nonsense"])
def test_a_hint_is_a_hint(server: Deployment, hint: str) -> None:
    """RFC 7009 section 2.1: a wrong `token_type_hint` does not save a token."""
    token = server.token("banking-client")
    answer = server.revoke(token, client_id="banking-client", token_type_hint=hint)
    assert_done(answer)
    assert not is_active(server, token)


@pytest.mark.parametrize("token", ["unknown", "A" * 43, "a.b.c", "\N{SNOWMAN}\x00"])
def test_an_unknown_token(server: Deployment, token: str) -> None:
    """RFC 7009 section 2.2: what is not active need not be revoked; no error."""
    assert_done(server.revoke(token, client_id="banking-client"))


@FORMS
def test_twice(server: Deployment, client_id: str) -> None:
    """RFC 7009 section 2.2: to revoke again changes nothing."""
    token = server.token(client_id)
    assert_done(server.revoke(token, client_id=client_id))
    assert_done(server.revoke(token, client_id=client_id))
    assert not is_active(server, token)


def test_an_expired_token(server: Deployment) -> None:
    """RFC 7009 section 2.2: nor need an expired one."""
    token = server.token("banking-client")
    server.network.reactor.advance(301)
    assert_done(server.revoke(token, client_id="banking-client"))


def test_no_token(server: Deployment) -> None:
    """RFC 7009 section 2.1: `token` is required."""
    answer = server.revoke("", client_id="banking-client")
    assert_refused(answer, 400, "invalid_request")


@pytest.mark.check("revocation.client")
@FORMS
def test_the_token_of_another(server: Deployment, client_id: str) -> None:
    """RFC 7009 section 2.1: refused, and the token stays alive."""
    token = server.token(client_id)
    answer = server.revoke(token, client_id="other-tpp")
    assert_refused(answer, 400, "invalid_grant")
    assert is_active(server, token)


@pytest.mark.check("revocation.client")
def test_not_even_a_resource_server(server: Deployment) -> None:
    """RFC 7009 section 2.1: who may ask about a token may not therefore end it."""
    token = server.token("banking-client")
    answer = server.revoke(token, client_id="accounts-rs")
    assert_refused(answer, 400, "invalid_grant")
    assert is_active(server, token)


def test_nobody_in_particular(server: Deployment) -> None:
    """RFC 7009 section 2.1: who holds a stolen token cannot even revoke it."""
    token = server.token("banking-client")
    answer = server.post(
        f"{MUTUAL_TLS}/revoke",
        {"token": token, "client_id": "banking-client"},
        certificate=None,
    )
    assert_refused(answer, 401, "invalid_client")
    assert is_active(server, token)


def test_the_log_names_the_token_and_does_not_hold_it(server: Deployment) -> None:
    """The operator sees which token was revoked, and by whom."""
    token = server.token("tpp-opaque")
    jti = members(server.introspect(token), 200)["jti"]
    server.revoke(token, client_id="tpp-opaque")
    line = server.log.getvalue().splitlines()[-1]
    assert "POST /revoke 200" in line
    assert "client_id=tpp-opaque" in line
    assert f"jti={jti}" in line
    assert token not in server.log.getvalue()
