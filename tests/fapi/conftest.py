"""The bank's two servers and the banking client, all three real, on one network."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from as_node.store.sqlite.database import open_database
from as_node.store.sqlite.signing_keys import SqliteSigningKeys
from as_node.tokens.signing_keys import SigningKeys
from pki.issuing import deployment
from pki.issuing.config import SHIPPED
from pki.issuing.config import Config as PkiConfig
from pki.issuing.layout import Layout
from pki.node import configuration
from tests.fapi.open_banking import OpenBanking, TheBank


@pytest.fixture(scope="session")
def issued_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificates of the deployment, made once; nobody changes these."""
    directory = tmp_path_factory.mktemp("pki") / "issued"
    shipped = configuration.read(SHIPPED, PkiConfig)
    deployment.ensure(
        PkiConfig(
            directory=directory, lifetimes=shipped.lifetimes, servers=shipped.servers
        ),
        time.time,
    )
    return directory


@pytest.fixture(scope="session")
def database_with_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with signing keys in it: RSA keys take a tenth of a second to make."""
    path = tmp_path_factory.mktemp("state") / "as.sqlite3"
    with closing(open_database(path)) as connection:
        SigningKeys(SqliteSigningKeys(connection), lifetime_seconds=1, clock=time.time)
    return path


@pytest.fixture
def open_the_bank(
    issued_once: Path, database_with_keys: Path, tmp_path: Path
) -> Iterator[Callable[..., TheBank]]:
    """Starts the three nodes, with texts of the authorization server's file changed."""
    started: list[TheBank] = []

    def start(*changes: tuple[str, str]) -> TheBank:
        folder = tmp_path / f"deployment-{len(started)}"
        shutil.copytree(issued_once, folder / "issued")
        (folder / "state").mkdir(mode=0o700)
        shutil.copy(database_with_keys, folder / "state")
        started.append(TheBank(folder, Layout(folder / "issued"), changes))
        return started[-1]

    yield start
    for each in started:
        each.stop()


@pytest.fixture
def bank(open_the_bank: Callable[..., TheBank]) -> TheBank:
    """The three nodes as shipped, but for a second TPP that customers can use."""
    return open_the_bank()


@pytest.fixture
def open_banking(bank: TheBank) -> OpenBanking:
    """What clients and customers do there."""
    return OpenBanking(bank)
