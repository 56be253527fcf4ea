"""A clock that is set, forward or back, and what may be forgotten by it."""

from dataclasses import dataclass

import pytest

from pki.node.believed_clock import BELIEVED_AFTER, BelievedClock

NOW = 1_800_000_000.0


@dataclass
class Machine:
    """Its time of day, and how long it has been on."""

    clock: float = NOW
    uptime: float = 50.0

    def __post_init__(self) -> None:
        self.believed = BelievedClock(lambda: self.clock, lambda: self.uptime)

    def passes(self, seconds: float) -> None:
        self.clock += seconds
        self.uptime += seconds


@pytest.fixture
def machine() -> Machine:
    machine = Machine()
    machine.passes(BELIEVED_AFTER)
    assert machine.believed() == machine.clock
    return machine


def test_no_time_is_believed_at_the_start() -> None:
    """Whether the clock was right when the process began, nobody knows yet."""
    machine = Machine()
    assert machine.believed() == float("-inf")
    machine.passes(BELIEVED_AFTER - 1)
    assert machine.believed() == float("-inf")
    machine.passes(1)
    assert machine.believed() == machine.clock


@pytest.mark.parametrize("ahead", [60, 1e9])
def test_set_forward(machine: Machine, ahead: float) -> None:
    """The time from before goes on, until the new one has stood for long enough."""
    right = machine.clock
    machine.clock += ahead
    assert machine.believed() == right
    machine.passes(BELIEVED_AFTER - 1)
    assert machine.believed() == right + BELIEVED_AFTER - 1
    machine.passes(1)
    assert machine.believed() == machine.clock


@pytest.mark.bound("clock.believed")
def test_set_forward_and_back(machine: Machine) -> None:
    """What it said meanwhile was never believed."""
    for _ in range(3):
        machine.clock += 3600
        machine.passes(BELIEVED_AFTER - 1)
        assert machine.believed() <= machine.clock - 3600
        machine.clock -= 3600
        assert machine.believed() <= machine.clock


def test_set_back(machine: Machine) -> None:
    """An earlier time is believed at once: by it less is forgotten."""
    machine.clock -= 3600
    assert machine.believed() == machine.clock


def test_a_clock_that_is_slewed(machine: Machine) -> None:
    """Small steps are no jump; in the end they count as one that is believed."""
    for _ in range(1000):
        machine.passes(10)
        machine.clock += 0.01
        assert machine.clock - BELIEVED_AFTER < machine.believed() <= machine.clock + 1
