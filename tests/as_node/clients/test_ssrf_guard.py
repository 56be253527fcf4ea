"""No address of ours is dialled because a client's document says so."""

from collections.abc import Sequence
from ipaddress import ip_network
from typing import Any

import pytest
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.defer import Deferred, succeed
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.error import DNSLookupError
from twisted.internet.interfaces import (
    IAddress,
    IHostnameResolver,
    IHostResolution,
    IProtocolFactory,
    IResolutionReceiver,
    IStreamClientEndpoint,
)
from twisted.internet.protocol import Factory
from twisted.internet.testing import MemoryReactorClock
from zope.interface import implementer

from as_node.clients.ssrf_guard import (
    CheckedEndpoints,
    ForbiddenAddress,
    parse_networks,
    verify_address,
)

PUBLIC = "8.8.8.8"


@implementer(IHostResolution)
class Resolution:
    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """It is over already."""


@implementer(IHostnameResolver)
class Resolver:
    """A name server that answers with other addresses each time it is asked."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def resolveHostName(
        self,
        resolutionReceiver: IResolutionReceiver,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[IAddress]] | None = None,
        transportSemantics: str = "TCP",
    ) -> IHostResolution:
        """Answer at once."""
        self.asked.append(hostName)
        resolution = Resolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)
        for address in self.answers.pop(0):
            kind = IPv6Address if ":" in address else IPv4Address
            resolutionReceiver.addressResolved(kind("TCP", address, portNumber))
        resolutionReceiver.resolutionComplete()
        return resolution


@implementer(IStreamClientEndpoint)
class Way:
    """A way that leads somewhere, and says where."""

    def __init__(self, address: str, port: int) -> None:
        self.where = (address, port)

    def connect(self, factory: IProtocolFactory) -> Deferred[Any]:
        """The place instead of a connection."""
        return succeed(self.where)


def dialled(host: str, resolver: Resolver, *networks: str) -> tuple[str, int]:
    """Where a connection to *host* goes; raises what keeps it from going."""
    reactor = MemoryReactorClock()
    reactor.installNameResolver(resolver)
    endpoints = CheckedEndpoints(reactor, parse_networks(networks), dial=Way)
    connecting = endpoints(host, 8443).connect(Factory())
    outcomes: list[Any] = []
    connecting.addBoth(outcomes.append)
    if isinstance(outcomes[0], tuple):
        return outcomes[0]
    outcomes[0].raiseException()
    raise AssertionError


def test_a_name_with_a_public_address_is_dialled_there() -> None:
    """What is dialled is the address, for the name could lead elsewhere next time."""
    resolver = Resolver([PUBLIC, "1.1.1.1"])
    assert dialled("tpp.example", resolver) == (PUBLIC, 8443)
    assert resolver.asked == ["tpp.example"]


def test_a_name_is_resolved_anew_for_each_connection() -> None:
    """DNS rebinding: the second answer is checked like the first."""
    resolver = Resolver([PUBLIC], ["127.0.0.1"])
    dialled("tpp.example", resolver)
    with pytest.raises(ForbiddenAddress):
        dialled("tpp.example", resolver)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "0.0.0.0",  # noqa: S104 - refused
        "10.1.2.3",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.2.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fc00::1",
        "ff0e::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::1",
    ],
)
def test_a_name_that_leads_inside_is_refused(address: str) -> None:
    """Loopback, private, link-local, multicast: whatever the name, not dialled."""
    with pytest.raises(ForbiddenAddress, match="not a public address"):
        dialled("tpp.example", Resolver([address]))


def test_one_forbidden_address_among_others_is_refused() -> None:
    """An answer that mixes public and private addresses is nothing to pick from."""
    with pytest.raises(ForbiddenAddress, match=r"10\.0\.0\.1"):
        dialled("tpp.example", Resolver([PUBLIC, "10.0.0.1"]))


@pytest.mark.parametrize(
    ("address", "network"),
    [("10.1.2.3", "10.1.0.0/16"), ("fd00::1", "fd00::/8"), ("127.0.0.1", "127.0.0.1")],
)
def test_a_listed_network_is_allowed(address: str, network: str) -> None:
    """The operator's explicit switch for a laboratory."""
    assert dialled("tpp.example", Resolver([address]), network) == (address, 8443)


def test_beside_a_listed_network_all_is_as_before() -> None:
    """One network allowed is not all of them."""
    with pytest.raises(ForbiddenAddress):
        verify_address("10.2.0.1", [ip_network("10.1.0.0/16"), ip_network("fd00::/8")])


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_an_address_the_operator_wrote_down_is_dialled_as_it_is(address: str) -> None:
    """An address among the allowed hosts is allowed; nothing is resolved."""
    resolver = Resolver()
    assert dialled(address, resolver) == (address, 8443)
    assert resolver.asked == []


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f.1", "localhost"])
def test_another_spelling_of_an_address_is_a_name(host: str) -> None:
    """What a resolver makes of it is checked."""
    with pytest.raises(ForbiddenAddress):
        dialled(host, Resolver(["127.0.0.1"]))


def test_a_name_without_address_leads_nowhere() -> None:
    """RFC 8305 knows no connection to nothing."""
    with pytest.raises(DNSLookupError, match="has no address"):
        dialled("tpp.example", Resolver([]))


def test_addresses_are_dialled_over_tcp() -> None:
    """Without another way given, it is Twisted's own."""
    reactor = MemoryReactorClock()
    endpoint = CheckedEndpoints(reactor, ())("127.0.0.1", 9446)
    assert isinstance(endpoint, HostnameEndpoint)
    endpoint.connect(Factory())
    assert reactor.tcpClients[0][:2] == ("127.0.0.1", 9446)


@pytest.mark.parametrize("text", ["10.0.0.1/8", "inside", "10.0.0.0/33", ""])
def test_a_network_is_written_as_one(text: str) -> None:
    """The refusal names the configuration key."""
    with pytest.raises(ValueError, match="jwks_uri_allowed_networks: expected"):
        parse_networks([text])
