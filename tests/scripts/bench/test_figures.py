"""The figures of one round."""

import math

import pytest

from scripts.bench.figures import percentile
from tests.scripts.bench.samples import sample


@pytest.mark.parametrize(
    ("percent", "expected"),
    [(0, 1), (1, 1), (50, 50), (99, 99), (99.5, 100), (100, 100)],
)
def test_percentile_by_nearest_rank(percent: float, expected: int) -> None:
    """The least that so many do not exceed, whatever the order."""
    assert percentile(list(range(100, 0, -1)), percent) == expected


def test_a_percentile_of_few() -> None:
    """The largest of a few, and no number at all of none."""
    assert percentile([3.0, 1.0], 99) == 3.0
    assert percentile([], 50) == math.inf


def test_who_is_measured() -> None:
    """With its core all but used up, it is the generator."""
    assert not sample(load=0.5).is_bound_by_the_load
    assert sample(load=0.95).is_bound_by_the_load
