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


@dataclass(frozen=True, slots=True)
class Copy:
    """A list as the server gave it when it was asked, at *asked*."""

    asked: float
    status_list: StatusList

    def is_younger_than(self, seconds: float, now: float) -> bool:
        """Whether it may be used. Not if the clock went back: then nobody knows."""
        return 0 <= now - self.asked <= seconds and now < self.status_list.exp


@dataclass(slots=True)
class _Known:
    """What is known of one list: a copy, and how the last attempt to get one went."""

    copy: Copy | None = None
    asked: float = float("-inf")
    failure: NoStatusList | None = None

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
        fetch = partial(self._fetch, uri, known, journal)
        if self._is_recent(known, within=1.0):
            if not self._is_recent(known, within=0.5) and self._may_ask(known):
                self._flight.begin(uri, fetch)
        elif known.failure is not None and self._serves(known):
            if self._may_ask(known):
                self._flight.begin(uri, fetch)
        elif self._may_ask(known) or self._flight.is_under_way(uri):
            await self._flight.join(uri, fetch)
        return self._usable(known, journal)

    def _usable(self, known: _Known, journal: Journal) -> StatusList:
        """The copy there is, if it may still be used."""
        if known.copy is None or not self._serves(known):
            raise known.failure_again()
        presented = f"{self._clock() - known.copy.asked:.1f} s old"
        if self._is_recent(known, within=1.0):
            expected = f"at most {self._seconds:g} s old"
        else:
            expected = f"at most {self._survival_seconds:g} s old, the issuer is away"
            journal.about(status_list=presented)
        journal.accepted(RECENT, self.find, expected=expected, presented=presented)
        return known.copy.status_list

    def _is_recent(self, known: _Known, *, within: float) -> bool:
        """Whether the copy is within this part of the time it may be used for."""
        if known.copy is None:
            return False
        seconds = min(self._seconds, known.copy.status_list.ttl)
        return known.copy.is_younger_than(within * seconds, self._clock())

    def _serves(self, known: _Known) -> bool:
        """Whether the copy may be used where there is no newer one to be had."""
        return known.copy is not None and known.copy.is_younger_than(
            self._survival_seconds, self._clock()
        )

    def _may_ask(self, known: _Known) -> bool:
        passed = self._clock() - known.asked
        return known.failure is None or not 0 <= passed < RETRY_SECONDS

    def _of(self, uri: str) -> _Known:
        known = self._known.pop(uri, None) or _Known()
        self._known[uri] = known
        if len(self._known) > MOST_LISTS:
            self._known.popitem(last=False)
        return known

    async def _fetch(self, uri: str, known: _Known, journal: Journal) -> None:
        known.asked = asked = self._clock()
        try:
            known.copy = Copy(asked, await self._request.read(uri, journal))
        except NoStatusList as failure:
            if str(failure) != str(known.failure):
                self._warn(f"no status list at {uri}: {failure}")
            known.failure = failure
        else:
            known.failure = None
