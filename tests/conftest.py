"""What the whole suite has in common: patience, and an account of what it has cost."""

import os

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says how busy the machine is, and nothing of our code. A
# test that suppresses another check says this one again: its list is in place of it.
settings.register_profile(
    "patient", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("patient")


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
