"""No private name of Twisted's is used by what stands on its classes."""

import re
from inspect import getsource

import pytest

from pki.mtls import bodies, bounded_connections, server, wire_tap
from pki.mtls.http1 import connection


def private_names(*classes: type) -> set[str]:
    """What stands in the source of *classes* behind one underscore."""
    source = "\n".join(getsource(each) for each in classes)
    return set(re.findall(r"\b_[a-zA-Z]\w+", source))


@pytest.mark.parametrize(
    "ours",
    [
        server.Listener,
        connection.ServerConnection,
        bodies.Reader,
        bounded_connections.BoundedConnections,
        bounded_connections.BoundedConnections.protocol,
        wire_tap.WireTap,
        wire_tap.WireTap.protocol,
    ],
)
def test_no_private_name_is_shared(ours: type) -> None:
    """Neither used, nor taken by Twisted for something of its own meanwhile."""
    bases = [each for each in ours.__mro__ if each.__module__.startswith("twisted.")]
    assert bases
    assert private_names(ours) & private_names(*bases) == set()
