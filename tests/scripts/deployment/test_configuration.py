"""A deployment for other names, addresses and ports."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from twisted.internet.endpoints import TCP6ServerEndpoint, serverFromString
from twisted.internet.testing import MemoryReactor

from scripts.deployment.configuration import ROOT, SHIPPED, copied
from tests.deployment.running import PATIENCE


def test_a_plain_copy_says_the_same(tmp_path: Path) -> None:
    """Without replacements only the folders differ."""
    copy = copied(tmp_path / "lab")
    shipped = tomllib.loads(SHIPPED.authorization_server.read_text())
    copied_keys = tomllib.loads(copy.authorization_server.read_text())
    assert copied_keys["issuer"] == shipped["issuer"]
    assert copied_keys["server"]["key"] == "issued/as-key.pem"
    assert copied_keys["database"] == "build/state/as.sqlite3"


def test_ports_names_and_addresses_are_replaced_everywhere(tmp_path: Path) -> None:
    """No shipped port stays behind, and the certificates get the name."""
    copy = copied(tmp_path, (1, 2, 3, 4, 5), host="bank.test", bind="0.0.0.0")  # noqa: S104 - configured, not bound
    server = tomllib.loads(copy.authorization_server.read_text())
    assert server["issuer"] == "https://bank.test:1"
    assert server["mtls_base_url"] == "https://bank.test:2"
    assert server["resource"] == "https://bank.test:3"
    assert server["listen"]["mutual_tls"] == "tcp:2:interface=0.0.0.0"
    assert server["jwks_uri_allowed_hosts"] == ["bank.test:4"]
    names = tomllib.loads(copy.pki.read_text())["servers"]["as"]["names"]
    assert names == ["bank.test", "localhost", "127.0.0.1", "::1"]
    observer = tomllib.loads(copy.walkthrough.read_text())
    assert observer["origin"] == "https://bank.test:5"
    assert observer["names"] == names
    assert observer["listen"] == "tcp:5:interface=0.0.0.0"
    assert observer["client"] == "client.toml"
    client = tomllib.loads(copy.client.read_text())
    assert client["web"]["walkthrough_url"] == "https://bank.test:5"
    for path in (
        copy.authorization_server,
        copy.resource_server,
        copy.client,
        copy.walkthrough,
    ):
        values = [line.partition("#")[0] for line in path.read_text().splitlines()]
        assert not any(port in value for value in values for port in ("944", "../"))


def test_a_url_does_not_say_the_port_of_https(tmp_path: Path) -> None:
    """RFC 8414 section 3.3: an issuer is compared as a string, and nobody says :443."""
    ports = (443, 444, 445, 446, 447)
    copy = copied(tmp_path / "issuer", ports, host="bank.test")
    server = tomllib.loads(copy.authorization_server.read_text())
    assert server["issuer"] == "https://bank.test"
    assert server["mtls_base_url"] == "https://bank.test:444"
    assert server["listen"]["conventional"] == "tcp:443:interface=127.0.0.1"
    for path in (copy.resource_server, copy.client):
        assert 'issuer = "https://bank.test"\n' in path.read_text()
    copy = copied(tmp_path / "client", (441, 442, 444, 443, 445), host="bank.test")
    server = tomllib.loads(copy.authorization_server.read_text())
    assert server["jwks_uri_allowed_hosts"] == ["bank.test:443"]
    assert server["clients"]["banking-client"]["redirect_uris"] == [
        "https://bank.test/callback"
    ]
    client = tomllib.loads(copy.client.read_text())
    assert client["web"]["origin"] == "https://bank.test"
    copy = copied(tmp_path / "ipv6", (441, 442, 444, 443, 445), host="::1")
    server = tomllib.loads(copy.authorization_server.read_text())
    assert server["jwks_uri_allowed_hosts"] == ["[::1]:443"]
    client = tomllib.loads(copy.client.read_text())
    assert client["web"]["origin"] == "https://[::1]"


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A second copy into the same folder is refused."""
    copied(tmp_path)
    with pytest.raises(FileExistsError):
        copied(tmp_path)


