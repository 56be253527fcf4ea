"""The UserInfo endpoint: a protected resource like any other, at this server."""

import json
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.task import Clock

from as_node.endpoints.userinfo import UserinfoEndpoint
from as_node.protocol.bearer_token import InvalidToken
from as_node.protocol.sender_constraint import SenderConstraint
from as_node.store.sqlite.database import open_database
from as_node.store.sqlite.signing_keys import SqliteSigningKeys
from as_node.store.sqlite.store import SqliteStore
from as_node.tokens.access_tokens import AccessTokens
from as_node.tokens.authorizations import Authorizations
from as_node.tokens.signing_keys import SigningKeys
from as_node.tokens.status_indexes import StatusIndexes
from pki.http.answers import Answer
from pki.http.messages import Connection, Fields, Request
from pki.issuing.layout import Layout
from pki.peer import PeerCertificate
from tests.as_node.authorizing import REDIRECT_URI, Time, always_in_force, done
from tests.as_node.issuing import issued as issued_token
from tests.as_node.pushing import pushed, redeem
from tests.customers.step_by_step import Browser, approve, consent_page, sent_back
from tests.in_memory.authorization_server import (
    CONVENTIONAL,
    FORM,
    MUTUAL_TLS,
    RESOURCE,
    Deployment,
    assert_not_stored,
    assert_refused,
    members,
)
from tests.in_memory.consents import INTENT, TY, Consents

USERINFO = f"{MUTUAL_TLS}/userinfo"
BOTH = pytest.mark.parametrize("method", ["GET", "POST"])


def access_token(server: Deployment, **changed: Any) -> str:
    """The banking client's, in Ty's name."""
    browser = Browser(server)
    page = consent_page(browser, pushed(server, **changed))
    code = sent_back(approve(browser, page), REDIRECT_URI)["code"]
    token = members(redeem(server, code), 200)["access_token"]
    assert isinstance(token, str)
    return token


def userinfo(
    server: Deployment,
    authorization: str | None,
    *,
    certificate: str | None = "banking-client",
    **others: Any,
) -> Answer:
    """A request with this Authorization header."""
    headers: Fields = ()
    if authorization is not None:
        headers = (("Authorization", authorization),)
    others = {"method": "GET", "url": USERINFO, "headers": headers, **others}
    return server.request(certificate=certificate, **others)


@BOTH
def test_who_she_is(server: Deployment, consents: Consents, method: str) -> None:
    """OpenID Connect Core section 5.3: `sub`, for a token with the scope `openid`."""
    answer = userinfo(server, f"Bearer {access_token(server)}", method=method)
    assert members(answer, 200) == {"sub": TY}
    assert_not_stored(answer)


def test_the_consent(server: Deployment, consents: Consents) -> None:
    """OpenID Connect Core section 5.5: what the request asked to have here."""
    asked = json.dumps({"userinfo": {"openbanking_intent_id": {"value": INTENT}}})
    token = access_token(server, claims=asked)
    answer = userinfo(server, f"Bearer {token}")
    assert members(answer, 200) == {"sub": TY, "openbanking_intent_id": INTENT}


def test_the_scheme_in_any_case(server: Deployment, consents: Consents) -> None:
    """RFC 9110 section 11.1: the name of a scheme has no case."""
    assert userinfo(server, f"bEaReR {access_token(server)}").status == 200


def assert_no_token(answer: Answer) -> None:
    """A challenge, and not a word more."""
    assert (answer.status, answer.body) == (401, b"")
    assert answer.header("www-authenticate") == "Bearer"
    assert_not_stored(answer)


@pytest.mark.check("userinfo.token-presented", "userinfo.token-header")
@pytest.mark.parametrize("authorization", [None, "Basic eDp5", "x", ""])
def test_no_token(server: Deployment, authorization: str | None) -> None:
    """RFC 6750 section 3.1: nothing was tried, so nothing is said of an error."""
    assert_no_token(userinfo(server, authorization))


@pytest.mark.check("userinfo.token-presented")
def test_a_token_elsewhere(server: Deployment, consents: Consents) -> None:
    """FAPI 2.0 section 5.3.4: neither in the query, nor in the body."""
    token = access_token(server)
    in_query = userinfo(server, None, url=f"{USERINFO}?access_token={token}")
    assert_no_token(in_query)
    in_body = userinfo(
        server,
        None,
        method="POST",
        headers=(("Content-Type", FORM),),
        body=f"access_token={token}".encode(),
    )
    assert_no_token(in_body)


@pytest.mark.check("userinfo.token-header")
def test_a_malformed_header(server: Deployment) -> None:
    """RFC 6750 section 3.1: what cannot be read is 400."""
    assert_refused(userinfo(server, "Bearer a b"), 400, "invalid_request")
    twice = (("Authorization", "Bearer a"), ("Authorization", "Bearer b"))
    assert_refused(userinfo(server, None, headers=twice), 400, "invalid_request")


