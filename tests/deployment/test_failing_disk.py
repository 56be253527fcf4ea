"""
A disk that is full, read-only or in somebody else's hands, under the real processes:
503 and one line, nothing acknowledged is lost, and no restart is needed afterwards.
"""

import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest

from tests.deployment.nodes import NAMES, Nodes, assert_away
from tests.in_memory.store_trouble import locked

pytestmark = pytest.mark.slow

Trouble = Callable[[str], AbstractContextManager[None]]

OPAQUE, BANK = "tpp-opaque", "banking-client"


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    nodes = Nodes(tmp_path_factory.mktemp("disk"))
    try:
        for name in NAMES:
            nodes.start(name)
        yield nodes
    finally:
        nodes.close()


@pytest.fixture(params=["full", "locked"])
def trouble(request: pytest.FixtureRequest, nodes: Nodes) -> Trouble:
    """What happens to the disk of one node, and passes."""
    if request.param == "locked":
        return lambda name: locked(nodes.database(name))
    return lambda name: nodes.nodes[name].limited(resource.RLIMIT_FSIZE, 1)


def assert_told(nodes: Nodes, name: str, begin: int) -> None:
    """In the operator's log: what it was, and no traceback."""
    said = "".join(nodes.nodes[name].log[begin:])
    assert "not committed: " in said
    assert "Traceback" not in said


def test_the_authorization_server(nodes: Nodes, trouble: Trouble) -> None:
    """Tokens and revocations: what was acknowledged is so, what was not is not."""
    begin = len(nodes.nodes["as"].log)
    with nodes.client(OPAQUE) as client:
        before = nodes.token(client, OPAQUE).json()["access_token"]
        with trouble("as"):
            refused = nodes.token(client, OPAQUE)
            assert_away(refused)
            assert refused.json()["error"] == "temporarily_unavailable"
            assert_away(nodes.revoke(client, OPAQUE, before))
            assert nodes.accounts(client, before).status_code == 200
        assert nodes.accounts(client, before).status_code == 200
        assert nodes.revoke(client, OPAQUE, before).status_code == 200
        assert nodes.accounts(client, before).status_code == 401
        after = nodes.token(client, OPAQUE).json()["access_token"]
        assert nodes.accounts(client, after).status_code == 200
    assert_told(nodes, "as", begin)


def test_the_resource_server(nodes: Nodes, trouble: Trouble) -> None:
    """Consents: none is acknowledged that is not kept; accounts are read meanwhile."""
    begin = len(nodes.nodes["rs"].log)
    with nodes.client(BANK) as client:
        token = nodes.token(client, BANK).json()["access_token"]
        kept = nodes.create_consent(client, token)
        assert kept.status_code == 201
        url = kept.json()["Links"]["Self"]
        bearer = {"Authorization": f"Bearer {token}"}
        with trouble("rs"):
            assert_away(nodes.create_consent(client, token))
            assert_away(client.delete(url, headers=bearer))
            assert client.get(url, headers=bearer).status_code == 200
            assert nodes.accounts(client, token).status_code == 200
        assert nodes.create_consent(client, token).status_code == 201
        assert client.delete(url, headers=bearer).status_code == 204
        assert client.get(url, headers=bearer).status_code == 400
    assert_told(nodes, "rs", begin)


def test_the_banking_client(nodes: Nodes, trouble: Trouble) -> None:
    """Nobody is sent to the bank with an attempt that was not kept."""
    begin = len(nodes.nodes["client"].log)
    with nodes.client(None) as browser:
        with trouble("client"):
            answer = nodes.connect(browser)
            assert_away(answer)
            assert "make a note" in answer.text
            assert browser.get(f"{nodes.running.client}/").status_code == 200
        answer = nodes.connect(browser)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith(nodes.running.issuer)
    assert_told(nodes, "client", begin)


MOUNT = 'mount -t tmpfs -o size={size} tmpfs {folder} && {then}exec "$@"'


def in_a_mount_namespace(folder: Path, size: str, then: str = "") -> list[str]:
    """A command that starts another with a small disk of its own at *folder*."""
    script = MOUNT.format(size=size, folder=folder, then=then)
    command = ["unshare", "--mount", "sh", "-c", script, "sh"]
    tried = subprocess.run([*command, "true"], capture_output=True, check=False)
    if tried.returncode != 0:
        pytest.skip("no mount namespace may be made here (it takes root)")
    return command


@pytest.mark.parametrize("name", NAMES)
def test_a_read_only_disk_at_the_start(tmp_path: Path, name: str) -> None:
    """One line that names the file, and exit 2: nothing could be kept."""
    nodes = Nodes(tmp_path)
    state = nodes.deployment.build / "state"
    state.mkdir(mode=0o700, parents=True)
    then = f"mount -o remount,ro {state} && "
    ended = subprocess.run(
        [*in_a_mount_namespace(state, "1m", then), *nodes.command(name)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    (line,) = ended.stderr.splitlines()
    assert f"{name}.sqlite3: Read-only file system" in line


def test_a_small_disk_fills(tmp_path: Path) -> None:
    """A real disk runs full under load: 503, and what was acknowledged is there."""
    nodes = Nodes(tmp_path)
    state = nodes.deployment.build / "state"
    state.mkdir(mode=0o700, parents=True)
    try:
        nodes.start("as", before=in_a_mount_namespace(state, "600k"))
        with nodes.client(OPAQUE) as client, nodes.client("accounts-rs") as asking:
            kept: list[str] = []
            answer = nodes.token(client, OPAQUE)
            while answer.status_code == 200:
                kept.append(answer.json()["access_token"])
                assert len(kept) < 5000
                answer = nodes.token(client, OPAQUE)
            assert_away(answer)
            assert all(is_active(nodes, asking, token) for token in kept[-20:])
            assert is_active(nodes, asking, kept[0])
    finally:
        nodes.close()


def is_active(nodes: Nodes, asking: httpx.Client, token: str) -> bool:
    form = {"client_id": "accounts-rs", "token": token}
    answer = asking.post(f"{nodes.running.mtls}/introspect", data=form)
    assert answer.status_code == 200
    return answer.json()["active"] is True
