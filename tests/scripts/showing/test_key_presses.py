"""A lecturer's keys."""

import os
import pty
import select
import subprocess
import sys
import termios

import pytest

from scripts.deployment.configuration import ROOT
from scripts.showing.key_presses import Key, key_of
from tests.deployment.running import PATIENCE

_WAIT_TWICE = """
from twisted.internet import task
from twisted.internet.defer import Deferred
from scripts.showing.key_presses import KeyPresses

async def wait(reactor):
    keys = KeyPresses(reactor)
    for _ in range(2):
        print(await keys.next("[Enter] "))

task.react(lambda reactor: Deferred.fromCoroutine(wait(reactor)))
"""


def test_the_prompt_ends_its_line_where_no_key_is_seen() -> None:
    """What is told next begins a line, after a key and after the end of the input."""
    done = subprocess.run(
        [sys.executable, "-c", _WAIT_TWICE],
        cwd=ROOT,
        input="b\n",
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    assert done.stdout == "back\nnext\n"
    assert done.stderr in {"[Enter] \n" * 2, "[Enter] \n"}
    assert "\x1b" not in done.stderr


def test_a_terminal_gives_each_key_and_is_left_as_it_was() -> None:
    """Without Enter and without echo, whatever was on the line; Ctrl-C in the end."""
    here, there = pty.openpty()
    before = termios.tcgetattr(there)
    process = subprocess.Popen(
        [sys.executable, "-c", _WAIT_TWICE],
        cwd=ROOT,
        stdin=there,
        stdout=there,
        stderr=there,
        start_new_session=True,
    )
    try:
        _press_and_end(process, here, there)
        assert termios.tcgetattr(there) == before
    finally:
        process.kill()
        process.wait(PATIENCE)
        os.close(here)
        os.close(there)


def _press_and_end(process: subprocess.Popen[bytes], here: int, there: int) -> None:
    """Go back once, and end it while it waits for another key."""
    seen = _until(here, b"[Enter] ")
    assert not termios.tcgetattr(there)[3] & (termios.ICANON | termios.ECHO)
    assert os.get_blocking(there)
    os.write(here, b"b")
    seen += _until(here, b"[Enter] ")
    assert seen == b"[Enter] \r\x1b[Kback\r\n[Enter] "
    process.terminate()
    process.wait(PATIENCE)


def _until(descriptor: int, end: bytes) -> bytes:
    """What is written up to and with *end*."""
    seen = b""
    while not seen.endswith(end):
        assert select.select([descriptor], [], [], PATIENCE)[0], seen
        seen += os.read(descriptor, 1024)
    return seen


@pytest.mark.parametrize(
    ("pressed", "key"),
    [
        (b"\n", "next"),
        (b"\r", "next"),
        (b" ", "next"),
        (b"\n\n\n", "next"),
        (b"\x1b[C", "next"),
        (b"\x1b[6~", "next"),
        (b"b", "back"),
        (b"B\n", "back"),
        (b"bbb", "back"),
        (b"\x1b[D", "back"),
        (b"\x1b[5~", "back"),
        (b"s\n", "skip"),
        (b"q", "quit"),
        (b"x", None),
        (b"\x1b", None),
        (b"\x1b[A", None),
    ],
)
def test_which_key_does_what(pressed: bytes, key: Key | None) -> None:
    """Also a line's end after it, its repetition, and a remote control's pages."""
    assert key_of(pressed) == key
