"""Guessing is slowed down, and nobody is locked out."""

import pytest

from as_node.login.attempts import code_attempt, password_attempt
from as_node.login.known_browsers import KnownBrowser
from as_node.login.rate_limit import LARGEST, Account, Rate, Throttle, TooManyAttempts

HERS = Account(("hers",), Rate(at_once=3, interval=10))
HIS = Account(("his",), Rate(at_once=3, interval=10))


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


def password(
    name: str, address: str, browser: KnownBrowser | None = None
) -> tuple[Account, ...]:
    """What an attempt is counted for."""
    return password_attempt(name, address, browser).accounts


def waits(throttle: Throttle, *accounts: Account) -> int:
    """How many seconds an attempt has to wait; 0 if it was let through."""
    try:
        throttle.admit(accounts)
    except TooManyAttempts as error:
        return error.seconds
    return 0


def test_a_few_at_once(clock: Clock) -> None:
    """As many attempts as the rate says are let through at once, and no more."""
    throttle = Throttle(clock)
    assert [waits(throttle, HERS) for _ in range(4)] == [0, 0, 0, 10]


def test_then_one_for_each_interval(clock: Clock) -> None:
    """After the wait that was named one attempt is let through, and then none."""
    throttle = Throttle(clock)
    for _ in range(3):
        throttle.admit((HERS,))
    clock.now += 9.5
    assert waits(throttle, HERS) == 1
    clock.now += 0.5
    assert [waits(throttle, HERS) for _ in range(2)] == [0, 10]


def test_nobody_is_locked_out(clock: Clock) -> None:
    """However often somebody tries while he has to wait, the wait grows no longer."""
    throttle = Throttle(clock)
    for _ in range(3):
        throttle.admit((HERS,))
    assert {waits(throttle, HERS) for _ in range(1000)} == {10}


def test_failures_are_forgotten_with_time(clock: Clock) -> None:
    """After a quiet while there are as many attempts at once as in the beginning."""
    throttle = Throttle(clock)
    for _ in range(3):
        throttle.admit((HERS,))
    clock.now += 3600
    assert [waits(throttle, HERS) for _ in range(4)] == [0, 0, 0, 10]


def test_success_is_no_failure(clock: Clock) -> None:
    """Who succeeds can do so as often as he likes."""
    throttle = Throttle(clock)
    for _ in range(100):
        throttle.admit((HERS,))
        throttle.take_back((HERS,))
    assert waits(throttle, HERS) == 0


def test_success_does_not_forgive_failures(clock: Clock) -> None:
    """One success among failures takes back itself and nothing else."""
    throttle = Throttle(clock)
    for _ in range(2):
        throttle.admit((HERS,))
    throttle.admit((HERS,))
    throttle.take_back((HERS,))
    assert [waits(throttle, HERS) for _ in range(2)] == [0, 10]


def test_attempts_count_before_they_fail(clock: Clock) -> None:
    """A hundred attempts at the same moment are not let through because none failed."""
    throttle = Throttle(clock)
    let_through = [waits(throttle, HERS) == 0 for _ in range(100)]
    assert sum(let_through) == 3


def test_each_has_an_account(clock: Clock) -> None:
    """One customer's failures are not another's."""
    throttle = Throttle(clock)
    for _ in range(3):
        throttle.admit((HERS,))
    assert waits(throttle, HIS) == 0


def test_the_longest_wait_counts(clock: Clock) -> None:
    """An attempt that has several accounts waits for all; none is charged meanwhile."""
    throttle = Throttle(clock)
    for _ in range(3):
        throttle.admit((HERS,))
    for _ in range(10):
        assert waits(throttle, HIS, HERS) == 10
    assert [waits(throttle, HIS) for _ in range(4)] == [0, 0, 0, 10]


@pytest.mark.bound("guesses.accounts")
def test_memory_is_bounded(clock: Clock) -> None:
    """However many names are tried, so many are remembered."""
    throttle = Throttle(clock)
    for number in range(LARGEST + 5000):
        throttle.admit((Account((str(number),), HERS.rate),))
        assert len(throttle._drained) <= LARGEST


@pytest.mark.bound("guesses.accounts")
def test_nobody_has_his_guesses_forgotten(clock: Clock) -> None:
    """Whoever fills the memory with other names waits as long as before."""
    throttle = Throttle(clock, largest=10)
    for _ in range(3):
        throttle.admit((HERS,))
    for number in range(1000):
        throttle.admit((Account((str(number),), HERS.rate),))
    assert waits(throttle, HERS) == 10
    throttle.take_back((HERS,))
    assert waits(throttle, HERS) == 0