def assert_invalid_token(answer: Answer) -> None:
    """RFC 6750 section 3.1, with the same words for everybody."""
    assert_refused(answer, 401, "invalid_token")
    challenge = answer.header("www-authenticate") or ""
    assert challenge.startswith('Bearer error="invalid_token", ')


@pytest.mark.check("userinfo.token-in-force")
def test_an_unknown_token(server: Deployment) -> None:
    """RFC 6750 section 3.1: nobody's."""
    assert_invalid_token(userinfo(server, "Bearer nobodys"))


@pytest.mark.check("userinfo.token-in-force")
def test_a_token_that_ended(server: Deployment, consents: Consents) -> None:
    """RFC 6750 section 3.1: expired to the second, or revoked."""
    revoked = access_token(server)
    expired = access_token(server, scope="openid", claims=None)
    server.revoke(revoked, client_id="banking-client")
    assert_invalid_token(userinfo(server, f"Bearer {revoked}"))
    server.network.reactor.advance(300)
    assert_invalid_token(userinfo(server, f"Bearer {expired}"))


@pytest.mark.check("userinfo.same-certificate")
@BOTH
def test_another_certificate(
    server: Deployment, consents: Consents, method: str
) -> None:
    """RFC 8705 section 3: the thief of a token has nothing."""
    token = access_token(server)
    assert_invalid_token(
        userinfo(server, f"Bearer {token}", certificate="other-tpp", method=method)
    )
    assert server.x5t_s256("other-tpp") in server.log.getvalue()


@pytest.mark.check("userinfo.same-certificate")
def test_no_certificate(server: Deployment, consents: Consents) -> None:
    """RFC 8705 section 3: no certificate is another one than the token's."""
    token = access_token(server)
    assert_invalid_token(userinfo(server, f"Bearer {token}", certificate=None))


def test_the_conventional_listener(server: Deployment, consents: Consents) -> None:
    """RFC 8705 section 5: where no certificate is asked for no token is good."""
    url = f"{CONVENTIONAL}/userinfo"
    token = access_token(server)
    assert_invalid_token(userinfo(server, f"Bearer {token}", url=url))


@pytest.mark.check("userinfo.scope")
def test_without_openid(server: Deployment, consents: Consents) -> None:
    """OpenID Connect Core section 5.3.1: a token for accounts alone is not for this."""
    token = access_token(server, scope="accounts")
    answer = userinfo(server, f"Bearer {token}")
    assert_refused(answer, 403, "insufficient_scope")
    assert answer.header("www-authenticate") == (
        'Bearer error="insufficient_scope",'
        ' error_description="the access token does not cover this resource",'
        ' scope="openid"'
    )


@pytest.mark.check("userinfo.scope")
def test_the_clients_own_token(server: Deployment) -> None:
    """OpenID Connect Core section 5.3: where nobody signed in there is nobody."""
    token = server.token("banking-client")
    assert_refused(userinfo(server, f"Bearer {token}"), 403, "insufficient_scope")


@pytest.mark.check("userinfo.customer")
def test_a_token_without_a_customer(
    database_with_keys: Path, tmp_path: Path, issued: Layout
) -> None:
    """OpenID Connect Core section 5.3: nobody signed in, so of nobody is told."""
    clock, reactor, database = Time(), Clock(), tmp_path / "as.sqlite3"
    shutil.copy(database_with_keys, database)
    peer = PeerCertificate(issued.load("banking-client").leaf_der)
    with closing(open_database(database)) as connection:
        store = SqliteStore(connection, reactor=reactor, clock=clock)
        access_tokens = AccessTokens(
            store,
            SigningKeys(SqliteSigningKeys(connection), lifetime_seconds=9, clock=clock),
            StatusIndexes(store),
            issuer=CONVENTIONAL,
            audience=RESOURCE,
            lifetime_seconds=9,
            clock=clock,
        )
        issuing = issued_token(
            access_tokens,
            "banking-client",
            frozenset({"openid"}),
            SenderConstraint(peer.x5t_s256),
            opaque=False,
            signing_alg="ES256",
        )
        token, _ = done(issuing, reactor)
        endpoint = UserinfoEndpoint(
            access_tokens, Authorizations(store, 9, clock), always_in_force
        )
        headers = {"authorization": (f"Bearer {token}",)}
        over = Connection(1, "127.0.0.1:1", "TLSv1.3", True, peer)  # noqa: FBT003
        request = Request("GET", "/userinfo", "", headers, b"", over)
        with pytest.raises(InvalidToken, match="no customer"):
            done(endpoint.answer(request), reactor)
