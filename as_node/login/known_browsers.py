"""
Browsers at which a customer has signed in before.

Whoever guesses at her password from enough addresses uses up what strangers may try
with her name. She has a browser that is no stranger: it holds a random identifier
that it was given when she proved who she is, and its attempts are counted apart
(`as_node.login.attempts`). What is kept is the identifier's hash, and for whom it is
good: one customer's browser is a stranger to every other customer.

It is a reason to count differently, and never a reason to believe somebody.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from as_node.browser.cookies import identifier_in_cookie
from as_node.login.rate_limit import Account, Rate, Throttle, TooManyAttempts
from as_node.store.authorizations import Session, SessionStore
from as_node.tokens.random_values import new_opaque_value, sha256_of
from pki.http.messages import Fields, Request

COOKIE = "__Host-bank-browser"

LIFETIME = 90 * 86_400
"""
Seconds from a sign-in until its browser is a stranger again: as long as UK Open Banking
lets an application go on before its customer has to be seen again.
"""

MOST_CUSTOMERS = 4
"""Customers of one browser, a household's; who signed in longest ago is forgotten."""

NEW_BROWSERS = Rate(at_once=20, interval=3600)
"""
Browsers that become one customer's. Each is a row that stays for `LIFETIME`, and an
account to guess with for whoever takes it from her: 20, and then 24 a day.
"""

# Not Lax: nothing that comes from elsewhere is an attempt to sign in.
_ATTRIBUTES = f"Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age={LIFETIME}"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownBrowser:
    """
    A browser with an identifier of ours.

    *name* stays the same when the identifier changes. *customers* are those who
    signed in there, by their `sub`, with whether a second factor was part of it; who
    did so last is last.
    """

    identifier: str = field(repr=False)
    name: str
    customers: Mapping[str, bool]

    def knows(self, sub: str) -> bool:
        """Whether this customer gave her password there."""
        return sub in self.customers

    def knows_well(self, sub: str) -> bool:
        """Whether she gave her password and a second factor there."""
        return self.customers.get(sub, False)


class KnownBrowsers:
    """
    The known browsers in *store*; *clock* gives seconds since the epoch.

    *throttle* bounds how many there can be.
    """

    def __init__(
        self, store: SessionStore, throttle: Throttle, clock: Callable[[], float]
    ) -> None:
        self._store = store
        self._throttle = throttle
        self._clock = clock

    async def find(self, request: Request) -> KnownBrowser | None:
        """The browser that sent *request*, if it is a known one; by its cookie."""
        identifier = identifier_in_cookie(request, COOKIE)
        if identifier is None:
            return None
        kept = await self._store.find_session(_kept_as(identifier))
        if kept is None or self._clock() >= kept.exp:
            return None
        state = json.loads(kept.state)
        return KnownBrowser(
            identifier=identifier, name=state["name"], customers=state["customers"]
        )

    async def remember(
        self, browser: KnownBrowser | None, sub: str, *, second_factor: bool
    ) -> Fields:
        """
        The customer has proved who she is at *browser*: the cookie for it.

        Always under a new identifier, so that nobody has one of hers that he planted
        or copied before. No cookie where too many browsers have become hers of late.
        """
        known = {} if browser is None else dict(browser.customers)
        if sub not in known and not self._may_be_new(sub):
            return ()
        known[sub] = known.pop(sub, False) or second_factor
        identifier = new_opaque_value()
        state = {
            "name": new_opaque_value() if browser is None else browser.name,
            "customers": dict(list(known.items())[-MOST_CUSTOMERS:]),
        }
        exp = int(self._clock()) + LIFETIME
        await self._store.keep_session(
            Session(sha256=_kept_as(identifier), state=json.dumps(state), exp=exp)
        )
        if browser is not None:
            await self._store.end_session(_kept_as(browser.identifier))
        return (("Set-Cookie", f"{COOKIE}={identifier}; {_ATTRIBUTES}"),)

    def _may_be_new(self, sub: str) -> bool:
        try:
            self._throttle.admit((Account(("new browser", sub), NEW_BROWSERS),))
        except TooManyAttempts:
            return False
        return True


def _kept_as(identifier: str) -> bytes:
    """Not as a session is, or this cookie would be one for whoever sends it as such."""
    return sha256_of(f"browser {identifier}")