def test_who_was_sent_away_fills_no_memory(clock: Clock) -> None:
    """An attempt that nobody looked at costs its sender nothing, and leaves nothing."""
    throttle = Throttle(clock, largest=10)
    for number in range(3):
        throttle.admit((HERS,))
        others = (Account((str(number),), HERS.rate),)
        throttle.admit(others)
        throttle.take_back(others)
    assert list(throttle._drained) == [HERS.name]


def test_a_stranger_elsewhere_does_not_keep_her_out(clock: Clock) -> None:
    """Guesses from one address make the customer wait only there."""
    throttle = Throttle(clock)
    for _ in range(10):
        waits(throttle, *password("ty.webb@example.com", "192.0.2.1:1"))
    assert waits(throttle, *password("ty.webb@example.com", "192.0.2.1:2"))
    hers = password("Ty.Webb@example.com", "198.51.100.7:1")
    assert waits(throttle, *hers) == 0


def test_many_addresses_together(clock: Clock) -> None:
    """Who guesses from ever new addresses is slowed down for this customer."""
    throttle = Throttle(clock)
    let_through = [
        waits(throttle, *password("ty.webb@example.com", f"192.0.2.{n}:1")) == 0
        for n in range(200)
    ]
    assert sum(let_through) == 30


def test_many_customers_from_one_address(clock: Clock) -> None:
    """Who tries one password with ever new names is slowed down at his address."""
    throttle = Throttle(clock)
    let_through = [
        waits(throttle, *password(f"{n}@example.com", "192.0.2.1:1")) == 0
        for n in range(200)
    ]
    assert sum(let_through) == 30


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("127.0.0.1:1", "127.0.0.1:2"),
        ("[2001:db8:0:1::1]:1", "[2001:db8:0:1:ffff::2]:2"),
        ("[fe80::1%eth0]:1", "[fe80::2%eth0]:1"),
    ],
)
def test_one_household(one: str, other: str) -> None:
    """Ports do not tell addresses apart, nor the part of IPv6 a household chooses."""
    assert password("name", one) == password("name", other)


def test_two_households() -> None:
    """Two networks are two addresses."""
    one = password("name", "[2001:db8:0:1::1]:1")
    other = password("name", "[2001:db8:0:2::1]:1")
    assert one[2] != other[2]


def test_codes_are_counted_for_the_customer() -> None:
    """RFC 4226 section 7.3: her codes are guessed at one rate, from wherever."""
    (account,) = code_attempt("ty.webb@example.com", None)
    assert account.rate == Rate(at_once=5, interval=30)


def at(*, second_factor: bool, name: str = "hers") -> KnownBrowser:
    """A browser at which Ty Webb signed in before."""
    customers = {"ty.webb@example.com": second_factor}
    return KnownBrowser(identifier="a" * 43, name=name, customers=customers)


def test_a_known_browser_does_not_wait_for_strangers(clock: Clock) -> None:
    """However many addresses guess, at her own browser she is let through."""
    throttle = Throttle(clock)
    for n in range(2000):
        waits(throttle, *password("ty.webb@example.com", f"10.0.{n % 40}.1:1"))
        waits(throttle, *password(f"{n}@example.com", "192.0.2.1:1"))
    hers = password("Ty.Webb@example.com", "192.0.2.1:1", at(second_factor=False))
    assert [waits(throttle, *hers) for _ in range(6)] == [0, 0, 0, 0, 0, 30]
    stranger = password("ty.webb@example.com", "198.51.100.7:1")
    assert waits(throttle, *stranger)


def test_a_known_browser_is_no_way_around_the_rates(clock: Clock) -> None:
    """Guesses at a stolen browser are as few, for whoever else is tried there too."""
    throttle = Throttle(clock)
    browser = at(second_factor=False)
    ty, al = "ty.webb@example.com", "al@example.com"
    let_through = [
        waits(throttle, *password(ty, f"192.0.2.{n}:1", browser)) == 0
        for n in range(200)
    ]
    assert sum(let_through) == 5
    assert password(al, "192.0.2.1:1", browser) == password(al, "192.0.2.1:1")


def test_codes_at_a_known_browser() -> None:
    """Apart where she gave both factors; a password alone makes no such browser."""
    ty = "ty.webb@example.com"
    strangers = code_attempt(ty, None)
    assert code_attempt(ty, at(second_factor=False)) == strangers
    (account,) = code_attempt(ty, at(second_factor=True))
    assert account.rate == Rate(at_once=5, interval=30)
    assert (account,) != strangers
    assert code_attempt("al@example.com", at(second_factor=True)) == code_attempt(
        "al@example.com", None
    )
