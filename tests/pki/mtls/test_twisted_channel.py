# mypy: disallow-untyped-calls=False
# Twisted's methods have no types where they are inherited.
"""
What we need of Twisted's private state is there, and means what we take it for.

A new version of Twisted that fails here is not used before `pki.mtls.twisted_channel`,
where each name is explained, has been brought to terms with it.
"""

import re
from importlib.metadata import version
from inspect import getsource
from typing import Any

import pytest
from twisted.internet.interfaces import IDelayedCall
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.web import http

from pki.mtls import (
    bodies,
    bounded_connections,
    server,
    twisted_channel,
    wire,
    wire_tap,
)
from pki.mtls.twisted_channel import Channel

HEAD = b"GET / HTTP/1.1\r\nHost: a\r\n"
TWISTED = version("twisted")
PRIVATE = [
    "_buffer",
    "_dataBuffer",
    "_handlingRequest",
    "_receivedHeaderCount",
    "_receivedHeaderSize",
    "_respondToBadRequestAndDisconnect",
    "_savedTimeOut",
]


class Request(http.Request):
    """A request that waits for its answer."""

    def process(self) -> None:
        """Nothing yet."""


class Connection(Channel):
    """A channel that notes what is refused."""

    transport: Any
    requestFactory = Request
    maxHeaders = 3

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.refused_at: list[tuple[int, int]] = []
        self.timeOut = 10
        self.makeConnection(StringTransport())

    def callLater(self, period: float, func: Any) -> IDelayedCall:
        """What the timers are set by."""
        return self.clock.callLater(period, func)

    def refuse_malformed(self) -> None:
        """Note how much had come, and close as Twisted does."""
        self.refused_at.append((self.header_bytes, self.header_fields))
        self.loseConnection()

    def answer(self) -> None:
        """The first request gets its answer."""
        self.requests[0].finish()


@pytest.fixture
def channel() -> Connection:
    """A connection of which nothing has come."""
    return Connection()


@pytest.mark.parametrize("name", PRIVATE)
def test_it_is_there(name: str) -> None:
    """Without a name of ours in between: on Twisted's own channel."""
    channel = http.HTTPChannel()
    assert hasattr(channel, name), f"Twisted {TWISTED} has no {name}"


def private_names(*classes: type) -> set[str]:
    """What stands in the source of *classes* behind one underscore."""
    source = "\n".join(getsource(each) for each in classes)
    return set(re.findall(r"\b_[a-zA-Z]\w+", source))


@pytest.mark.parametrize(
    ("ours", "shared"),
    [
        (twisted_channel.Channel, PRIVATE),
        (server.Listener, []),
        (server.Listener.protocol, []),
        (wire.WireRequest, []),
        (bodies.Reader, []),
        (bounded_connections.BoundedConnections, []),
        (bounded_connections.BoundedConnections.protocol, []),
        (wire_tap.WireTap, []),
        (wire_tap.WireTap.protocol, []),
    ],
)
def test_no_other_private_name_is_shared(ours: type, shared: list[str]) -> None:
    """Neither used, nor taken by Twisted for something of its own meanwhile."""
    bases = [each for each in ours.__mro__ if each.__module__.startswith("twisted.")]
    assert bases
    assert sorted(private_names(ours) & private_names(*bases)) == shared


def test_buffer_is_what_came_of_a_line(channel: Connection) -> None:
    """`_buffer`: a line that is not whole is in it, a whole one is a request."""
    seen = []
    for part in (b"", b"GET / HT", b"TP/1.1\r\n"):
        channel.dataReceived(part)
        begun = channel.has_begun_a_request
        seen.append((bytes(channel._buffer), len(channel.requests), begun))
    expected = [(b"", 0, False), (b"GET / HT", 0, True), (b"", 1, True)]
    assert seen == expected, f"_buffer in Twisted {TWISTED}"


def test_handling_is_from_the_request_to_its_answer(channel: Connection) -> None:
    """`_handlingRequest`: not while one comes, nor once it is answered."""
    seen = []
    for part in (HEAD, b"\r\n"):
        channel.dataReceived(part)
        seen.append(channel.is_handling_a_request)
    channel.answer()
    seen.append(channel.is_handling_a_request)
    assert seen == [False, True, False], f"_handlingRequest in Twisted {TWISTED}"
    assert not channel.has_begun_a_request


def test_the_timer_is_set_when_it_is_answered(channel: Connection) -> None:
    """`_savedTimeOut`: stands still while a request is handled, and is set after it."""
    channel.dataReceived(HEAD + b"\r\n")
    seen = [channel.timeOut, channel._savedTimeOut]
    channel.set_timer_when_answered(60)
    channel.answer()
    seen.append(channel.timeOut)
    assert seen == [None, 10, 60], f"_savedTimeOut in Twisted {TWISTED}"


def test_what_is_not_http_is_refused_by_us(channel: Connection) -> None:
    """`_respondToBadRequestAndDisconnect`: called, and nothing written in our place."""
    channel.dataReceived(b"what\r\n\r\n")
    where = f"_respondToBadRequestAndDisconnect in Twisted {TWISTED}"
    assert len(channel.refused_at) == 1, where
    assert channel.transport.value() == b"", where


def test_header_fields_are_counted(channel: Connection) -> None:
    """`_receivedHeaderCount`: one too many when the refusal is called for."""
    channel.dataReceived(HEAD + b"A: b\r\nC: d\r\n")
    assert channel.refused_at == []
    channel.dataReceived(b"E: f\r\nG: h\r\n")
    fields = [fields for _, fields in channel.refused_at]
    assert fields == [4], f"_receivedHeaderCount in Twisted {TWISTED}"


def test_the_header_is_measured(channel: Connection) -> None:
    """`_receivedHeaderSize`: its lines so far, too many when it is refused."""
    where = f"_receivedHeaderSize in Twisted {TWISTED}"
    channel.totalHeadersSize = 40
    channel.dataReceived(HEAD)
    assert channel.header_bytes == len(HEAD.replace(b"\r\n", b"")), where
    channel.dataReceived(b"A: " + b"b" * 20 + b"\r\n")
    assert [size for size, _ in channel.refused_at] == [channel.header_bytes], where
    assert channel.header_bytes > 40, where


def test_a_new_request_is_counted_from_nothing(channel: Connection) -> None:
    """What one request had is not held against the next."""
    channel.dataReceived(HEAD + b"\r\n")
    channel.answer()
    assert (channel.header_bytes, channel.header_fields) == (0, 0)
