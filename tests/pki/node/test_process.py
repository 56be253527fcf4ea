"""A node as a real process: its ready line, its exit codes, its signals."""

import fcntl
import http.client
import json
import os
import signal
import socket
import ssl
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from twisted.internet.defer import Deferred

from pki.issuing.authority import Authority
from pki.node.process import Node
from pki.pem import (
    Credential,
    certificates_to_pem,
    private_key_to_pem,
    write_new,
)
from tests.deployment.running import PATIENCE, free_ports

CHECKOUT = Path(__file__).parents[3]

NODE = """
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from pki.mtls.client import MutualTLSClient
from pki.mtls.contexts import ClientContext, ServerContext
from pki.http.messages import json_response
from pki.node.process import Node, Program, Service, run
from pki.mtls.server import Listener
from pki.pem import load_certificates, load_credential


@dataclass(frozen=True)
class Listen:
    conventional: str
    mutual_tls: str


@dataclass(frozen=True)
class Config:
    issued: Path
    listen: Listen


def assemble(config, surroundings):
    credential = load_credential(config.issued / "as.pem", config.issued / "as-key.pem")
    roots = load_certificates(config.issued / "roots.pem")
    trace = surroundings.trace_handshakes
    client = MutualTLSClient(
        surroundings.reactor, ClientContext(credential, roots), surroundings.witness
    )

    async def answer(request):
        if request.path == "/fail":
            raise ZeroDivisionError("on purpose")
        if request.path == "/relay":
            answer = await client.request("GET", request.query)
            return json_response(200, {"relayed": answer.body.decode()})
        peer = request.peer and request.peer.subject
        return json_response(200, {"peer": peer, "trace": trace})

    async def close():
        await client.close()
        if not os.environ.get("ENDS_QUIETLY"):
            print("closed", file=sys.stderr, flush=True)

    def service(key, where, request_certificate):
        return Service(
            f"listen.{key}",
            where,
            ServerContext(
                credential, request_certificate=request_certificate, trace=trace
            ),
            Listener(
                surroundings.reactor,
                surroundings.witness,
                answer,
                request_certificate=request_certificate,
            ),
        )

    return Node(
        [
            service("conventional", config.listen.conventional, False),
            service("mutual_tls", config.listen.mutual_tls, True),
        ],
        close,
    )


class EndsItself:
    # A standard output that sends a signal as soon as the ready line is out.

    def write(self, text):
        sys.__stdout__.write(text)

    def flush(self):
        sys.__stdout__.flush()
        os.kill(os.getpid(), signal.SIGTERM)


if os.environ.get("ENDS_ITSELF"):
    sys.stdout = EndsItself()

shipped = Path(__file__).with_name("tiny.toml")
run(Program("tiny", "A node of the tests.", Config, shipped, assemble))
"""

CONFIG = """\
issued = "../issued"
[listen]
conventional = "tcp:0:interface=127.0.0.1"
mutual_tls = "tcp:0:interface=127.0.0.1"
"""


