"""Ratios are of one round, and the median is theirs."""

import pytest

from scripts.bench import ratios
from tests.scripts.bench.samples import sample


def test_a_ratio_is_of_one_round() -> None:
    """
    A machine that slows down for all does not change it.

    The medians of the two are 200 and 300, which would be another ratio.
    """
    rounds = [
        {"ours": sample(rate=400), "theirs": sample(rate=100)},
        {"ours": sample(rate=200), "theirs": sample(rate=400)},
        {"ours": sample(rate=150), "theirs": sample(rate=300)},
    ]
    found = ratios.ratio(rounds, "ours", "theirs", lambda each: each.rate)
    assert found == ratios.Median(0.5, 0.5, 4.0)
    assert ratios.of(rounds, "ours", lambda each: each.rate).middle == 200


def test_rounds_without_a_pair_do_not_count() -> None:
    """Whoever was missing in a round was not compared in it."""
    rounds = [
        {"ours": sample(rate=400)},
        {"ours": sample(rate=200), "theirs": sample(rate=100)},
        {"ours": sample(rate=200), "theirs": sample(rate=0)},
    ]
    found = ratios.ratio(rounds, "ours", "theirs", lambda each: each.rate)
    assert found == ratios.Median(2.0, 2.0, 2.0)
    assert ratios.ratio(rounds[:1], "ours", "theirs", lambda each: each.rate) is None


def test_rounds_that_differ_are_doubted() -> None:
    """By more than a quarter of the median, from the least to the most."""
    assert not ratios.median([0.9, 1.0, 1.1]).is_doubtful
    assert ratios.median([0.8, 1.0, 1.1]).is_doubtful
    with pytest.raises(ValueError, match="no round"):
        ratios.median([])
