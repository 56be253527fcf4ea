"""
From a customer's code to tokens, and what becomes of them: the whole server, without
her browser.
"""

import json
import sqlite3
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from twisted.internet.defer import Deferred, gatherResults

from as_node.store.sqlite.database import open_database
from as_node.store.sqlite.store import SqliteStore
from as_node.tokens.authorizations import Authorizations
from pki.http.answers import Answer
from pki.issuing import profiles
from pki.issuing.authority import self_signed
from pki.issuing.hierarchy import load_authorities
from pki.issuing.parties import BANKING_CLIENT
from pki.issuing.validity import validity
from pki.pem import Credential
from tests.as_node.authorizing import CHALLENGE, REDIRECT_URI, VERIFIER, a_grant
from tests.in_memory.authorization_server import (
    MUTUAL_TLS,
    Deployment,
    assert_not_stored,
    assert_refused,
    members,
)
from tests.in_memory.consents import INTENT, Consents, serve_consents
from tests.in_memory.store_trouble import unreadable

StartAs = Callable[..., Deployment]
NewCode = Callable[..., str]


@pytest.fixture
def new_code(server: Deployment, consents: Consents, tmp_path: Path) -> NewCode:
    """As `a_code_of`, at the server as it is shipped, with a consent behind it."""

    def new_code(client_id: str = "banking-client", **grant: Any) -> str:
        consents.add(INTENT, client_id, status="AUTH")
        return a_code_of(server, tmp_path, client_id, **grant)

    return new_code


def a_code_of(
    server: Deployment, tmp_path: Path, client_id: str = "banking-client", **grant: Any
) -> str:
    """A code that a customer's browser would bring, put where the server keeps them."""
    network = server.network
    connection = open_database(tmp_path / "state" / "as.sqlite3")
    store = SqliteStore(connection, reactor=network.reactor, clock=network.clock)
    authorizations = Authorizations(store, 9000, network.clock)
    granted = replace(a_grant(client_id=client_id), **grant)
    issuing = authorizations.issue_code(granted, REDIRECT_URI, CHALLENGE)
    code = network.run(issuing)
    network.run(store.close())
    return code


def redeem(
    server: Deployment,
    code: str,
    *,
    client_id: str = "banking-client",
    certificate: str | None = "banking-client",
) -> Answer:
    """The client redeems a code."""
    form = {
        "grant_type": "authorization_code",
        "client_id": client_id,
        "code": code,
        "redirect_uri": REDIRECT_URI,
        "code_verifier": VERIFIER,
    }
    return server.post(f"{MUTUAL_TLS}/token", form, certificate=certificate)


def refresh(
    server: Deployment,
    token: str,
    *,
    client_id: str = "banking-client",
    certificate: str | None = "banking-client",
    **parameters: str,
) -> Answer:
    """The client uses a refresh token."""
    form = {
        "grant_type": "refresh_token",
        "client_id": client_id,
        "refresh_token": token,
        **parameters,
    }
    return server.post(f"{MUTUAL_TLS}/token", form, certificate=certificate)


def payload(token: str) -> dict[str, Any]:
    """What a JWT says; its signature is not looked at."""
    claims = json.loads(urlsafe_b64decode(token.split(".")[1] + "=="))
    assert isinstance(claims, dict)
    return claims


def is_active(server: Deployment, token: str) -> bool:
    """What the resource server is told about an access token."""
    return members(server.introspect(token), 200)["active"] is True


def its_own_certificate(server: Deployment) -> Credential:
    """A certificate that an application makes for itself."""
    subject = x509.Name.from_rfc4514_string("CN=mobile-app")
    lifetime = validity(server.network.clock(), 30)
    return self_signed(profiles.CLIENT, subject, lifetime)


def test_a_code_becomes_tokens(server: Deployment, new_code: NewCode) -> None:
    """RFC 6749 section 4.1.4: access token and refresh token, and the ID token."""
    answer = redeem(server, new_code())
    found = members(answer, 200)
    assert found.keys() == {
        "access_token",
        "token_type",
        "expires_in",
        "scope",
        "refresh_token",
        "id_token",
    }
    assert found["scope"] == "accounts openid"
    assert payload(found["id_token"])["aud"] == "banking-client"
    assert_not_stored(answer)


