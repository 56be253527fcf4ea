"""
What recordings that still grow prove, as far as they can be read.

They may be of another version of the nodes, or end in the middle of something: what
cannot be shown is left out, and the rest goes on.
"""

from base64 import b64decode
from collections.abc import Callable
from dataclasses import replace

from pki.thumbprint import x5t_s256
from scripts.walkthrough.curl.shell import Place
from scripts.walkthrough.evidence.evidence import Evidence, NoEvidence
from scripts.walkthrough.evidence.nesting import Found, nested_where_they_belong
from scripts.walkthrough.live.thieves import is_a_thief
from scripts.walkthrough.recordings.interactions import Happening
from scripts.walkthrough.recordings.recordings import Event
from scripts.walkthrough.story.certificate_holders import CertificateHolders
from scripts.walkthrough.story.story import Exchange

_NOT_FOR_READING = frozenset({"image", "style", "script", "font", "manifest"})


class LiveEvidence:
    """
    What one run of the nodes has proved so far; of handshakes, the latest.

    *place* is where the deployment lies. *complain* is told what could not be shown.
    """

    def __init__(
        self,
        holders: CertificateHolders,
        place: Place,
        complain: Callable[[str], None],
        most_handshakes: int,
    ) -> None:
        self._most_handshakes = most_handshakes
        self._place = place
        self._holders = holders
        self._complain = complain
        self._evidence = Evidence(holders.names, place)
        self._handshakes: list[Event] = []

    def note(self, handshake: Event) -> None:
        """Keep a handshake, and learn whose the certificates are."""
        if handshake.get("side") != "server":
            return
        for name in ("own_certificate", "peer_certificate"):
            recorded = handshake.get(name)
            if isinstance(recorded, str):
                self._know(recorded)
        self._try(lambda: self._keep(handshake))

    def exchanges(self, happening: Happening) -> tuple[Exchange, ...]:
        """
        What the recordings prove of *happening* so far.

        Nothing is raised, whatever is wrong with its events.
        """
        try:
            return tuple(sorted(self._proven(happening), key=lambda each: each.started))
        except NoEvidence as problem:
            self._complain(f"no evidence: {problem}")
        except Exception as error:  # noqa: BLE001 - see above
            self._complain(f"events that cannot be read: {type(error).__name__}")
        return ()

    def _keep(self, handshake: Event) -> None:
        """Keep what can be read; of too many, the latest."""
        self._evidence.note([handshake])
        self._handshakes.append(handshake)
        if len(self._handshakes) > self._most_handshakes:
            del self._handshakes[: self._most_handshakes // 2]
            tokens = self._evidence.tokens
            self._evidence = Evidence(self._holders.names, self._place, tokens)
            self._evidence.note(self._handshakes)

    def _know(self, recorded: str) -> None:
        self._try(lambda: self._holders.know(x5t_s256(b64decode(recorded))))

    def _try(self, do: Callable[[], None]) -> None:
        try:
            do()
        except Exception as error:  # noqa: BLE001 - see `exchanges`
            self._complain(f"a handshake cannot be read: {type(error).__name__}")

    def _proven(self, happening: Happening) -> list[Exchange]:
        found: list[Found] = []
        for interaction in happening.interactions:
            events = sorted(interaction.events, key=lambda event: float(event["time"]))
            found.extend(
                Found(exchange, interaction.within)
                for exchange in self._of_interaction(events)
                if _is_for_showing(exchange)
            )
        return nested_where_they_belong(found)

    def _of_interaction(self, events: list[Event]) -> list[Exchange]:
        """Each of them for itself: many may have been sent under one id."""
        return [
            replace(each, client_lane="thief")
            if is_a_thief(each, self._holders.names)
            else each
            for each in self._evidence.exchanges(events)
        ]


def _is_for_showing(exchange: Exchange) -> bool:
    """Neither what a page is decorated with, nor the way to this very walk-through."""
    path = exchange.request.start.split(" ")[1].partition("?")[0]
    if (exchange.server_lane, path) == ("client", "/walkthrough"):
        return False
    decoration = exchange.request.header("sec-fetch-dest") in _NOT_FOR_READING
    return not decoration and path not in {"/favicon.ico", "/robots.txt"}
