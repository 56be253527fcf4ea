"""
What guesses at a password or at a code are counted for, and how fast they may come.
"""

from as_node.login.rate_limit import Account, Rate
from as_node.protocol.client_network import client_network

_HERS = Rate(at_once=5, interval=30)
_EVERYWHERE = Rate(at_once=30, interval=10)
_ADDRESS = Rate(at_once=30, interval=3)
_CODES = Rate(at_once=5, interval=30)

_LONGEST = 200  # characters of a name that are told apart


def password_attempt(username: str, client_address: str) -> tuple[Account, ...]:
    """
    An attempt counts for the customer at this address, for her everywhere, and for
    the address.

    The first is strict, and whoever guesses from another address does not use it up
    for her. The second slows down many addresses that guess together: 8 640 guesses
    a day. *client_address* is one of `pki.http.messages.Connection`.
    """
    name = username.strip().lower()[:_LONGEST]
    address = client_network(client_address)
    return (
        Account(("password", name, address), _HERS),
        Account(("password", name), _EVERYWHERE),
        Account(("address", address), _ADDRESS),
    )


def code_attempt(sub: str) -> tuple[Account, ...]:
    """
    An attempt at the second factor counts for the customer, wherever it comes from.

    RFC 6238 section 5.1 leaves six digits, and RFC 4226 section 7.3 asks for this:
    three codes in a million are good at any moment, so with 2 880 guesses a day it
    takes somebody who has her password months to find one.
    """
    return (Account(("code", sub), _CODES),)