def test_the_access_token_names_customer_and_consent(
    server: Deployment, new_code: NewCode
) -> None:
    """RFC 9068 section 2.2: the JWT, and RFC 7662 section 2.2: its introspection."""
    token = members(redeem(server, new_code()), 200)["access_token"]
    claims = payload(token)
    grant = a_grant()
    assert claims["sub"] == "ty.webb@example.com"
    assert claims["client_id"] == "banking-client"
    assert claims["openbanking_intent_id"] == "aac-1"
    assert (claims["auth_time"], claims["acr"]) == (grant.auth_time, grant.acr)
    assert claims["cnf"] == {"x5t#S256": server.x5t_s256("banking-client")}
    introspected = members(server.introspect(token), 200)
    assert claims.items() <= introspected.items()
    assert introspected["active"] is True


def test_no_id_token_where_none_was_asked_for(
    server: Deployment, new_code: NewCode
) -> None:
    """OpenID Connect Core section 3.1.2.1: without `openid` it is OAuth alone."""
    code = new_code(scope=frozenset({"accounts"}))
    assert "id_token" not in members(redeem(server, code), 200)


def test_a_code_of_another_client(server: Deployment, new_code: NewCode) -> None:
    """RFC 6749 section 4.1.3: bound to its client, which can redeem it afterwards."""
    code, other = new_code(), "tpp-private-key-jwt"
    refused = redeem(server, code, client_id="mobile-app")
    assert_refused(refused, 400, "invalid_grant")
    answer = redeem(server, code, client_id="other-tpp", certificate="other-tpp")
    assert_refused(answer, 400, "invalid_grant")
    assert_refused(redeem(server, code, certificate=other), 401, "invalid_client")
    assert members(redeem(server, code), 200)


def test_a_code_over_no_certificate(server: Deployment, new_code: NewCode) -> None:
    """RFC 8705 section 3.4: no unbound token; and the code was not used for nothing."""
    code = new_code("mobile-app")
    nothing = redeem(server, code, client_id="mobile-app", certificate=None)
    assert nothing.status in (400, 401)
    server.hold("mobile-app", its_own_certificate(server))
    answer = redeem(server, code, client_id="mobile-app", certificate="mobile-app")
    assert members(answer, 200)


def test_a_code_is_used_twice(
    server: Deployment, start_as: StartAs, new_code: NewCode
) -> None:
    """RFC 6749 section 4.1.2: all that was issued is revoked, over a restart too."""
    code = new_code()
    first = members(redeem(server, code), 200)
    second = members(refresh(server, first["refresh_token"]), 200)
    other = members(redeem(server, new_code()), 200)
    assert_refused(redeem(server, code), 400, "invalid_grant")
    restarted = start_as()
    serve_consents(restarted).add(INTENT, "banking-client", status="AUTH")
    for each in (server, restarted):
        assert not is_active(each, first["access_token"])
        assert not is_active(each, second["access_token"])
        answer = refresh(each, first["refresh_token"])
        assert_refused(answer, 400, "invalid_grant")
        assert_refused(redeem(each, code), 400, "invalid_grant")
        assert is_active(each, other["access_token"])
        assert members(refresh(each, other["refresh_token"]), 200)


def test_two_redemptions_at_the_same_moment(
    server: Deployment, new_code: NewCode
) -> None:
    """RFC 6749 section 4.1.2: exactly one token for one code."""
    body = (
        f"grant_type=authorization_code&client_id=banking-client&code={new_code()}"
        f"&redirect_uri={REDIRECT_URI}&code_verifier={VERIFIER}"
    ).encode()
    content_type = ("Content-Type", "application/x-www-form-urlencoded")
    client = server.client("banking-client")

    async def at_once() -> list[Answer]:
        requests = [
            client.request(
                "POST", f"{MUTUAL_TLS}/token", headers=(content_type,), body=body
            )
            for _ in range(5)
        ]
        answers = gatherResults([Deferred.fromCoroutine(each) for each in requests])
        return list(await answers)

    answers = server.network.run(at_once())
    assert sorted(answer.status for answer in answers) == [200, 400, 400, 400, 400]


