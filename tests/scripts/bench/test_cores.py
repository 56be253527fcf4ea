"""Whose processor time is counted."""

import os
import subprocess
import sys

import pytest

from scripts.bench import cores

_WORK = """
import time
while time.process_time() < 0.2:
    pass
"""
_PARENT = (
    f"import subprocess, sys; subprocess.run([sys.executable, '-c', {_WORK!r}]);"
    " print(flush=True); sys.stdin.read()"
)


def test_of_all_processes_of_a_session() -> None:
    """What a child has used counts, also when it has ended; ours does not."""
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    with parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        assert cores.processes([parent.pid]) == [parent.pid]
        assert cores.seconds_used([parent.pid]) >= 0.2
        assert cores.resident([parent.pid]) > 0
        assert os.getpid() not in cores.processes([parent.pid])
    assert cores.processes([parent.pid]) == []


def test_what_is_started_is_on_its_core() -> None:
    """And what started it is where it was."""
    before = os.sched_getaffinity(0)
    core = min(before)
    with cores.on_core(core):
        said = subprocess.run(
            [sys.executable, "-c", "import os; print(os.sched_getaffinity(0))"],
            capture_output=True,
            text=True,
            check=True,
        )
    assert said.stdout.strip() == f"{{{core}}}"
    assert os.sched_getaffinity(0) == before


def test_one_core_is_too_few() -> None:
    """Server and load would measure each other."""
    with cores.on_core(min(os.sched_getaffinity(0))), pytest.raises(cores.TooFewCores):
        cores.two_cores()
