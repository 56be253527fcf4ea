"""Certificates that nobody vouches for, and nothing that fails unseen."""

import gc
from collections.abc import Iterator

import pytest
from twisted.logger import ILogObserver, LogEvent, LogLevel, globalLogPublisher
from zope.interface import implementer

from pki.issuing import authority, profiles
from pki.issuing.authority import Authority
from pki.issuing.profiles import subject
from pki.issuing.validity import validity
from pki.keys import new_rsa_key
from pki.pem import Credential


@pytest.fixture(autouse=True)
def _nothing_unhandled() -> Iterator[None]:
    """No fault ends in a Deferred that nobody looks at, nor in the reactor."""
    faults = _Faults()
    globalLogPublisher.addObserver(faults)
    gc.freeze()  # what was there before is not looked through again and again
    yield
    gc.collect()
    gc.unfreeze()
    globalLogPublisher.removeObserver(faults)
    assert faults.seen == []


@implementer(ILogObserver)
class _Faults:
    def __init__(self) -> None:
        self.seen: list[str] = []

    def __call__(self, event: LogEvent) -> None:
        if event["log_level"] == LogLevel.critical:
            self.seen.append(event["log_failure"].getTraceback())


@pytest.fixture(scope="session")
def self_signed(now: float) -> Credential:
    """A client by its own word."""
    name = subject("self-signed", "TPP Ltd")
    return authority.self_signed(profiles.CLIENT, name, validity(now, 30))


@pytest.fixture(scope="session")
def expired(client_intermediate: Authority, now: float) -> Credential:
    """A client's certificate that ended a day ago."""
    name = subject("expired", "TPP Ltd")
    return client_intermediate.issue_client(name, now=now - 11 * 86400, days=10)


@pytest.fixture(scope="session")
def unknown_ca(now: float) -> Credential:
    """A client's certificate by an authority nobody knows."""
    root = authority.client_root(subject("Other Root", "Nobody"), now=now)
    return root.issue_client(subject("client", "TPP Ltd"), now=now)


@pytest.fixture(scope="session")
def rsa(client_intermediate: Authority, now: float) -> Credential:
    """A client with an RSA key."""
    name = subject("rsa", "TPP Ltd")
    return client_intermediate.issue_client(name, now=now, key=new_rsa_key())


@pytest.fixture(scope="session")
def other_client(client_intermediate: Authority, now: float) -> Credential:
    """Another client of the same authority."""
    return client_intermediate.issue_client(subject("other", "Other Ltd"), now=now)