def test_a_refresh_token_and_a_renewed_certificate(
    server: Deployment, new_code: NewCode
) -> None:
    """RFC 8705 section 6.3: it works, and the new token is bound to the new one."""
    first = members(redeem(server, new_code()), 200)
    renewed = load_authorities(server.issued).client_intermediate.issue_client(
        BANKING_CLIENT.subject, now=server.network.clock()
    )
    server.hold("renewed", renewed)
    answer = refresh(server, first["refresh_token"], certificate="renewed")
    found = members(answer, 200)
    assert found.keys() == {"access_token", "token_type", "expires_in", "scope"}
    claims, before = payload(found["access_token"]), payload(first["access_token"])
    assert claims["cnf"] != before["cnf"]
    assert claims["openbanking_intent_id"] == before["openbanking_intent_id"]
    assert claims["sub"] == before["sub"]
    # FAPI 2.0 section 5.3.2.1: no rotation, so the same token works again.
    assert members(refresh(server, first["refresh_token"], scope="accounts"), 200)


def test_a_refresh_token_without_its_client(
    server: Deployment, new_code: NewCode
) -> None:
    """RFC 8705 section 7.1: client authentication binds it."""
    token = members(redeem(server, new_code()), 200)["refresh_token"]
    for certificate in ("other-tpp", None):
        answer = refresh(server, token, certificate=certificate)
        assert_refused(answer, 401, "invalid_client")
    answer = refresh(server, token, client_id="mobile-app")
    assert_refused(answer, 400, "invalid_grant")
    assert members(refresh(server, token), 200)


def test_the_refresh_token_of_a_public_client(
    server: Deployment, new_code: NewCode
) -> None:
    """RFC 8705 section 4: over its own certificate, and no other, and never none."""
    server.hold("mine", its_own_certificate(server))
    server.hold("a thief's", its_own_certificate(server))
    mobile_app = {"client_id": "mobile-app"}
    code = new_code("mobile-app")
    first = members(redeem(server, code, certificate="mine", **mobile_app), 200)
    token = first["refresh_token"]
    answer = refresh(server, token, certificate="a thief's", **mobile_app)
    assert_refused(answer, 400, "invalid_grant")
    answer = refresh(server, token, certificate=None, **mobile_app)
    assert answer.status in (400, 401)
    found = members(refresh(server, token, certificate="mine", **mobile_app), 200)
    claims, before = payload(found["access_token"]), payload(first["access_token"])
    assert claims["cnf"] == before["cnf"]


@pytest.mark.parametrize("hint", ["refresh_token", "access_token", ""])
def test_a_refresh_token_is_revoked(
    server: Deployment, start_as: StartAs, new_code: NewCode, hint: str
) -> None:
    """RFC 7009 section 2.1: with it goes every access token of the same grant."""
    found = members(redeem(server, new_code()), 200)
    token = found["refresh_token"]
    later = members(refresh(server, token), 200)["access_token"]
    answer = server.revoke(token, client_id="banking-client", token_type_hint=hint)
    assert (answer.status, answer.body) == (200, b"")
    for each in (server, start_as()):
        for access_token in (found["access_token"], later):
            assert not is_active(each, access_token)
        assert_refused(refresh(each, token), 400, "invalid_grant")


def test_an_access_token_is_revoked(server: Deployment, new_code: NewCode) -> None:
    """RFC 7009 section 2.1: it goes alone; the refresh token gets the next one."""
    found = members(redeem(server, new_code()), 200)
    server.revoke(found["access_token"], client_id="banking-client")
    assert not is_active(server, found["access_token"])
    again = members(refresh(server, found["refresh_token"]), 200)
    assert is_active(server, again["access_token"])


def test_the_refresh_token_of_another_is_not_revoked(
    server: Deployment, new_code: NewCode
) -> None:
    """RFC 7009 section 2.1: refused, and everything stays alive."""
    found = members(redeem(server, new_code()), 200)
    answer = server.revoke(found["refresh_token"], client_id="other-tpp")
    assert_refused(answer, 400, "invalid_grant")
    assert is_active(server, found["access_token"])
    assert members(refresh(server, found["refresh_token"]), 200)


