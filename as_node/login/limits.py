"""How many may sign in at once, and how fast somebody may guess."""

from as_node.login.attempts import (
    ADDRESS,
    CODES,
    EVERYWHERE,
    HERS,
    KNOWN_BROWSER,
    LONGEST_NAME,
)
from as_node.login.known_browsers import LIFETIME, MOST_CUSTOMERS, NEW_BROWSERS
from as_node.login.rate_limit import LARGEST, Rate
from as_node.login.turns import (
    AT_ONCE,
    KNOWN_BROWSERS,
    OF_ONE_ADDRESS,
    OF_ONE_BROWSER,
    STRANGERS,
)
from pki.bound import Bound


def _guesses(name: str, what: str, rate: Rate, why: str) -> Bound:
    """So many failures, and then one more in a while."""
    return Bound(
        name=name,
        what=what,
        most=rate.at_once,
        unit=f"at once, then one in {rate.interval:g} seconds",
        beyond="429 with `Retry-After`; the right one has to wait as well",
        why=why,
    )


BOUNDS = (
    Bound(
        name="turns.at-once",
        what="passwords hashed at the same time",
        most=AT_ONCE,
        unit="",
        beyond="waits for its turn",
        why="each takes 19 MiB and 30 ms",
    ),
    Bound(
        name="turns.strangers",
        what="sign-ins from unknown browsers that wait for their turn",
        most=STRANGERS,
        unit="",
        beyond="503 with `Retry-After`: to the newcomer, or to the last of whoever has"
        " several places",
        why="two seconds on one core",
    ),
    Bound(
        name="turns.of-one-address",
        what="those of one address or IPv6 /64",
        most=OF_ONE_ADDRESS,
        unit="",
        beyond="503 with `Retry-After`",
        why="a household, or a small office",
    ),
    Bound(
        name="turns.known-browsers",
        what="sign-ins from known browsers that wait, and go first",
        most=KNOWN_BROWSERS,
        unit="",
        beyond="503 with `Retry-After`, as above",
        why="two seconds more for strangers",
    ),
    Bound(
        name="turns.of-one-browser",
        what="those of one known browser",
        most=OF_ONE_BROWSER,
        unit="",
        beyond="503 with `Retry-After`",
        why="a form that was sent twice",
    ),
    _guesses(
        "guesses.at-one-address",
        "wrong passwords of one customer from one address or IPv6 /64",
        HERS,
        "whoever guesses from elsewhere does not use hers up",
    ),
    _guesses(
        "guesses.everywhere",
        "those of one customer from everywhere",
        EVERYWHERE,
        "8 640 a day, whatever attackers do together",
    ),
    _guesses(
        "guesses.of-one-address",
        "those of one address, whoever is guessed at",
        ADDRESS,
        "many people stand behind one address",
    ),
    _guesses(
        "guesses.at-a-known-browser",
        "those of a customer at a browser that is known for hers, and her wrong codes",
        KNOWN_BROWSER,
        "2 880 a day for whoever takes it from her",
    ),
    _guesses(
        "guesses.codes",
        "wrong codes of one customer, at all other browsers",
        CODES,
        "three in a million are right: months, with her password",
    ),
    Bound(
        name="guesses.name",
        what="of a customer's name, where guesses are counted",
        most=LONGEST_NAME,
        unit="characters",
        beyond="counted for its beginning",
        why="an account of failures is kept in memory",
    ),
    Bound(
        name="guesses.accounts",
        what="accounts of failures",
        most=LARGEST,
        unit="",
        beyond="a tenth forgotten, of those that would drain first",
        why="in memory, of 300 bytes each; who wants his forgotten has to fill as many",
    ),
    Bound(
        name="known-browsers.new",
        what="browsers that become known for one customer",
        most=NEW_BROWSERS.at_once,
        unit=f"at once, then one in {NEW_BROWSERS.interval:g} seconds",
        beyond="signed in, and the browser not remembered",
        why="each is a row for its lifetime, and an account to guess with",
    ),
    Bound(
        name="known-browsers.customers",
        what="customers of one known browser",
        most=MOST_CUSTOMERS,
        unit="",
        beyond="who signed in longest ago is forgotten there",
        why="a household",
    ),
    Bound(
        name="known-browsers.lifetime",
        what="time from a sign-in until its browser is a stranger again",
        most=LIFETIME,
        unit="seconds",
        beyond="forgotten",
        why="as long as UK Open Banking lets an application go on without her",
    ),
)
