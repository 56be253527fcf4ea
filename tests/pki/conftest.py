"""A small PKI, and a whole deployment laid down once; both are only to be read."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from pki.issuing import authority
from pki.issuing.authority import Authority
from pki.issuing.config import SHIPPED, Config
from pki.issuing.deployment import ensure
from pki.issuing.layout import Layout
from pki.issuing.profiles import subject
from pki.node import configuration
from pki.pem import Credential
from tests.in_memory.listeners import Bench, bench

LOOPBACK = ("localhost", "127.0.0.1", "::1")


@pytest.fixture(scope="session")
def now() -> float:
    """The time of this test run; the real one, for OpenSSL knows no other."""
    return time.time()


@pytest.fixture(scope="session")
def server_root(now: float) -> Authority:
    """The authority for servers, good for loopback names."""
    return authority.server_root(subject("Server Root", "Bank"), LOOPBACK, now=now)


@pytest.fixture(scope="session")
def client_root(now: float) -> Authority:
    """The root authority for clients."""
    return authority.client_root(subject("Client Root", "Bank"), now=now)


@pytest.fixture(scope="session")
def client_intermediate(client_root: Authority, now: float) -> Authority:
    """The authority that clients are issued by."""
    return client_root.issue_intermediate(subject("Issuer", "Bank"), now=now)


@pytest.fixture(scope="session")
def server_credential(server_root: Authority, now: float) -> Credential:
    """A server on loopback."""
    return server_root.issue_server(subject("as", "Bank"), LOOPBACK, now=now)


@pytest.fixture(scope="session")
def client_credential(client_intermediate: Authority, now: float) -> Credential:
    """A client of the authority for clients."""
    name = subject("client", "TPP Ltd", "PSDGB-FCA-900001")
    return client_intermediate.issue_client(name, now=now)


@pytest.fixture
def place(server_root: Authority, server_credential: Credential) -> Bench:
    """Two listeners in memory, the conventional and the mutual-TLS one."""
    return bench(server_root.credential, server_credential)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """The shipped configuration, but with a directory of the test's own."""
    shipped = configuration.read(SHIPPED, Config)
    return replace(shipped, directory=tmp_path / "issued")


@pytest.fixture(scope="session")
def deployment(tmp_path_factory: pytest.TempPathFactory, now: float) -> Layout:
    """Everything that `python -m pki` lays down."""
    folder = tmp_path_factory.mktemp("deployment") / "issued"
    shipped = configuration.read(SHIPPED, Config)
    ensure(replace(shipped, directory=folder), lambda: now)
    return Layout(folder)