def test_a_refresh_token_is_not_introspected(
    server: Deployment, new_code: NewCode
) -> None:
    """RFC 7662 section 2.2: it is none of the resource server's business."""
    found = members(redeem(server, new_code()), 200)
    assert not is_active(server, found["refresh_token"])


def test_the_log_holds_no_secret(server: Deployment, new_code: NewCode) -> None:
    """The operator finds grant, customer and `jti`; nothing that could be used."""
    code = new_code()
    found = members(redeem(server, code), 200)
    refresh(server, found["refresh_token"])
    redeem(server, code)
    server.revoke(found["refresh_token"], client_id="banking-client")
    log = server.log.getvalue()
    for fact in ("grant_type=refresh_token", "grant_id=", "sub=ty.webb@example.com"):
        assert fact in log
    assert "used before: everything issued from it is revoked" in log
    for secret in (code, VERIFIER, *(found[f"{kind}_token"] for kind in KINDS)):
        assert secret not in log


KINDS = ("access", "refresh", "id")


OPAQUE = (
    'client_name = "Example Banking Client"',
    'client_name = "Example Banking Client"\naccess_token_format = "opaque"',
)


@contextmanager
def failing(tmp_path: Path, table: str, when: str) -> Iterator[None]:
    """Whatever is written to *table* fails, from another process's doing."""
    path = tmp_path / "state" / "as.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute(
            f"CREATE TRIGGER broken BEFORE {when} ON {table}"
            " BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
        yield
        other.execute("DROP TRIGGER broken")


@pytest.mark.check("code.unused")
@pytest.mark.parametrize(
    ("table", "when"),
    [
        ("authorization_code", "UPDATE"),
        ("refresh_token", "INSERT"),
        ("issued_access_token", "INSERT"),
        ("opaque_token", "INSERT"),
    ],
)
def test_a_redemption_that_cannot_be_kept(
    start_as: StartAs, tmp_path: Path, table: str, when: str
) -> None:
    """
    RFC 6749 section 4.1.2: a code is used up with what it is good for, or not at all;
    the client that tries again after a 503 is no thief, and its grant stays.
    """
    server = start_as(OPAQUE)
    serve_consents(server).add(INTENT, "banking-client", status="AUTH")
    code = a_code_of(server, tmp_path)
    with failing(tmp_path, table, when):
        for _ in range(2):
            answer = redeem(server, code)
            assert members(answer, 503)["error"] == "temporarily_unavailable"
    found = members(redeem(server, code), 200)
    assert is_active(server, found["access_token"])
    assert refresh(server, found["refresh_token"]).status == 200
    assert_refused(redeem(server, code), 400, "invalid_grant")
    assert not is_active(server, found["access_token"])


@pytest.mark.check("code.unused")
def test_a_redemption_that_cannot_be_signed(
    server: Deployment, new_code: NewCode, tmp_path: Path
) -> None:
    """RFC 6749 section 4.1.2: without a signing key the code stays good."""
    members(redeem(server, new_code()), 200)  # so that status indexes are reserved
    code = new_code(grant_id="another")
    server.network.reactor.advance(6)  # so that the keys are looked at again
    with unreadable(tmp_path / "state" / "as.sqlite3", "signing_key"):
        assert redeem(server, code).status == 503
    assert is_active(server, members(redeem(server, code), 200)["access_token"])


@pytest.mark.parametrize("table", ["issued_access_token", "opaque_token"])
def test_a_refresh_that_cannot_be_kept(
    start_as: StartAs, tmp_path: Path, table: str
) -> None:
    """RFC 6749 section 6: the refresh token stays good, and nothing is left."""
    server = start_as(OPAQUE)
    serve_consents(server).add(INTENT, "banking-client", status="AUTH")
    code = a_code_of(server, tmp_path)
    token = members(redeem(server, code), 200)["refresh_token"]
    with failing(tmp_path, table, "INSERT"):
        assert refresh(server, token).status == 503
    with closing(open_database(tmp_path / "state" / "as.sqlite3")) as connection:
        counted = "SELECT count(*) FROM issued_access_token"
        assert connection.execute(counted).fetchone() == (1,)
    found = members(refresh(server, token), 200)
    assert is_active(server, found["access_token"])
