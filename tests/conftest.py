"""What the whole suite has in common: it says at its end what it has cost."""

import os

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """
    The processor time of this run, in seconds.

    That of the workers and of all processes that the tests have started is in it, as
    far as somebody has waited for their end; the workers have ended by now.
    """
    spent = os.times()
    ours = spent.user + spent.system
    theirs = spent.children_user + spent.children_system
    terminalreporter.write_line(f"processor time: {ours + theirs:.0f} s")
