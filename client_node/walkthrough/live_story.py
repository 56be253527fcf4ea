"""
A story that grows while it happens.

Nobody planned it, so it is told as it comes: a step for whatever somebody does, by
arrival; an act for what is done without a long pause. A step that turns out to be a
part of more, or of which more becomes known, is replaced and keeps its number.
"""

from base64 import b64decode
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from client_node.walkthrough.evidence import Evidence, NoEvidence
from client_node.walkthrough.gathering import Gathering, Happening
from client_node.walkthrough.known_holders import KnownHolders
from client_node.walkthrough.outcome import outcome_of
from client_node.walkthrough.recordings import Event
from client_node.walkthrough.shell import Place
from client_node.walkthrough.step_titles import (
    BINDING,
    client_id_of,
    find_refusal,
    rule_of,
    says_of,
    title_of,
    who,
)
from client_node.walkthrough.story import Exchange, Step
from pki.thumbprint import x5t_s256

PAUSE = 30  # seconds without anything, after which a new act begins
MOST_STEPS = 300
MOST_HANDSHAKES = 2000

_MOST_NAMED = 3  # who took part, in the title of an act
_NOT_FOR_READING = frozenset({"image", "style", "script", "font", "manifest"})


@dataclass(slots=True, eq=False)
class LiveAct:
    """What was done without a long pause."""

    number: int
    began: float
    steps_so_far: int = 0
    took_part: dict[str, None] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """When it began, and who took part."""
        names = list(self.took_part)
        if len(names) > _MOST_NAMED:
            names = [*names[:_MOST_NAMED], f"{len(names) - _MOST_NAMED} more"]
        began = datetime.fromtimestamp(self.began, UTC)
        return f"{began:%H:%M} UTC: {', '.join(names)}"


@dataclass(slots=True, eq=False)
class LiveStep:
    """A step, its place, and the revision of the story that has it as it is."""

    act: LiveAct
    number: int
    revision: int
    step: Step