def elsewhere(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command, to its end."""
    command = [sys.executable, "-m", "scripts.elsewhere", *arguments]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE
    )


def test_the_command_says_what_is_next(tmp_path: Path) -> None:
    """It names the command that runs the copy; done twice, it refuses in one line."""
    folder = str(tmp_path / "lab")
    done = elsewhere(folder, "--ports", "1", "2", "3", "4")
    assert done.returncode == 0
    assert done.stdout == f'next: make up ARGS="--config {folder}"\n'
    again = elsewhere(folder)
    assert again.returncode == 1
    assert again.stderr == f"elsewhere: {folder}/pki.toml: File exists\n"


@pytest.mark.parametrize(("given", "fifth"), [((), 5), (("7",), 7)])
def test_the_fifth_port_is_the_one_after(
    tmp_path: Path, given: tuple[str, ...], fifth: int
) -> None:
    """Who gives four gets the walk-through at the next one."""
    folder = tmp_path / "lab"
    done = elsewhere(str(folder), "--ports", "1", "2", "3", "4", *given)
    assert done.returncode == 0
    observer = tomllib.loads((folder / "walkthrough.toml").read_text())
    assert observer["listen"] == f"tcp:{fifth}:interface=127.0.0.1"


@pytest.mark.parametrize("ports", ["1 2 3", "1 2 3 4 5 6"])
def test_other_numbers_of_ports_are_refused(tmp_path: Path, ports: str) -> None:
    """Exit 2, and nothing is laid down."""
    done = elsewhere(str(tmp_path / "lab"), "--ports", *ports.split())
    assert done.returncode == 2
    assert "expected four or five ports" in done.stderr
    assert not (tmp_path / "lab").exists()


@pytest.mark.parametrize("host", ["::1", "[::1]", "0:0:0:0:0:0:0:1"])
@pytest.mark.parametrize("bind", ["::1", "[::1]"])
def test_an_address_of_ipv6(tmp_path: Path, host: str, bind: str) -> None:
    """Brackets stand in URLs (RFC 3986), and nowhere else; Twisted wants escapes."""
    copy = copied(tmp_path, (1, 2, 3, 4, 5), host=host, bind=bind)
    server = tomllib.loads(copy.authorization_server.read_text())
    assert server["issuer"] == "https://[::1]:1"
    assert server["listen"]["mutual_tls"] == r"tcp6:2:interface=\:\:1"
    assert server["jwks_uri_allowed_hosts"] == ["[::1]:4"]
    names = tomllib.loads(copy.pki.read_text())["servers"]["as"]["names"]
    assert names == ["localhost", "127.0.0.1", "::1"]
    endpoint = serverFromString(MemoryReactor(), server["listen"]["mutual_tls"])
    assert isinstance(endpoint, TCP6ServerEndpoint)


def test_another_address_of_ipv6_is_a_name_of_the_servers(tmp_path: Path) -> None:
    """Without brackets, as certificates have addresses."""
    copy = copied(tmp_path, host="[2001:DB8::7]", bind="::")
    names = tomllib.loads(copy.pki.read_text())["servers"]["rs"]["names"]
    assert names == ["2001:db8::7", "localhost", "127.0.0.1", "::1"]
    server = tomllib.loads(copy.resource_server.read_text())
    assert server["listen"]["mutual_tls"] == r"tcp6:9445:interface=\:\:"


def test_the_other_loopback_is_named_where_it_is_bound(tmp_path: Path) -> None:
    """What listens on ::1 alone is not reached by 127.0.0.1, nor surely by a name."""
    copy = copied(tmp_path, (1, 2, 3, 4, 5), bind="::1")
    client = tomllib.loads(copy.client.read_text())
    assert client["issuer"] == "https://[::1]:1"
    assert client["web"]["origin"] == "https://[::1]:4"
    assert client["web"]["walkthrough_url"] == "https://[::1]:5"


def test_an_address_with_a_zone(tmp_path: Path) -> None:
    """To listen on, and not to be reached by: RFC 6874 is no longer for URLs."""
    copy = copied(tmp_path / "lab", bind="fe80::1%lo")
    server = tomllib.loads(copy.resource_server.read_text())
    assert server["listen"]["mutual_tls"] == r"tcp6:9445:interface=fe80\:\:1%lo"
    done = elsewhere(str(tmp_path / "other"), "--host", "fe80::1%lo")
    assert done.returncode == 2
    assert "argument --host: fe80::1%lo: a zone" in done.stderr
    assert not (tmp_path / "other").exists()
