"""`make up`: ready line, Ctrl-C, and what is left afterwards."""

import os
import pty
import re
import select
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from scripts.deployment.configuration import copied
from tests.deployment.running import PATIENCE, as_told, free_ports, ready_line, up


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("to_group", [True, False], ids=["group", "process"])
def test_a_signal_ends_everything(
    tmp_path: Path, sent: signal.Signals, *, to_group: bool
) -> None:
    """Exit 0, by whichever way the signal comes; ports are free."""
    ports = free_ports(5)
    log = tmp_path / "up.log"
    with (
        log.open("w") as file,
        up(copied(tmp_path / "lab", ports), file) as process,
    ):
        assert ready_line(process).startswith("ready")
        if to_group:
            os.killpg(process.pid, sent)
            os.killpg(process.pid, sent)  # Ctrl-C, impatiently
        else:
            process.send_signal(sent)
        assert process.wait(PATIENCE) == 0
    assert "Traceback" not in log.read_text()
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))


@pytest.mark.slow
def test_nodes_do_not_outlive_their_parent(tmp_path: Path) -> None:
    """Even when the parent is killed, no node stays behind."""
    ports = free_ports(5)
    with up(copied(tmp_path, ports), subprocess.DEVNULL) as process:
        assert ready_line(process).startswith("ready")
        connection = socket.create_connection(("127.0.0.1", ports[0]), PATIENCE)
        process.kill()
    with connection:  # it ends when the node does
        connection.settimeout(PATIENCE)
        assert connection.recv(1) == b""


def test_the_ready_line_has_everybodys_address(tmp_path: Path) -> None:
    """The walk-through's first: it shows what the others do."""
    deployment = copied(tmp_path, free_ports(5))
    with up(deployment, subprocess.DEVNULL) as process:
        line = ready_line(process)
        process.terminate()
        assert process.wait(PATIENCE) == 0
    running = as_told(deployment)
    addresses = [
        running.walkthrough,
        running.issuer,
        running.mtls,
        running.resource,
        running.client,
    ]
    assert re.findall(r"https://[0-9.a-z]+:[0-9]+", line) == addresses


@pytest.mark.parametrize(
    ("place", "key"), [(1, "listen.mutual_tls"), (4, "listen")], ids=["as", "observer"]
)
def test_a_busy_port_is_one_line(tmp_path: Path, place: int, key: str) -> None:
    """The port, the configuration key and the file; exit 1; nothing stays behind."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ports = free_ports(5)
        ports[place] = port
        deployment = copied(tmp_path, ports)
        with up(deployment, subprocess.PIPE) as process:
            _, said = process.communicate(timeout=PATIENCE)
        assert process.returncode == 1
        lines = [line for line in said.splitlines() if "issued" not in line]
        assert len(lines) == 1
        assert f"port {port} ({key} in " in lines[0]
    assert not list(deployment.build.glob("recordings*"))


def test_without_its_configuration_nothing_runs(tmp_path: Path) -> None:
    """A folder of before the walk-through had a file: one line, as for a node."""
    deployment = copied(tmp_path, free_ports(5))
    deployment.walkthrough.unlink()
    with up(deployment, subprocess.PIPE) as process:
        _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    lines = [line for line in said.splitlines() if "issued" not in line]
    assert lines == [
        f"walkthrough: {deployment.walkthrough}: No such file or directory"
    ]


@pytest.mark.slow
def test_state_outlives_a_kill(tmp_path: Path) -> None:
    """A second start over the same folder needs no repair and no new certificates."""
    deployment = copied(tmp_path, free_ports(5))
    with up(deployment, subprocess.DEVNULL) as first:
        assert ready_line(first).startswith("ready")
        os.killpg(first.pid, signal.SIGKILL)
    with up(deployment, subprocess.PIPE) as second:
        assert ready_line(second).startswith("ready")
        second.terminate()
        _, said = second.communicate(timeout=PATIENCE)
    assert second.returncode == 0
    assert "issued" not in said


@pytest.mark.slow
def test_a_person_is_told_where_everything_is(tmp_path: Path) -> None:
    """On a terminal, after the ready line; then the log, a line a request."""
    deployment = copied(tmp_path, free_ports(5))
    here, there = pty.openpty()
    with up(deployment, there) as process:
        os.close(there)
        assert ready_line(process).startswith("ready")
        told = ""
        while "What follows is the log" not in told:
            assert select.select([here], [], [], PATIENCE)[0], told
            told += os.read(here, 4096).decode()
        process.terminate()
        assert process.wait(PATIENCE) == 0
    os.close(here)
    running = as_told(deployment)
    assert told.index(running.walkthrough) < told.index(running.client)
    assert "server-roots.pem" in told
    assert "--as other-tpp" in told
