"""A bank in memory, its clients, and single requests for the pure functions."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pki.http.journal import Journal
from pki.issuing import authority
from pki.issuing.profiles import subject
from pki.pem import Credential, certificates_to_pem, revocation_lists_to_pem
from tests.rs_node.bank import Bank, Certificates, close_banks, open_bank

LOOPBACK = ("localhost", "127.0.0.1", "::1")


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """The certificates of all tests, in files that the configuration names."""
    now = time.time()
    folder = tmp_path_factory.mktemp("issued")
    server_root = authority.server_root(subject("Root", "Bank"), LOOPBACK, now=now)
    client_root = authority.client_root(subject("Client Root", "Bank"), now=now)
    made = Certificates(
        now=now,
        server_root=server_root,
        clients=client_root.issue_intermediate(subject("Issuer", "Bank"), now=now),
        server=server_root.issue_server(subject("bank", "Bank"), LOOPBACK, now=now),
        folder=folder,
    )
    made.lay_down("rs", made.server)
    made.lay_down("accounts-rs", made.client("accounts-rs"))
    for name, root in (("server", server_root), ("client", client_root)):
        roots = certificates_to_pem([root.certificate])
        (folder / f"{name}-roots.pem").write_bytes(roots)
    lists = [
        issuer.revocation_list({}, now=now, days=30, number=1)
        for issuer in (client_root, made.clients)
    ]
    (folder / "client-crls.pem").write_bytes(revocation_lists_to_pem(lists))
    return made


@pytest.fixture(scope="session")
def tpp(certificates: Certificates) -> Credential:
    """A client of the bank, with a certificate of the authority for clients."""
    return certificates.client("tpp")


@pytest.fixture(scope="session")
def thief(certificates: Certificates) -> Credential:
    """Another client of the bank, with a perfectly good certificate of his own."""
    return certificates.client("thief")


@pytest.fixture(scope="session")
def back_office(certificates: Certificates) -> Credential:
    """The authorization server's certificate for the back channel."""
    return certificates.clients.issue_client(
        subject("as-backchannel", "Example Bank plc"), now=certificates.now
    )


@pytest.fixture(autouse=True)
def _all_closed() -> Iterator[None]:
    """Every bank a test opened is closed after it."""
    yield
    close_banks()


@pytest.fixture
def bank(certificates: Certificates) -> Bank:
    """The bank as shipped."""
    return open_bank(certificates)


@pytest.fixture
def journal() -> Journal:
    """The journal of one request."""
    return Journal()


@pytest.fixture(scope="session")
def issued_folder(certificates: Certificates) -> Path:
    """Where the certificates lie."""
    return certificates.folder
