"""A judged request is found again, and only what can change is looked at again."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.task import Clock

from as_node.authorization.request import kept_text
from as_node.browser.pending_requests import (
    ANSWERED_SECONDS,
    PendingRequest,
    PendingRequests,
)
from as_node.browser.request_pages import (
    AnothersRequest,
    AnsweredRequest,
    ExpiredRequest,
    NotRegisteredAnyMore,
    UnknownRequest,
)
from as_node.clients.metadata import ClientMetadata
from as_node.clients.registry import Clients
from as_node.store.authorizations import PushedRequest
from as_node.store.sqlite.database import open_database
from as_node.store.sqlite.store import SqliteStore
from pki.http.journal import Journal
from tests.as_node.authorizing import NOW, REDIRECT_URI, Time, done
from tests.customers.requests import ASKED, ORIGIN

URI = "urn:ietf:params:oauth:request_uri:one"
REGISTRATION: dict[str, Any] = {
    "token_endpoint_auth_method": "tls_client_auth",
    "tls_client_auth_san_dns": "tpp.example.com",
    "tls_client_certificate_bound_access_tokens": True,
    "grant_types": ("authorization_code",),
    "response_types": ("code",),
    "redirect_uris": ("https://other.example/", REDIRECT_URI),
    "scope": "accounts openid payments",
}


class Pending:
    """The request that was judged once, and a server that is started again."""

    def __init__(self, path: Path) -> None:
        self.time, self.reactor = Time(), Clock()
        connection = open_database(path)
        self.store = SqliteStore(connection, reactor=self.reactor, clock=self.time)
        self.journal = Journal()

    def keep(self, text: str) -> None:
        """What a push has left."""
        pushed = PushedRequest(
            request_uri=URI, client_id="banking-client", request=text, exp=NOW + 300
        )
        done(self.store.keep_pushed_request(pushed), self.reactor)

    def find(self, client_id: str = "banking-client", **changed: Any) -> PendingRequest:
        """What a browser finds where the client is registered like this."""
        clients = Clients({"banking-client": ClientMetadata(**REGISTRATION | changed)})
        return done(
            PendingRequests(clients, self.store, self.store, ORIGIN, self.time).find(
                client_id, URI, self.journal
            )
        )


@pytest.fixture
def pending(tmp_path: Path) -> Iterator[Pending]:
    pending = Pending(tmp_path / "as.sqlite3")
    pending.keep(kept_text(ASKED))
    yield pending
    done(pending.store.close())


def test_it_is_what_was_judged(pending: Pending) -> None:
    """RFC 9126 section 4: found, and not judged again."""
    found = pending.find()
    assert found.asked == ASKED
    assert found.client.client_id == "banking-client"
    assert found.way_back.state == ASKED.state
    assert [d.check.name for d in pending.journal.decisions] == [
        "authorization.request-uri"
    ]


def test_what_the_registration_has_gained_changes_nothing(pending: Pending) -> None:
    """The customer is asked what the client asked for, whatever it may ask now."""
    found = pending.find(
        redirect_uris=("https://new.example/", REDIRECT_URI),
        scope="accounts new openid",
        client_name="A New Name",
    )
    assert found.asked == ASKED
    assert found.client.name_for_people == "A New Name"


@pytest.mark.check("authorization.still-registered")
@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"scope": "openid"}, "more scope"),
        ({"redirect_uris": ("https://other.example/",)}, "redirect URI"),
        (
            {
                "grant_types": ("client_credentials",),
                "response_types": (),
                "redirect_uris": (),
            },
            "authorization code grant",
        ),
    ],
)
def test_what_the_registration_has_lost(
    pending: Pending, changed: dict[str, Any], why: str
) -> None:
    """What the operator takes from a client is gone at once."""
    with pytest.raises(NotRegisteredAnyMore, match=f"any more: .*{why}") as refused:
        pending.find(**changed)
    assert refused.value.check is not None
    assert refused.value.check.name == "authorization.still-registered"


@pytest.mark.check("authorization.request-uri")
def test_another_client_and_another_time(pending: Pending) -> None:
    """RFC 9126 section 4: of the client that pushed it, until it expires."""
    with pytest.raises(AnothersRequest, match="by another client"):
        pending.find("other-tpp")
    pending.time.now = NOW + 299.9
    assert pending.find().asked == ASKED
    pending.time.now = NOW + 300
    with pytest.raises(ExpiredRequest, match="has expired"):
        pending.find()


def test_a_text_that_cannot_be_read(tmp_path: Path) -> None:
    """What another release has kept is over, as if it had expired."""
    pending = Pending(tmp_path / "as.sqlite3")
    pending.keep('{"response_type":"code","scope":"openid accounts"}')
    with pytest.raises(ExpiredRequest, match="no request is pending"):
        pending.find()
    done(pending.store.close())


@pytest.mark.bound("authorize.answered")
@pytest.mark.check("authorization.answered-once")
def test_it_is_answered_once(pending: Pending) -> None:
    """FAPI 2.0 Security Profile section 5.3.2.2: used up by the answer."""
    found = pending.find()
    clients = Clients({"banking-client": ClientMetadata(**REGISTRATION)})
    requests = PendingRequests(
        clients, pending.store, pending.store, ORIGIN, pending.time
    )
    done(requests.use(found), pending.reactor)
    with pytest.raises(AnsweredRequest, match="answered meanwhile"):
        done(requests.use(found), pending.reactor)
    with pytest.raises(AnsweredRequest, match="was answered"):
        pending.find()
    pending.time.now = NOW + ANSWERED_SECONDS
    with pytest.raises(UnknownRequest, match="no request is pending"):
        pending.find()
