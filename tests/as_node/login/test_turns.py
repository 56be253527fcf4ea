"""Whose turn it is to have a password hashed."""

from collections.abc import Callable, Iterator

import pytest
from twisted.internet.defer import Deferred

from as_node.login.turns import (
    AT_ONCE,
    KNOWN_BROWSERS,
    OF_ONE_ADDRESS,
    OF_ONE_BROWSER,
    STRANGERS,
    Asker,
    TooBusy,
    Turns,
)


class Crowd:
    """Those who want a turn; who has one keeps it until a test takes it."""

    def __init__(self) -> None:
        self.turns = Turns()
        self.had: list[str] = []
        self.sent_away: list[str] = []
        self.told: set[str] = set()
        self._holding: list[Deferred[None]] = []

    def comes(self, name: str, *, known: bool = False) -> Deferred[None]:
        """Somebody from there."""

        async def has_a_turn() -> None:
            try:
                await self.turns.wait(Asker(name, known))
            except TooBusy as error:
                self.sent_away.append(name)
                self.told.add(str(error))
                return
            with self.turns.ending():
                self.had.append(name)
                holding: Deferred[None] = Deferred()
                self._holding.append(holding)
                await holding

        return Deferred.fromCoroutine(has_a_turn())

    def next(self) -> None:
        """The oldest turn is over."""
        self._holding.pop(0).callback(None)

    def all(self) -> None:
        """Until nobody has a turn."""
        while self._holding:
            self.next()


@pytest.fixture
def crowd() -> Iterator[Crowd]:
    """Everybody who can has a turn."""
    crowd = Crowd()
    for _ in range(AT_ONCE):
        crowd.comes("busy")
    yield crowd
    crowd.all()


@pytest.mark.bound("turns.at-once")
def test_first_come_first_served(crowd: Crowd) -> None:
    """As many as may have a turn at once, then the others as they came."""
    for name in "abc":
        crowd.comes(name)
    assert crowd.had == ["busy"] * AT_ONCE
    crowd.next()
    assert crowd.had[AT_ONCE:] == ["a"]
    crowd.all()
    assert crowd.had[AT_ONCE:] == ["a", "b", "c"]
    assert crowd.sent_away == []


def test_a_turn_is_free_again(crowd: Crowd) -> None:
    """When all is quiet there are as many turns as in the beginning."""
    crowd.all()
    for _ in range(AT_ONCE):
        crowd.comes("later")
    assert crowd.had[-AT_ONCE:] == ["later"] * AT_ONCE
    crowd.comes("one more")
    assert "one more" not in crowd.had


def test_a_turn_that_fails_is_over(crowd: Crowd) -> None:
    """A failure of ours keeps nobody else from a turn."""
    crowd.comes("a")
    with pytest.raises(RuntimeError), crowd.turns.ending():
        raise RuntimeError
    assert crowd.had[AT_ONCE:] == ["a"]


def test_the_queue_of_strangers_is_bounded(crowd: Crowd) -> None:
    """However many come, so many wait, and the rest is sent away at once."""
    for number in range(1200):
        crowd.comes(f"address {number}")
    assert len(crowd.sent_away) == 1200 - STRANGERS
    crowd.all()
    assert len(crowd.had) == AT_ONCE + STRANGERS


def test_one_address_does_not_fill_it(crowd: Crowd) -> None:
    """One address has a few places, whatever it sends."""
    for _ in range(1200):
        crowd.comes("flood")
    assert len(crowd.sent_away) == 1200 - OF_ONE_ADDRESS
    crowd.comes("somebody")
    crowd.all()
    assert "somebody" in crowd.had


def test_a_few_addresses_do_not_fill_it(crowd: Crowd) -> None:
    """A newcomer takes a place from whoever has several, and keeps it."""
    for number in range(STRANGERS):
        crowd.comes(f"flood {number % 20}")
    assert crowd.sent_away == []
    crowd.comes("somebody")
    assert len(crowd.sent_away) == 1
    for number in range(STRANGERS):
        crowd.comes(f"flood {number % 20}")
    crowd.all()
    assert "somebody" in crowd.had
    assert "somebody" not in crowd.sent_away


def test_known_browsers_go_first(crowd: Crowd) -> None:
    """A full queue of strangers keeps no known browser waiting."""
    for number in range(1200):
        crowd.comes(f"address {number}")
    crowd.comes("hers", known=True)
    crowd.next()
    assert crowd.had[AT_ONCE:] == ["hers"]


@pytest.mark.bound("turns.known-browsers")
@pytest.mark.parametrize(
    ("name", "most"),
    [("hers".format, OF_ONE_BROWSER), ("browser {}".format, KNOWN_BROWSERS)],
)
def test_known_browsers_are_bounded(
    crowd: Crowd, name: Callable[[int], str], most: int
) -> None:
    """Nor do they wait without a bound, one of them or all."""
    for number in range(1200):
        crowd.comes(name(number), known=True)
    assert len(crowd.sent_away) == 1200 - most
    assert all(f", expected at most {most}" in told for told in crowd.told)


def test_who_does_not_wait_any_more_gives_up_the_place(crowd: Crowd) -> None:
    """A place is free again when nobody waits in it."""
    waiting = [crowd.comes("flood") for _ in range(OF_ONE_ADDRESS)]
    waiting[0].addErrback(lambda _: None)
    waiting[0].cancel()
    crowd.comes("flood")
    assert crowd.sent_away == []
    crowd.all()
    assert crowd.had[AT_ONCE:] == ["flood"] * OF_ONE_ADDRESS
