"""From events to exchanges: who asked whom, and what was decided."""

import pytest

from pki.observability.recording import der_to_record
from pki.thumbprint import x5t_s256
from scripts.walkthrough.evidence.evidence import Evidence, NoEvidence
from scripts.walkthrough.recordings.recordings import Event
from scripts.walkthrough.story.story import Decision, Message
from tests.client_node.in_memory.bank import Pki
from tests.scripts.walkthrough.recorded import START, answered, asked, handshake

HTML = {"accept": "text/html,*/*"}


@pytest.fixture
def evidence(pki: Pki) -> Evidence:
    """The handshakes of clients at the AS and the RS, and of the RS at the AS."""
    holders = {
        x5t_s256(pki.server.leaf_der): "as",
        x5t_s256(pki.client.leaf_der): "banking-client",
        x5t_s256(pki.other.leaf_der): "accounts-rs",
    }
    evidence = Evidence(holders)
    evidence.note(
        [
            handshake("as", pki.server, pki.client, connection=1),
            handshake("as", pki.server, connection=2),
            handshake("as", pki.server, pki.other, connection=3),
            handshake("rs", pki.server, pki.client, connection=1),
            {**handshake("rs", pki.server, connection=9), "side": "client"},
        ]
    )
    return evidence


def test_an_exchange_is_what_its_server_recorded(evidence: Evidence, pki: Pki) -> None:
    """Request, decision, answer, and the handshake of the connection."""
    events = answered(
        "as",
        "POST /token?x=1",
        1,
        at=2,
        took=1,
        body="a=b",
        headers={"x-a": "b"},
    )
    (exchange,) = evidence.exchanges(events)
    assert (exchange.client, exchange.client_lane) == ("banking-client", "client")
    assert (exchange.server, exchange.server_lane) == ("as", "as")
    assert exchange.url == "https://localhost/token?x=1"
    assert exchange.started == START + 1
    fields = (("host", "localhost"), ("x-a", "b"))
    assert exchange.request == Message("POST /token?x=1 HTTP/1.1", fields, "a=b")
    content = (("Content-Type", "application/json"),)
    assert exchange.response == Message("HTTP/1.1 200", content, "{}")
    assert exchange.failure is None
    assert exchange.decisions == (
        Decision(
            "as",
            "a.check",
            "a check",
            "RFC 8705 section 2.1",
            "one",
            "one",
            accepted=True,
            decided_by="a.function",
            source="a.py:1",
        ),
    )
    handshake = exchange.handshake
    assert handshake.server_certificate.holder == "as"
    assert handshake.client_certificate is not None
    assert handshake.client_certificate.holder == "banking-client"
    assert (handshake.tls_version, handshake.group) == ("TLSv1.3", "")
    assert (handshake.server_name, handshake.alpn) == ("", "")
    assert handshake.messages == ("read client hello",)
    assert exchange.curl.text.startswith("curl ") or exchange.curl.note


def test_all_that_a_handshake_tells(evidence: Evidence, pki: Pki) -> None:
    """Group, names, messages, and the certificates behind the first."""
    shaken = handshake("as", pki.server, pki.client, connection=4) | {
        "group": "x25519",
        "server_name": "localhost",
        "alpn": "http/1.1",
        "peer_sent_after": [der_to_record(pki.other.leaf_der)],
        "messages": [
            "SSLv3/TLS read client hello",
            "before SSL initialization",
            "TLSv1.3 write encrypted extensions",
        ],
    }
    evidence.note([shaken])
    (exchange,) = evidence.exchanges(answered("as", "GET /", 1, at=1, connection=4))
    told = exchange.handshake
    assert (told.group, told.server_name, told.alpn) == (
        "x25519",
        "localhost",
        "http/1.1",
    )
    assert [each.holder for each in told.client_sent_after] == ["accounts-rs"]
    assert told.messages == ("read client hello", "write encrypted extensions")


def test_without_its_handshake_nothing_is_shown(evidence: Evidence) -> None:
    """A step without evidence cannot be shown; the client's own record is none."""
    for connection in (5, 9):
        events = answered("rs", "GET /", 1, at=1, connection=connection)
        with pytest.raises(NoEvidence, match=f"of connection {connection}"):
            evidence.exchanges(events)


@pytest.mark.parametrize(
    ("headers", "connection", "who"),
    [
        (HTML, 2, ("browser", "browser")),
        ({"accept": "application/json"}, 2, ("anonymous", "client")),
        (None, 2, ("anonymous", "client")),
        (HTML, 1, ("banking-client", "client")),
    ],
)
def test_who_asked(
    evidence: Evidence,
    headers: dict[str, str] | None,
    connection: int,
    who: tuple[str, str],
) -> None:
    """Whose certificate it was; without one, a browser says that it is one."""
    events = answered("as", "GET /", 1, at=1, connection=connection, headers=headers)
    (exchange,) = evidence.exchanges(events)
    assert (exchange.client, exchange.client_lane) == who