class Child:
    """A node, started and watched."""

    def __init__(
        self,
        folder: Path,
        *arguments: str,
        stdout: int = subprocess.PIPE,
        stderr: int = subprocess.PIPE,
    ) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tiny_node", *arguments],
            cwd=folder,
            env={
                **os.environ,
                "PYTHONPATH": f"{folder}:{CHECKOUT}",
                # Twisted keeps /dev/null open, for when no descriptors are left.
                "PYTHONWARNINGS": "error,ignore::ResourceWarning",
            },
            stdin=subprocess.PIPE,
            stdout=stdout,
            stderr=stderr,
            text=True,
        )

    def ready(self) -> dict[str, str]:
        """Wait until it is; where it listens, by configuration key."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.communicate()[1]
        told = json.loads(line)
        assert told["ready"] == "tiny"
        listening: dict[str, str] = told["listening"]
        return listening

    def ended(self) -> tuple[int, str, str]:
        """Its exit code and what else it wrote, when it has ended by itself."""
        out, err = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, out, err


@pytest.fixture
def folder(
    tmp_path: Path, server_credential: Credential, server_root: Authority
) -> Path:
    """The package of the node, its configuration, and its certificate."""
    package, issued = tmp_path / "tiny_node", tmp_path / "issued"
    package.mkdir()
    issued.mkdir()
    (package / "__main__.py").write_text(NODE)
    (package / "tiny.toml").write_text(CONFIG)
    write_new(issued / "as.pem", certificates_to_pem(server_credential.chain))
    write_new(issued / "as-key.pem", private_key_to_pem(server_credential.private_key))
    write_new(issued / "roots.pem", certificates_to_pem([server_root.certificate]))
    return tmp_path


@pytest.fixture
def start(folder: Path) -> Iterator["Start"]:
    """Starts nodes, and leaves none behind."""
    starting = Start(folder)
    yield starting
    for child in starting.children:
        child.process.kill()
        child.process.communicate()


class Start:
    """Starts nodes, with a configuration if one is given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.children: list[Child] = []

    def __call__(self, *arguments: str, config: str | None = None) -> Child:
        """One more."""
        return self._started(*self._configured(config), *arguments)

    def logging_to(
        self, stderr: int, *, config: str | None = None, stdout: int = subprocess.PIPE
    ) -> Child:
        """One whose log goes there."""
        told = self._configured(config)
        return self._started(*told, stderr=stderr, stdout=stdout)

    def _configured(self, config: str | None) -> tuple[str, ...]:
        if config is None:
            return ()
        (self.folder / "tiny_node" / "other.toml").write_text(config)
        return "--config", "tiny_node/other.toml"

    def _started(self, *arguments: str, **streams: int) -> Child:
        self.children.append(Child(self.folder, *arguments, **streams))
        return self.children[-1]

    def refused(self, *arguments: str, config: str | None = None) -> tuple[int, str]:
        """The exit code and the one line of a node that does not start."""
        code, out, err = self(*arguments, config=config).ended()
        assert out == ""
        *_, line = err.removesuffix("closed\n").splitlines()
        assert err.count("\n") - err.count("closed\n") == 1
        return code, line


def get(folder: Path, where: str, path: str) -> tuple[int, str]:
    """The answer to Python's own HTTPS client, which has a certificate too."""
    context = ssl.create_default_context(cafile=folder / "issued" / "roots.pem")
    context.load_cert_chain(folder / "issued/as.pem", folder / "issued/as-key.pem")
    host, _, port = where.rpartition(":")
    connection = http.client.HTTPSConnection(host, int(port), context=context)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_right_after_the_start(start: Start, number: int) -> None:
    """A signal as soon as the node is ready ends it in good order, with 0."""
    child = start()
    child.ready()
    child.process.send_signal(number)
    assert child.ended() == (0, "", "closed\n")


