"""The authorization server as a process, with curl and openssl as its clients."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pki.issuing.layout import Layout
from tests.deployment.running import PATIENCE

CHECKOUT = Path(__file__).parents[2]
WriteConfig = Callable[..., Path]

# Any free port: several test runs may share a machine.
FREE_PORTS = (("tcp:9443:", "tcp:0:"), ("tcp:9444:", "tcp:0:"))


def command(config: Path) -> list[str]:
    """How a person starts it."""
    return [sys.executable, "-m", "as_node", "--config", str(config)]


@contextmanager
def running(config: Path) -> Iterator["subprocess.Popen[str]"]:
    """The process; killed at the end, if it has not ended by then."""
    with subprocess.Popen(
        command(config),
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def listening(process: "subprocess.Popen[str]") -> dict[str, str]:
    """Where it listens, by configuration key: what its ready line says."""
    assert process.stdout is not None
    ready = json.loads(process.stdout.readline())
    assert ready["ready"] == "as"
    found = ready["listening"]
    assert found.keys() == {"listen.conventional", "listen.mutual_tls"}
    return {key: str(where) for key, where in found.items()}


def ended(process: "subprocess.Popen[str]") -> tuple[int, str]:
    """Exit code and standard error of a process that ends by itself."""
    _, errors = process.communicate(timeout=PATIENCE)
    return process.returncode, errors


def curl(issued: Layout, where: str, path: str, *options: str) -> dict[str, object]:
    """What curl gets, with the certificate of `tpp-opaque`."""
    port = where.rpartition(":")[2]
    answer = subprocess.run(
        [
            "curl",
            *("--silent", "--show-error", "--max-time", "20", "--noproxy", "*"),
            *("--cacert", str(issued.server_roots)),
            *("--cert", str(issued.certificate("tpp-opaque"))),
            *("--key", str(issued.key("tpp-opaque"))),
            *options,
            f"https://localhost:{port}{path}",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(answer.stdout)
    assert isinstance(found, dict)
    return found


def is_asked_for_a_certificate(issued: Layout, where: str) -> bool:
    """Whether openssl, as a client, sees a CertificateRequest."""
    seen = subprocess.run(
        [
            *("openssl", "s_client", "-connect", where, "-state"),
            *("-servername", "localhost", "-CAfile", str(issued.server_roots)),
            "-verify_return_error",
        ],
        input="",
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    text = seen.stdout + seen.stderr
    assert "Verification: OK" in text
    return "server certificate request" in text


def test_start_serve_stop(write_config: WriteConfig, issued: Layout) -> None:
    """A token for curl over mutual TLS, none without; SIGTERM ends it with exit 0."""
    form = ("-d", "grant_type=client_credentials", "-d", "client_id=tpp-opaque")
    with running(write_config(*FREE_PORTS)) as process:
        where = listening(process)
        token = curl(issued, where["listen.mutual_tls"], "/token", *form)
        assert token["token_type"] == "Bearer"
        refused = curl(issued, where["listen.conventional"], "/token", *form)
        assert refused["error"] == "invalid_client"
        well_known = "/.well-known/oauth-authorization-server"
        metadata = curl(issued, where["listen.conventional"], well_known)
        assert metadata["issuer"] == "https://localhost:9443"
        process.send_signal(signal.SIGTERM)
        code, errors = ended(process)
    assert code == 0
    assert "Traceback" not in errors
    assert "POST /token 200" in errors
    assert str(token["access_token"]) not in errors


def test_who_is_asked_for_a_certificate(
    write_config: WriteConfig, issued: Layout
) -> None:
    """RFC 8705 section 5: the mutual-TLS listener asks everyone, the other nobody."""
    with running(write_config(*FREE_PORTS)) as process:
        where = listening(process)
        assert is_asked_for_a_certificate(issued, where["listen.mutual_tls"])
        assert not is_asked_for_a_certificate(issued, where["listen.conventional"])
        process.send_signal(signal.SIGINT)
        assert ended(process)[0] == 0


@pytest.mark.parametrize(
    ("key", "shipped"),
    [("listen.conventional", "tcp:9443:"), ("listen.mutual_tls", "tcp:9444:")],
)
def test_a_busy_port(write_config: WriteConfig, key: str, shipped: str) -> None:
    """Exit 1, and one line that names the port and the key to change."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        others = [each for each in FREE_PORTS if each[0] != shipped]
        config = write_config((shipped, f"tcp:{port}:"), *others)
        with running(config) as process:
            code, errors = ended(process)
    assert code == 1
    assert errors.count("\n") == 1
    assert f"port {port} ({key} in {config})" in errors


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("check_revocation = true", "check_revokation = true", "check_revokation"),
        ("client-roots.pem", "nothing.pem", "nothing.pem"),
        ("tcp:9443:", "udp:9443:", "listen.conventional"),
    ],
)
def test_an_unusable_configuration(
    write_config: WriteConfig, old: str, new: str, named: str
) -> None:
    """Exit 2, and one line that names the file and what is wrong in it."""
    others = [each for each in FREE_PORTS if each[0] != old]
    config = write_config((old, new), *others)
    with running(config) as process:
        code, errors = ended(process)
    assert code == 2
    assert errors.count("\n") == 1
    assert str(config) in errors
    assert named in errors


def test_the_state_is_the_owners_alone(
    write_config: WriteConfig, tmp_path: Path
) -> None:
    """What is kept is readable by nobody else, and left in order: one whole file."""
    with running(write_config(*FREE_PORTS)) as process:
        listening(process)
        process.send_signal(signal.SIGTERM)
        assert ended(process)[0] == 0
    state = tmp_path / "state"
    assert state.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in state.iterdir()] == ["as.sqlite3"]
    assert (state / "as.sqlite3").stat().st_mode & 0o777 == 0o600
