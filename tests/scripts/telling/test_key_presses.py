"""A lecturer's Enter key, in a recording."""

import subprocess
import sys

from scripts.deployment.configuration import ROOT
from tests.deployment.running import PATIENCE

_WAIT_TWICE = """
from twisted.internet import task
from twisted.internet.defer import Deferred
from scripts.telling.key_presses import KeyPresses

async def wait(reactor):
    keys = KeyPresses(reactor)
    await keys.next()
    await keys.next()

task.react(lambda reactor: Deferred.fromCoroutine(wait(reactor)))
"""


def test_the_prompt_ends_its_line_where_no_key_is_seen() -> None:
    """What is told next begins a line, after a key and after the end of the input."""
    done = subprocess.run(
        [sys.executable, "-c", _WAIT_TWICE],
        cwd=ROOT,
        input="\n",
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    assert done.stdout == ""
    assert done.stderr in {"      [Enter] \n" * 2, "      [Enter] \n"}
    assert "\x1b" not in done.stderr