def test_signal_with_the_ready_line(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not one instruction lies between the ready line and the signal."""
    monkeypatch.setenv("ENDS_ITSELF", "1")
    child = start()
    child.ready()
    assert child.ended() == (0, "", "closed\n")


def test_serves(start: Start, folder: Path) -> None:
    """Both listeners answer over real sockets; one requests a certificate."""
    child = start()
    listening = child.ready()
    assert list(listening) == ["listen.conventional", "listen.mutual_tls"]
    assert all(where.startswith("127.0.0.1:") for where in listening.values())
    conventional, mutual_tls = listening.values()
    assert get(folder, conventional, "/") == (200, '{"peer":null,"trace":false}')
    body = '{"peer":"CN=as,O=Bank,C=GB","trace":false}'
    assert get(folder, mutual_tls, "/") == (200, body)
    child.process.terminate()
    code, out, err = child.ended()
    assert (code, out) == (0, "")
    assert err.count("tiny   info    GET / 200 ") == 2
    assert len(err.splitlines()) == 3


def test_our_client_over_real_sockets(start: Start, folder: Path) -> None:
    """The client finds the way to an address, and to a name, by itself."""
    child = start()
    conventional, mutual_tls = child.ready().values()
    port = mutual_tls.rpartition(":")[2]
    for host in ("127.0.0.1", "localhost"):
        path = f"/relay?https://{host}:{port}/x"
        status, body = get(folder, conventional, path)
        assert status == 200
        assert "CN=as,O=Bank,C=GB" in body
    child.process.terminate()
    assert child.ended()[0] == 0


def test_fault(start: Start, folder: Path) -> None:
    """A fault of a handler is a line and a trace on standard error."""
    child = start()
    where = child.ready()["listen.mutual_tls"]
    assert get(folder, where, "/fail") == (500, '{"error":"server_error"}')
    child.process.terminate()
    code, _, err = child.ended()
    assert code == 0
    assert "tiny   error   GET /fail: on purpose\n" in err
    assert "ZeroDivisionError" in err


def test_until_stdin_closes(start: Start, folder: Path) -> None:
    """A node whose parent is gone ends, with 0."""
    child = start("--until-stdin-closes")
    child.ready()
    assert child.process.stdin is not None
    child.process.stdin.close()
    child.process.stdin = None
    assert child.ended() == (0, "", "closed\n")


def test_stdin_is_not_watched_unasked(start: Start, folder: Path) -> None:
    """Without that, standard input is nothing to a node."""
    child = start()
    where = child.ready()["listen.mutual_tls"]
    assert child.process.stdin is not None
    child.process.stdin.close()
    child.process.stdin = None
    assert get(folder, where, "/")[0] == 200


def test_nobody_reads_standard_output(start: Start, folder: Path) -> None:
    """A parent that has read the ready line need not read on."""
    child = start("--until-stdin-closes")
    where = child.ready()["listen.mutual_tls"]
    assert child.process.stdout is not None
    child.process.stdout.close()
    child.process.stdout = None
    for _ in range(3):
        assert get(folder, where, "/")[0] == 200
    child.process.terminate()
    assert child.ended()[0] == 0


def test_standard_output_stays_blocking(folder: Path) -> None:
    """It may be one terminal with the log, and its lines must not get lost."""
    reading, writing = os.pipe()
    with os.fdopen(reading) as lines, os.fdopen(writing, "w") as out:
        child = Child(folder, "--until-stdin-closes", stdout=out.fileno())
        try:
            listening = json.loads(lines.readline())["listening"]
            assert get(folder, listening["listen.mutual_tls"], "/")[0] == 200
            assert not fcntl.fcntl(out, fcntl.F_GETFL) & os.O_NONBLOCK
        finally:
            child.process.kill()
            child.process.communicate()


@pytest.mark.parametrize("key", ["conventional", "mutual_tls"])
def test_busy_port(start: Start, key: str) -> None:
    """A port that is taken: one line that names it and its key, and 1."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        config = CONFIG.replace(f'{key} = "tcp:0', f'{key} = "tcp:{port}')
        code, line = start.refused(config=config)
    assert code == 1
    place = f"port {port} (listen.{key} in tiny_node/other.toml)"
    assert line == (
        f"tiny: {place}: Address already in use; is another `make up` or `make demo` "
        "running? Stop it, or give that key another port"
    )


def test_ports_are_free_afterwards(start: Start, folder: Path) -> None:
    """A node may be started again where one has just ended."""
    first = start()
    where = first.ready()["listen.mutual_tls"]
    get(folder, where, "/")
    first.process.terminate()
    assert first.ended()[0] == 0
    port = where.rpartition(":")[2]
    config = CONFIG.replace('mutual_tls = "tcp:0', f'mutual_tls = "tcp:{port}')
    assert start(config=config).ready()["listen.mutual_tls"] == where


@pytest.mark.parametrize(
    ("wrong", "right", "words"),
    [
        ("lisen", "listen]", "Expected ']'"),
        ("port = 1\nmutual_tls", "mutual_tls", "unknown key 'listen.port'"),
        ("../absent", "../issued", "absent/as.pem: No such file or directory"),
        ("no-endpoint", "tcp:0", "key 'listen.conventional': 'no-endpoint"),
        ("tls:0", "tcp:0", "key 'listen.conventional': 'tls:0"),
        ("unix:t.sock", "tcp:0:interface=127.0.0.1", "neither tcp: nor tcp6:"),
        ("tcp:0:colour=x", "tcp:0", "key 'listen.conventional': 'tcp:0:colour=x"),
        ("tcp:70000", "tcp:0", "port must be 0-65535"),
    ],
)
def test_configuration_that_cannot_be_used(
    start: Start, wrong: str, right: str, words: str
) -> None:
    """One line on standard error that names file and key, and 2."""
    code, line = start.refused(config=CONFIG.replace(right, wrong, 1))
    assert code == 2
    assert line.startswith("tiny: ")
    assert "tiny_node/other.toml" in line
    assert words in line


def test_no_configuration(start: Start) -> None:
    """A file that is not there: one line, and 2."""
    code, line = start.refused("--config", "absent.toml")
    assert (code, line) == (2, "tiny: absent.toml: No such file or directory")


def test_address_that_is_not_ours(start: Start) -> None:
    """An interface this machine does not have: one line that names the key, and 1."""
    config = CONFIG.replace("127.0.0.1", "192.0.2.1", 1)
    code, line = start.refused(config=config)
    assert code == 1
    assert "listen.conventional" in line


def test_arguments(start: Start) -> None:
    """Help says what the node is for; an unknown argument is 2."""
    code, out, err = start("--help").ended()
    assert (code, err) == (0, "")
    assert "usage: python -m tiny_node" in out
    assert "A node of the tests." in out
    code, out, err = start("--colour").ended()
    assert (code, out) == (2, "")
    assert "unrecognized arguments: --colour" in err


def test_nothing_to_close() -> None:
    """A node need not have anything to do before it ends."""
    ended = Deferred.fromCoroutine(_closed(Node(())))
    assert ended.called


async def _closed(node: Node) -> None:
    await node.close()


def test_recording(start: Start, folder: Path) -> None:
    """With a recording handshakes are traced and the wire is tapped, for its owner."""
    child = start("--recording", "tiny.jsonl")
    where = child.ready()["listen.mutual_tls"]
    assert get(folder, where, "/")[1].endswith('"trace":true}')
    child.process.terminate()
    assert child.ended()[0] == 0
    file = folder / "tiny.jsonl"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    events = [json.loads(line) for line in file.read_text().splitlines()]
    below = [each for each in events if each["event"] in ("wire", "session_secrets")]
    above = [each for each in events if each not in below]
    kinds = [event["event"] for event in above]
    assert kinds == ["handshake", "request", "response"]
    assert above[0]["certificate_requested"] is True
    assert {event["remote"] for event in below} == {above[0]["remote"]}
    assert below[-1]["what"] == "ended"
    assert {event["node"] for event in events} == {"tiny"}


def test_recording_that_cannot_be_written(start: Start) -> None:
    """A file that cannot be made: one line that names it, and 2."""
    code, line = start.refused("--recording", "absent/tiny.jsonl")
    assert code == 2
    assert line == "tiny: absent/tiny.jsonl: No such file or directory"


def served(folder: Path, child: Child) -> None:
    """Requests of every kind are answered, whoever reads the log or does not."""
    where = child.ready()["listen.mutual_tls"]
    for path, status in (("/", 200), ("/fail", 500), ("/", 200)):
        assert get(folder, where, path)[0] == status


def test_log_on_a_full_disk(
    start: Start, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A log that cannot be written fails no request, and neither start nor end."""
    monkeypatch.setenv("ENDS_QUIETLY", "1")  # what the program itself prints would fail
    with Path("/dev/full").open("w") as full:
        child = start.logging_to(full.fileno())
    served(folder, child)
    child.process.terminate()
    assert child.ended()[0] == 0


def test_log_to_a_closed_pipe(
    start: Start, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does one whose reader has gone."""
    monkeypatch.setenv("ENDS_QUIETLY", "1")
    reading, writing = os.pipe()
    child = start.logging_to(writing)
    os.close(writing)
    os.close(reading)
    served(folder, child)
    child.process.terminate()
    assert child.ended()[0] == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_log_that_nobody_reads(
    start: Start, folder: Path, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full pipe stops neither the node nor its end."""
    monkeypatch.setenv("ENDS_QUIETLY", "1")
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)
    os.write(writing, b"x" * 4096)
    child = start.logging_to(writing)
    os.close(writing)
    served(folder, child)
    child.process.send_signal(number)
    assert child.ended()[0] == 0
    os.close(reading)


def test_everything_on_a_full_disk(start: Start, folder: Path) -> None:
    """The ready line is for whoever hears it."""
    port = free_ports(1)[0]
    config = CONFIG.replace('mutual_tls = "tcp:0', f'mutual_tls = "tcp:{port}')
    with Path("/dev/full").open("w") as full:
        child = start.logging_to(subprocess.PIPE, config=config, stdout=full.fileno())
    assert child.process.stderr is not None
    assert (
        "nobody was told that all listen: No space" in child.process.stderr.readline()
    )
    assert get(folder, f"127.0.0.1:{port}", "/")[0] == 200
    child.process.terminate()
    assert child.ended()[0] == 0


@pytest.mark.parametrize("after", [signal.SIGTERM, signal.SIGINT])
def test_signals_one_after_the_other(start: Start, after: int) -> None:
    """A second signal, whichever and however soon, changes nothing and says nothing."""
    child = start()
    child.ready()
    for _ in range(20):
        child.process.send_signal(signal.SIGINT)
        child.process.send_signal(after)
    assert child.ended() == (0, "", "closed\n")