def test_the_thief_has_a_lane_of_his_own(evidence: Evidence) -> None:
    """Whoever's certificate he presents; what he leads to is not his."""
    inner = answered("as", "POST /introspect", 1, at=2, connection=3)
    events = [
        asked("demo", "GET https://localhost/accounts", 1, at=1),
        *answered("rs", "GET /accounts", 1, at=3, took=1.5),
        asked("rs", "POST https://localhost/introspect", 2, at=1.9),
        *inner,
    ]
    events.sort(key=lambda event: float(event["time"]))
    exchange = evidence.exchange(events, thief=True)
    assert (exchange.client, exchange.client_lane) == ("banking-client", "thief")
    (nested,) = exchange.nested
    assert (nested.client, nested.client_lane) == ("accounts-rs", "rs")
    assert nested.server_lane == "as"


def test_what_a_server_asks_without_a_certificate_is_the_servers(
    evidence: Evidence,
) -> None:
    """It is known by the node that recorded it."""
    events = [
        asked("rs", "GET https://localhost:1/jwks?x=1", 2, at=1),
        *answered("as", "GET /jwks?x=1", 1, at=1.5, connection=2),
        *answered("rs", "GET /accounts", 1, at=2),
    ]
    (exchange,) = evidence.exchanges(events)
    (nested,) = exchange.nested
    assert (nested.client, nested.client_lane) == ("rs", "rs")
    assert nested.url == "https://localhost:1/jwks?x=1"


def test_what_a_server_asks_after_its_answer_was_not_for_it(
    evidence: Evidence,
) -> None:
    """A request is nested in one that was not yet answered."""
    events = [
        *answered("rs", "GET /accounts", 1, at=1),
        asked("rs", "GET https://localhost/jwks", 2, at=2),
        *answered("as", "GET /jwks", 1, at=3, connection=2),
    ]
    assert [each.server for each in evidence.exchanges(events)] == ["rs", "as"]


def test_requests_alike_are_told_apart_by_their_order(evidence: Evidence) -> None:
    """And nobody asks himself."""
    events = [
        asked("rs", "POST https://a.test/introspect", 2, at=1),
        asked("rs", "POST https://b.test/introspect", 3, at=1.2),
        asked("as", "POST https://c.test/introspect", 4, at=1.3),
        *answered("as", "POST /introspect", 1, at=2, connection=3),
        *answered("as", "POST /introspect", 2, at=2, connection=3),
        *answered("rs", "GET /accounts", 1, at=4),
        *answered("as", "POST /introspect", 3, at=5, connection=3),
    ]
    first, second = evidence.exchanges(events)
    urls = [each.url for each in first.nested]
    assert urls == ["https://a.test/introspect", "https://b.test/introspect"]
    assert second.url == "https://localhost/introspect"


def test_without_an_answer_there_is_the_clients_reason(evidence: Evidence) -> None:
    """A connection may break."""
    events = [
        asked("demo", "GET https://localhost/accounts", 7, at=1),
        *[e for e in answered("rs", "GET /accounts", 1, at=2) if "status" not in e],
        _failure("demo", 7, "reset"),
    ]
    exchange = evidence.exchange(events)
    assert (exchange.response, exchange.failure) == (None, "reset")


def _failure(node: str, exchange: int, reason: str) -> Event:
    return {
        "time": START + 3,
        "node": node,
        "event": "failure",
        "side": "client",
        "exchange": exchange,
        "reason": reason,
    }


def test_what_no_server_recorded_is_no_exchange(evidence: Evidence) -> None:
    """The reason is the client's, if it has one."""
    request = asked("demo", "GET https://localhost/accounts", 7, at=1)
    with pytest.raises(NoEvidence, match="no request was recorded"):
        evidence.exchange([])
    with pytest.raises(NoEvidence, match="no server has recorded it"):
        evidence.exchange([request])
    with pytest.raises(NoEvidence, match="/accounts: refused"):
        evidence.exchange([request, _failure("demo", 7, "refused")])


def test_without_a_host_there_is_no_name(evidence: Evidence) -> None:
    """HTTP/1.0 has none."""
    request, *rest = answered("as", "GET /x", 1, at=1)
    request["headers"] = []
    del request["received"]
    (exchange,) = evidence.exchanges([request, *rest])
    assert (exchange.url, exchange.started) == ("https:///x", START + 1)
