"""
Which recorded events belong to one step, while they come in.

What has one interaction id belongs together, and where there is none, the events of
one exchange. A node that asks another one something of its own (keys, metadata; our
web application has an id for every request it sends) does it for a request that it
is answering: the recording of that request tells from when to when that was.
"""

from collections import deque

from scripts.walkthrough.recordings.interactions import (
    Happening,
    Interaction,
    Key,
    arrival_of,
    with_what_is_within,
)
from scripts.walkthrough.recordings.recordings import Event
from scripts.walkthrough.recordings.request_tree import is_the_same
from scripts.walkthrough.story.lanes import lane_of_server

SILENCE = 60  # seconds after which the same interaction id is another interaction
MOST_EVENTS = 200
"""Events of one interaction; any client can use one id for all it does."""

MOST_HAPPENINGS = 500
"""Of more, the oldest cannot grow any more."""

_INEXACT = 0.05  # seconds; when a request was received is worked out afterwards
_TOGETHER = 10  # seconds in which requests may be for the same one to be answered
_LATEST = 64  # happenings among which a connection is looked for


class Correlation:
    """
    Happenings, found again by what their events have in common.

    Of more than *most_happenings* the oldest cannot grow any more, and an interaction
    ends with *most_events*.
    """

    def __init__(
        self, most_events: int = MOST_EVENTS, most_happenings: int = MOST_HAPPENINGS
    ) -> None:
        self._most_events = most_events
        self._most_happenings = most_happenings
        self._by_key: dict[Key, tuple[Happening, Interaction]] = {}
        self._all: deque[Happening] = deque()
        self._latest: deque[Happening] = deque(maxlen=_LATEST)
        self._serving: set[str] = set()

    def add(self, event: Event) -> Happening | None:
        """Where *event* belongs; nowhere, where its beginning was not read."""
        if event["event"] == "handshake" and event.get("side") == "server":
            self._serving.add(event["node"])
        if event["event"] == "handshake" or not isinstance(event.get("exchange"), int):
            return None
        key = _key(event)
        found = self._by_key.get(key)
        if event["event"] == "request" and (
            found is None or self._is_over(found[1], event)
        ):
            found = self._begun(event)
            found[1].keys.append(key)
            self._by_key[key] = found
        if found is None or len(found[1].events) >= self._most_events:
            return None
        happening, interaction = found
        interaction.events.append(event)
        if event["event"] == "request" and event.get("side") == "server":
            happening = self._adopted(happening, interaction, event)
        return happening

    def _is_over(self, interaction: Interaction, request: Event) -> bool:
        """Whether a request with the same key begins another interaction."""
        if "interaction" not in request:
            return True  # the numbers of another run of the node
        return (
            len(interaction.events) >= self._most_events
            or interaction.last < float(request["time"]) - SILENCE
        )

    def _begun(self, event: Event) -> tuple[Happening, Interaction]:
        """Where a request belongs that belongs to no interaction so far."""
        if event.get("side") == "server":
            return self._sent(event) or self._new(Interaction())
        node = event["node"]
        if not self._asks_for_another(event):
            return self._new(Interaction())
        interaction = Interaction(asked_by=node, asked_at=float(event["time"]))
        for happening in reversed(self._latest):
            waiting = happening.waiting_for(node)
            if waiting and waiting[-1].last > interaction.asked_at - _TOGETHER:
                happening.interactions.append(interaction)
                return happening, interaction
        return self._new(interaction)

    def _asks_for_another(self, event: Event) -> bool:
        """Whether a node that serves began this, and no id tells for whom."""
        node = event["node"]
        own_ids = lane_of_server(node) == "client"
        return node in self._serving and (own_ids or "interaction" not in event)

    def _sent(self, received: Event) -> tuple[Happening, Interaction] | None:
        """The sender's side of a request that has no id."""
        if "interaction" in received:
            return None
        for happening in reversed(self._latest):
            for interaction in happening.interactions:
                if _is_the_sent(interaction.events, received):
                    return happening, interaction
        return None

    def _new(self, interaction: Interaction) -> tuple[Happening, Interaction]:
        happening = Happening([interaction])
        self._latest.append(happening)
        self._all.append(happening)
        if len(self._all) > self._most_happenings:
            self._forget(self._all.popleft())
        return happening, interaction

    def _forget(self, happening: Happening) -> None:
        for interaction in happening.interactions:
            for key in interaction.keys:
                if self._by_key.get(key, (None,))[0] is happening:
                    del self._by_key[key]

    def _adopted(
        self, happening: Happening, interaction: Interaction, received: Event
    ) -> Happening:
        """
        The happening with all that the node asked while it answered *received*.

        What is shown already keeps its place: then it is the one that grows.
        """
        node, ended = received["node"], float(received["time"])
        arrival = arrival_of(received)
        began = arrival[1]
        for other in tuple(self._latest):
            asked = [
                each
                for each in other.waiting_for(node)
                if began - _INEXACT <= each.asked_at <= ended
            ]
            if not asked or interaction in asked:
                continue
            if not (other.shown and happening.shown):  # else they stay two steps
                happening = self._together(happening, other, [interaction, *asked])
            for each in asked:
                each.within = arrival
        return happening

    def _together(
        self, one: Happening, other: Happening, about: list[Interaction]
    ) -> Happening:
        """One happening with all that is *about* the same, the one that is shown."""
        if one is other:
            return one
        to_other = other.shown and not one.shown
        source, target = (one, other) if to_other else (other, one)
        moved = with_what_is_within(about, source.interactions)
        source.interactions = [i for i in source.interactions if i not in moved]
        target.interactions.extend(moved)
        for each in moved:
            for key in each.keys:
                self._by_key[key] = (target, each)
        return target


def _key(event: Event) -> Key:
    if interaction := event.get("interaction"):
        return ("interaction", interaction)
    return (event["node"], str(event.get("side")), str(event["exchange"]))


def _is_the_sent(events: list[Event], received: Event) -> bool:
    """Whether *events* are those of sending *received*, and of nothing else yet."""
    sent = events[0] if events else {}
    if any(e["event"] == "request" for e in events[1:]) or "interaction" in sent:
        return False
    if (sent.get("event"), sent.get("side")) != ("request", "client"):
        return False
    asked = float(sent["time"])
    in_time = asked <= float(received["time"]) <= asked + SILENCE
    return in_time and is_the_same(sent, received)