class LiveStory:
    """
    What one run of the nodes has recorded so far, as acts and steps.

    *place* is where the deployment lies. *complain* is told what could not be shown.
    At most MOST_STEPS steps are kept; of more, the oldest are forgotten.
    """

    def __init__(
        self, holders: KnownHolders, place: Place, complain: Callable[[str], None]
    ) -> None:
        self.revision = 0
        self._place = place
        self._holders = holders
        self._complain = complain
        self._evidence = Evidence(holders.names, place)
        self._handshakes: list[Event] = []
        self._gathering = Gathering()
        self._untold: dict[Happening, None] = {}
        self._steps: dict[Happening, LiveStep] = {}
        self._act: LiveAct | None = None
        self._last = 0.0

    def add(self, events: Iterable[Event]) -> None:
        """Take in *events*, which are new, in the order of their time."""
        for event in events:
            if event["event"] == "handshake":
                self._note(event)
            happening = self._gathering.add(event)
            if happening is not None:
                self._untold[happening] = None

    def tell(self, most: int) -> bool:
        """Make steps of at most so many happenings; returns whether there are more."""
        while len(self._untold) > MOST_STEPS:
            del self._untold[next(iter(self._untold))]  # forgotten as soon as told
        for happening in list(self._untold)[:most]:
            del self._untold[happening]
            exchanges = self._exchanges(happening)
            if exchanges:
                self._show(happening, exchanges)
        return bool(self._untold)

    def steps_of(self, act: LiveAct) -> tuple[Step, ...]:
        """All the steps of an act that are kept, in their order."""
        return tuple(each.step for each in self._steps.values() if each.act is act)

    def changed_since(self, revision: int, most: int) -> list[LiveStep]:
        """The steps that are new or changed, the oldest change first."""
        changed = [step for step in self._steps.values() if step.revision > revision]
        changed.sort(key=lambda step: step.revision)
        return changed[:most]

    def _note(self, handshake: Event) -> None:
        """Keep a handshake, and learn whose the certificates are."""
        if handshake.get("side") != "server":
            return
        for name in ("own_certificate", "peer_certificate"):
            recorded = handshake.get(name)
            if isinstance(recorded, str):
                self._know(recorded)
        self._try(lambda: self._keep(handshake))

    def _keep(self, handshake: Event) -> None:
        """Keep what can be read; of too many, the latest."""
        self._evidence.note([handshake])
        self._handshakes.append(handshake)
        if len(self._handshakes) > MOST_HANDSHAKES:
            del self._handshakes[: MOST_HANDSHAKES // 2]
            tokens = self._evidence.tokens
            self._evidence = Evidence(self._holders.names, self._place, tokens)
            self._evidence.note(self._handshakes)

    def _know(self, recorded: str) -> None:
        self._try(lambda: self._holders.know(x5t_s256(b64decode(recorded))))

    def _try(self, do: Callable[[], None]) -> None:
        try:
            do()
        except Exception as error:  # noqa: BLE001 - see `_exchanges`
            self._complain(f"a handshake cannot be read: {type(error).__name__}")

    def _exchanges(self, happening: Happening) -> tuple[Exchange, ...]:
        """
        What the recordings prove of it so far.

        Whatever is wrong with a recording, which may be of another version of the
        nodes: what cannot be shown is left out, and the rest goes on.
        """
        try:
            return tuple(sorted(self._proven(happening), key=lambda each: each.started))
        except NoEvidence as problem:
            self._complain(f"no evidence: {problem}")
        except Exception as error:  # noqa: BLE001 - see above
            self._complain(f"events that cannot be read: {type(error).__name__}")
        return ()

    def _proven(self, happening: Happening) -> list[Exchange]:
        found: list[_Found] = []
        for interaction in happening.interactions:
            events = sorted(interaction.events, key=lambda event: float(event["time"]))
            found.extend(
                _Found(exchange, interaction.within)
                for exchange in self._of_interaction(events)
                if _is_for_showing(exchange)
            )
        return _nested_where_they_belong(found)

    def _of_interaction(self, events: list[Event]) -> tuple[Exchange, ...]:
        exchanges = self._evidence.exchanges(events)
        if any(self._is_a_thief(each) for each in exchanges):
            return self._evidence.exchanges(events, thief=True)
        return exchanges

    def _is_a_thief(self, exchange: Exchange) -> bool:
        """Whether somebody was refused who came with what is not his own."""
        if exchange.client.startswith("rogue-"):
            return True
        refusal = find_refusal(exchange)
        proven = exchange.handshake.client_certificate
        if refusal is None or refusal.rule in BINDING:
            return refusal is not None
        if proven is None:
            return False
        if proven.x5t_s256 not in self._holders.names:
            # Perhaps a new certificate of an old client, refused for something else.
            return refusal.rule.startswith("RFC 8705 section 2")
        return client_id_of(exchange) not in {"", exchange.client}

    def _show(self, happening: Happening, exchanges: tuple[Exchange, ...]) -> None:
        telling = exchanges[0]
        step = Step(
            title=title_of(telling),
            says=says_of(telling),
            rule=rule_of(telling),
            expected="",
            came=outcome_of(telling),
            exchanges=exchanges,
        )
        known = self._steps.get(happening)
        if (known is None and happening.shown) or (known and known.step == step):
            return  # it was forgotten, or nothing is new
        self.revision += 1
        if known is None:
            act = self._act_at(telling.started)
            act.steps_so_far += 1
            known = LiveStep(act, act.steps_so_far, self.revision, step)
            self._steps[happening] = known
            happening.shown = True
            self._forget_the_oldest()
        known.step, known.revision = step, self.revision
        known.act.took_part[who(telling)] = None
        self._last = max(
            self._last, *(float(i.last) for i in happening.interactions), 0.0
        )

    def _act_at(self, started: float) -> LiveAct:
        if self._act is None or started > self._last + PAUSE:
            number = 1 if self._act is None else self._act.number + 1
            self._act = LiveAct(number, started)
        return self._act

    def _forget_the_oldest(self) -> None:
        while len(self._steps) > MOST_STEPS:
            del self._steps[next(iter(self._steps))]


@dataclass(slots=True, eq=False)
class _Found:
    """An exchange, and the request it was asked for: its node, when it came."""

    exchange: Exchange
    within: tuple[str, float] | None


def _nested_where_they_belong(found: list[_Found]) -> list[Exchange]:
    """Each within the exchange that it was asked for; those left that are in none."""
    inner = [(each.within, each) for each in found if each.within is not None]
    # A request that came later is not around one that came before.
    for place, each in sorted(inner, key=lambda pair: pair[0][1], reverse=True):
        for around in found:
            if around is not each and _holds(around.exchange, place):
                around.exchange = _with_nested(around.exchange, place, each.exchange)
                found = [other for other in found if other is not each]
                break
    return [each.exchange for each in found]


def _holds(exchange: Exchange, place: tuple[str, float]) -> bool:
    """Whether the request received at that node and time is in *exchange*."""
    here = (exchange.server, exchange.started) == place
    return here or any(_holds(each, place) for each in exchange.nested)


def _with_nested(
    exchange: Exchange, place: tuple[str, float], inner: Exchange
) -> Exchange:
    nested = [_with_nested(each, place, inner) for each in exchange.nested]
    if (exchange.server, exchange.started) == place:
        nested = sorted((*nested, inner), key=lambda each: each.started)
    return replace(exchange, nested=tuple(nested))


def _is_for_showing(exchange: Exchange) -> bool:
    """Neither what a page is decorated with, nor this very walk-through."""
    path = exchange.request.start.split(" ")[1].partition("?")[0]
    if exchange.server_lane == "client" and path.startswith("/walkthrough"):
        return False
    decoration = exchange.request.header("sec-fetch-dest") in _NOT_FOR_READING
    return not decoration and path not in {"/favicon.ico", "/robots.txt"}
