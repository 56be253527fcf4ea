"""When an ordinary client is starved, from figures."""

import math

import pytest

from scripts.soak.figures import KEPT, LEAST, NEW, SIGN_IN, Figures, percentile
from scripts.soak.verdict import (
    GROWTH_BY_CONNECTION,
    GROWTH_OF_ITS_OWN,
    bound,
    not_recovered,
    starved,
    too_large,
)


def figures(
    kept: float = 2.0, new: float = 10.0, sign_in: float = 80.0, *failures: str
) -> Figures:
    """An ordinary client that met these medians."""
    seconds = {KEPT: [kept] * 3, NEW: [new] * 3, SIGN_IN: [sign_in] * 3}
    return Figures(seconds, list(failures))


YARDSTICK = figures()


def test_a_median_of_a_few_is_none() -> None:
    """One moment of the machine is no verdict; a request that failed is one."""
    seconds = {KEPT: [1.0] * 2 * LEAST, NEW: [1.0] * 2 * LEAST, SIGN_IN: [1.0] * LEAST}
    assert Figures(seconds).suffice
    fewer = {**seconds, SIGN_IN: [1.0] * (LEAST - 1)}
    assert not Figures(fewer).suffice
    assert Figures(fewer, ["POST /sign-in: 503"]).suffice


def test_a_fair_share_is_one_newcomer_for_each_of_the_others() -> None:
    """Own work and theirs, on half a core, as multiples of the own."""
    assert bound(YARDSTICK, NEW, 4) == 2 * (1 + 4)
    assert bound(YARDSTICK, KEPT, 4) == 2 * (2 + 4 * 10) / 2
    assert bound(YARDSTICK, SIGN_IN, 4) == 2 * (80 + 4 * 10) / 80
    assert bound(YARDSTICK, KEPT, 0) == 2


def test_up_to_its_fair_share_nobody_is_starved() -> None:
    """The bound itself is fair."""
    assert starved(YARDSTICK, YARDSTICK, 0) == []
    assert starved(YARDSTICK, figures(84, 100, 240), 4) == []


@pytest.mark.parametrize(
    ("beside", "kind"),
    [
        (figures(kept=84.1), KEPT),
        (figures(new=100.1), NEW),
        (figures(sign_in=240.1), SIGN_IN),
    ],
)
def test_each_kind_of_request_has_its_share(beside: Figures, kind: str) -> None:
    """That two of three are well does not help who waits for the third."""
    (reason,) = starved(YARDSTICK, beside, 4)
    assert reason.startswith(f"{kind}: ")


def test_the_ratio_counts_and_not_the_time() -> None:
    """A machine a thousand times slower judges the same."""
    slow = figures(2_000, 10_000, 80_000)
    assert starved(slow, slow, 0) == []
    assert starved(slow, figures(84_100, 10_000, 80_000), 4) != []


def test_one_failed_request_is_starved() -> None:
    """However fast the others were."""
    (reason,) = starved(YARDSTICK, figures(2, 10, 80, "POST /token: 503"), 100)
    assert reason == "1 of 10 requests failed, the first: POST /token: 503"


def test_nothing_that_succeeded_is_starved() -> None:
    """No figure at all is no good figure."""
    nothing = Figures()
    assert nothing.median(KEPT) == math.inf
    assert len(starved(YARDSTICK, nothing, 1_000)) == 3


def test_recovery() -> None:
    """Afterwards it is as before, with no allowance for a flood that is over."""
    assert not_recovered(YARDSTICK, figures(4, 20, 160)) == []
    (slower,) = not_recovered(YARDSTICK, figures(kept=4.1))
    assert slower.startswith("afterwards: kept: ")
    (failed,) = not_recovered(YARDSTICK, figures(2, 10, 80, "GET /accounts: 503"))
    assert failed.startswith("afterwards: 1 of 10 requests failed")


def test_memory_is_bounded_by_connection() -> None:
    """What a node keeps beyond that, for whatever it is asked, is told by its name."""
    most = GROWTH_OF_ITS_OWN + 6 * GROWTH_BY_CONNECTION
    assert too_large({"as": most, "rs": -5, "client": 0}, 6) == []
    (reason,) = too_large({"as": most, "rs": most + 1}, 6)
    assert reason.startswith("memory of rs: ")
    assert too_large({}, 6) == []


@pytest.mark.parametrize(
    ("count", "expected"), [(0, math.inf), (1, 1), (99, 99), (100, 99), (200, 198)]
)
def test_percentile(count: int, expected: float) -> None:
    """The nearest rank, whatever the order."""
    assert percentile(range(count, 0, -1), 99) == expected
