"""
What guesses at a password or at a code are counted for, and how fast they may come.
"""

from dataclasses import dataclass

from as_node.login.known_browsers import KnownBrowser
from as_node.login.rate_limit import Account, Rate
from as_node.login.turns import Asker
from as_node.protocol.client_network import client_network

KNOWN_BROWSER = Rate(at_once=5, interval=30)
HERS = Rate(at_once=5, interval=30)
EVERYWHERE = Rate(at_once=30, interval=10)
ADDRESS = Rate(at_once=30, interval=3)
CODES = Rate(at_once=5, interval=30)

LONGEST_NAME = 200  # characters of a name that are told apart


@dataclass(frozen=True, slots=True)
class PasswordAttempt:
    """Whose turn it is to have a password looked at, and what it is counted for."""

    asker: Asker
    accounts: tuple[Account, ...]


def password_attempt(
    username: str, client_address: str, browser: KnownBrowser | None
) -> PasswordAttempt:
    """
    An attempt counts for the customer at this address, for her everywhere, and for
    the address.

    The first is strict, and whoever guesses from another address does not use it up
    for her. The second slows down many addresses that guess together: 8 640 guesses
    a day. *client_address* is one of `pki.http.messages.Connection`.

    From a *browser* at which she signed in before it counts for that and for nothing
    else: however many guess elsewhere, she does not wait for them. Whoever takes the
    browser from her has 2 880 guesses a day.
    """
    name = username.strip().lower()[:LONGEST_NAME]
    if browser is not None and browser.knows(name):
        account = Account(("password", name, "browser", browser.name), KNOWN_BROWSER)
        return PasswordAttempt(Asker(browser.name, known=True), (account,))
    address = client_network(client_address)
    accounts = (
        Account(("password", name, address), HERS),
        Account(("password", name), EVERYWHERE),
        Account(("address", address), ADDRESS),
    )
    return PasswordAttempt(Asker(address, known=False), accounts)


def code_attempt(sub: str, browser: KnownBrowser | None) -> tuple[Account, ...]:
    """
    An attempt at the second factor counts for the customer, wherever it comes from;
    but apart from a *browser* at which she gave both factors before.

    One where she gave her password alone is no other than those of whoever has that.

    RFC 6238 section 5.1 leaves six digits, and RFC 4226 section 7.3 asks for this:
    three codes in a million are good at any moment, so with 2 880 guesses a day it
    takes somebody who has her password months to find one.
    """
    if browser is not None and browser.knows_well(sub):
        return (Account(("code", sub, "browser", browser.name), KNOWN_BROWSER),)
    return (Account(("code", sub), CODES),)
