"""How much of a core was not ours."""

import pytest

from scripts.bench.noise import Noise, share_lost


def test_a_quiet_core() -> None:
    """All pieces alike, and all of the time ours."""
    assert share_lost([(2.0, 2.0)] * 9) == 0


def test_another_process() -> None:
    """It shows as time that passed and was not ours."""
    assert share_lost([(2.0, 2.0)] * 5 + [(4.0, 2.0)] * 5) == pytest.approx(1 / 3)


def test_a_host_that_takes_the_core_away() -> None:
    """It shows as work that took longer, with no other process to be seen."""
    assert share_lost([(1.0, 1.0), (2.0, 2.0), (2.0, 2.0)]) == 0.5


def test_when_it_is_said() -> None:
    """One busy core is enough."""
    assert not Noise({0: 0.01, 1: 0.1}, 0.2).is_busy
    assert Noise({0: 0.01, 1: 0.3}, 0.2).is_busy
