"""
Connections to addresses that were looked at first.

A name is resolved once. The addresses are checked, and what is dialled is one of
them: had the connection resolved the name again, the answer could be another (DNS
rebinding). The name is still what the server's certificate has to prove.
"""

from collections.abc import Callable, Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Any

from twisted.internet.abstract import isIPAddress, isIPv6Address
from twisted.internet.defer import Deferred
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
from zope.interface import implementer

Network = IPv4Network | IPv6Network
Endpoint = Callable[[str, int], IStreamClientEndpoint]

# Global by their number, and yet a way to somebody's IPv4 address: RFC 6052, RFC 3056.
_TRANSLATED = (ip_network("64:ff9b::/96"), ip_network("2002::/16"))


class ForbiddenAddress(ValueError):
    """A name leads somewhere it must not; the text is for the operator's log."""


def parse_networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """
    The networks of the configuration key `jwks_uri_allowed_networks`.

    Raises:
        ValueError: one is not of the form `10.0.0.0/8` or `fd00::/8`.
    """
    try:
        return tuple(ip_network(text) for text in texts)
    except ValueError as error:
        raise ValueError(
            f"jwks_uri_allowed_networks: expected a network such as 10.0.0.0/8: {error}"
        ) from error


def verify_address(address: str, allowed: Sequence[Network]) -> None:
    """
    The address is on the public Internet, or in one of the *allowed* networks.

    Raises:
        ForbiddenAddress: it is loopback, private, link-local, multicast or the like.
    """
    number = ip_address(address)
    if any(number in network for network in allowed):
        return
    if not _is_public(number):
        raise ForbiddenAddress(
            f"{address} is not a public address, and not in jwks_uri_allowed_networks"
        )


def _is_public(number: IPv4Address | IPv6Address) -> bool:
    translated = any(number in network for network in _TRANSLATED)
    return number.is_global and not number.is_multicast and not translated


class CheckedEndpoints:
    """
    The way to a host and port, to be given to a `MutualTLSClient` as its *endpoint*.

    A host that is an address was written down by the operator and is dialled as it
    is; a name has to lead to public addresses, or into the *networks*. *dial* makes
    the way to an address; tests give one in memory.
    """

    def __init__(
        self,
        reactor: Any,
        networks: Sequence[Network],
        *,
        dial: Endpoint | None = None,
    ) -> None:
        self._reactor = reactor
        self._networks = networks
        self._dial = dial or self._tcp

    def __call__(self, host: str, port: int) -> IStreamClientEndpoint:
        """An endpoint that resolves and checks when it is asked to connect."""
        if isIPAddress(host) or isIPv6Address(host):
            return self._dial(host, port)
        return _CheckedEndpoint(self, host, port)

    async def connect(self, host: str, port: int, factory: IProtocolFactory) -> Any:
        """
        A connection to an address of the name *host*.

        Each of its addresses is checked: an answer that mixes allowed ones with
        others is nothing to pick from.
        """
        addresses = await _resolved(self._reactor.nameResolver, host, port)
        if not addresses:
            raise DNSLookupError(f"{host} has no address")
        for address in addresses:
            verify_address(address, self._networks)
        return await self._dial(addresses[0], port).connect(factory)

    def _tcp(self, address: str, port: int) -> IStreamClientEndpoint:
        return HostnameEndpoint(self._reactor, address, port)


@implementer(IStreamClientEndpoint)
class _CheckedEndpoint:
    def __init__(self, endpoints: CheckedEndpoints, host: str, port: int) -> None:
        self._endpoints, self._host, self._port = endpoints, host, port

    def connect(self, factory: IProtocolFactory) -> Deferred[Any]:
        return Deferred.fromCoroutine(
            self._endpoints.connect(self._host, self._port, factory)
        )


def _resolved(resolver: IHostnameResolver, host: str, port: int) -> Deferred[list[str]]:
    receiver = _Addresses()
    resolver.resolveHostName(receiver, host, port)
    return receiver.all


@implementer(IResolutionReceiver)
class _Addresses:
    """Collects what a resolver finds."""

    def __init__(self) -> None:
        self._found: list[str] = []
        self.all: Deferred[list[str]] = Deferred()

    def resolutionBegan(self, resolution: IHostResolution) -> None:
        """Nothing to do: a resolution in a thread cannot be called off."""

    def addressResolved(self, address: IAddress) -> None:
        """One of them."""
        self._found.append(address.host)  # type: ignore[attr-defined]

    def resolutionComplete(self) -> None:
        """There are no more."""
        self.all.callback(self._found)
