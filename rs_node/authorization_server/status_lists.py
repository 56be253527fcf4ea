"""
Copies of the authorization server's status lists, kept here.

One copy answers for a hundred thousand tokens, so that a request need not ask. How old
it may be is how long a revocation may go unnoticed. While the server is away an older
one serves, for a while that is stated; after that nobody can tell any more, and we say
so.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import inf

from pki.http.checks import Check
from pki.http.journal import Journal
from pki.node.single_flight import SingleFlight
from rs_node.authorization_server.status_list import NoStatusList, StatusList
from rs_node.authorization_server.status_list_request import StatusListRequest

RECENT = Check(
    "status-list.recent",
    "the copy of the status list is recent enough",
    "Token Status List section 8.3",
)

MOST_LISTS = 16  # of 16 kB each, ours; at most `LARGEST_LIST` octets
RETRY_SECONDS = 1.0  # after an attempt that failed


@dataclass(slots=True)
class _Known:
    """
    What is known of one list: a copy, and how the last attempt to get one went.

    *copied* is when the server was asked for the copy, *recent_seconds* for how long
    the copy is recent.
    """

    status_list: StatusList | None = None
    copied: float = 0
    recent_seconds: float = 0
    asked: float = -inf
    failure: NoStatusList | None = None

    def age(self, now: float) -> float:
        """Of the copy, infinite if there is none that may be used."""
        age = now - self.copied
        if self.status_list is None or now >= self.status_list.exp:
            return inf
        return age if age >= 0 else inf  # the clock was set back: nobody knows

    def failure_again(self) -> NoStatusList:
        """A new exception of the last failure: each request raises its own."""
        last = self.failure or NoStatusList("there is no status list", RECENT)
        return NoStatusList(
            str(last), last.check, expected=last.expected, presented=last.presented
        )


class StatusLists:
    """
    The lists that *request* reads.

    A copy is used for *seconds*, or for the list's own `ttl` if that is less; it is
    replaced while it is in use, so hardly anybody waits. While the server is away it is
    used for *survival_seconds*. *warn* takes a line for the operator.
    """

    def __init__(
        self,
        request: StatusListRequest,
        clock: Callable[[], float],
        warn: Callable[[str], None],
        *,
        seconds: float,
        survival_seconds: float,
    ) -> None:
        self._request = request
        self._clock = clock
        self._warn = warn
        self._seconds = seconds
        self._survival_seconds = survival_seconds
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._flight: SingleFlight[None] = SingleFlight()

    async def find(self, uri: str, journal: Journal) -> StatusList:
        """
        The list at *uri*, as recent as was promised.

        Raises:
            NoStatusList: there is none that is recent enough.
        """
        known = self._of(uri)
        if known.age(self._clock()) > known.recent_seconds / 2:
            await self._renew(uri, known, journal)
        return self._usable(known, journal)

    async def _renew(self, uri: str, known: _Known, journal: Journal) -> None:
        """Have a new copy fetched, and wait only where the old one must not do."""
        age = known.age(self._clock())
        fetch = partial(self._fetch, uri, known, journal)
        serves = age <= self._survival_seconds and self._is_away(known)
        if age <= known.recent_seconds or serves:
            if self._may_ask(known):
                self._flight.begin(uri, fetch)
        elif self._may_ask(known) or self._flight.is_under_way(uri):
            await self._flight.join(uri, fetch)

    def _usable(self, known: _Known, journal: Journal) -> StatusList:
        """The copy there is, if it may still be used."""
        age = known.age(self._clock())
        if known.status_list is None or age > self._survival_seconds:
            raise known.failure_again()
        presented = f"{age:.1f} s old"
        expected = f"at most {known.recent_seconds:g} s old"
        if age > known.recent_seconds:
            expected = f"at most {self._survival_seconds:g} s old, the issuer is away"
            journal.about(status_list=presented)
        journal.accepted(RECENT, self.find, expected=expected, presented=presented)
        return known.status_list

    def _is_away(self, known: _Known) -> bool:
        """Whether that was so a moment ago: by now the server may be back for long."""
        passed = self._clock() - known.asked
        return known.failure is not None and 0 <= passed <= self._seconds

    def _may_ask(self, known: _Known) -> bool:
        passed = self._clock() - known.asked
        return known.failure is None or not 0 <= passed < RETRY_SECONDS

    def _of(self, uri: str) -> _Known:
        known = self._known.get(uri)
        if known is None:
            known = self._known[uri] = _Known()
            if len(self._known) > MOST_LISTS:
                self._known.popitem(last=False)
        self._known.move_to_end(uri)
        return known

    async def _fetch(self, uri: str, known: _Known, journal: Journal) -> None:
        known.asked = asked = self._clock()
        try:
            status_list = await self._request.read(uri, journal)
        except NoStatusList as failure:
            if str(failure) != str(known.failure):
                self._warn(f"no status list at {uri}: {failure}")
            known.failure = failure
        else:
            known.status_list, known.copied = status_list, asked
            known.recent_seconds = min(self._seconds, status_list.ttl)
            known.failure = None
