"""The whole authorization server in memory, with the certificates of a test PKI."""

import io
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from twisted.internet.defer import Deferred, succeed

from as_node.config import Config
from as_node.login.passwords import InThread
from as_node.store.sqlite.database import open_database
from as_node.store.sqlite.signing_keys import SqliteSigningKeys
from as_node.tokens.signing_keys import SigningKeys
from as_node.wiring import assemble
from pki.issuing import deployment
from pki.issuing.config import SHIPPED
from pki.issuing.config import Config as PkiConfig
from pki.issuing.layout import Layout
from pki.node import configuration
from pki.node.process import Surroundings
from pki.observability.operator_log import OperatorLog
from pki.observability.recording import Recording
from pki.observability.witness import Witness
from tests.in_memory.authorization_server import Deployment
from tests.in_memory.consents import Consents, serve_consents
from tests.in_memory.network import MemoryNetwork

AS_TOML = Path(__file__).parents[2] / "as_node" / "as.toml"


def at_once(function: Callable[[], bool]) -> Deferred[bool]:
    """Instead of in another thread: a test has one."""
    return succeed(function())


@pytest.fixture(scope="session")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    """The certificates of the deployment, made once for all tests."""
    directory = tmp_path_factory.mktemp("pki") / "issued"
    shipped = configuration.read(SHIPPED, PkiConfig)
    deployment.ensure(
        PkiConfig(
            directory=directory, lifetimes=shipped.lifetimes, servers=shipped.servers
        ),
        time.time,
    )
    return Layout(directory)


@pytest.fixture(scope="session")
def database_with_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with signing keys in it: RSA keys take a tenth of a second to make."""
    path = tmp_path_factory.mktemp("state") / "as.sqlite3"
    with closing(open_database(path)) as connection:
        SigningKeys(SqliteSigningKeys(connection), lifetime_seconds=1, clock=time.time)
    return path


@pytest.fixture
def write_config(issued: Layout, tmp_path: Path) -> Callable[..., Path]:
    """
    Writes the shipped configuration for this test, with *old* texts replaced by new.
    """

    def write(*replacements: tuple[str, str]) -> Path:
        text = AS_TOML.read_text(encoding="utf-8")
        directories = (
            ("../pki/issued/", f"{issued.directory}/"),
            ("../build/state/", f"{tmp_path}/state/"),
        )
        for old, new in (*directories, *replacements):
            assert old in text, f"{old} is not in as.toml"
            text = text.replace(old, new)
        path = tmp_path / "as.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def start_as(
    issued: Layout,
    write_config: Callable[..., Path],
    database_with_keys: Path,
    tmp_path: Path,
) -> Iterator[Callable[..., Deployment]]:
    """
    Starts an authorization server whose shipped configuration is changed.

    Those that one test starts share one database, like one server restarted.
    """
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    shutil.copy(database_with_keys, state)
    started: list[Deployment] = []

    def start(
        *replacements: tuple[str, str],
        recording: Path | None = None,
        in_thread: InThread = at_once,
    ) -> Deployment:
        network, log = MemoryNetwork(), io.StringIO()
        witness = Witness(
            OperatorLog("as", log, network.clock),
            None if recording is None else Recording(recording, "as", network.clock),
        )
        surroundings = Surroundings(network.reactor, network.clock, witness)
        config = configuration.read(write_config(*replacements), Config)
        node = assemble(
            config, surroundings, endpoint=network.endpoint, in_thread=in_thread
        )
        for service, port in zip(node.services, (9443, 9444), strict=True):
            network.listen("localhost", port, service.listener, service.context)
        started.append(Deployment(network, issued, log, node))
        return started[-1]

    yield start
    for each in started:
        each.stop()


@pytest.fixture
def server(start_as: Callable[..., Deployment]) -> Deployment:
    """The authorization server as it is shipped."""
    return start_as()


@pytest.fixture
def consents(server: Deployment) -> Consents:
    """The resource server's consents, where `server` looks for them."""
    return serve_consents(server)
