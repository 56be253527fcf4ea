"""What somebody does, as the recorded events that belong to it."""

from dataclasses import dataclass, field

from scripts.walkthrough.recordings.recordings import Event

Key = tuple[str, ...]
Arrival = tuple[str, float]
"""The node that received a request, and when."""


@dataclass(slots=True, eq=False)
class Interaction:
    """
    Events that belong together for sure.

    *asked_by* is the node that began it of its own, at *asked_at*; *within* is the
    request that it turned out to be asked for.
    """

    events: list[Event] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)
    asked_by: str = ""
    asked_at: float = 0.0
    within: Arrival | None = None

    @property
    def last(self) -> float:
        """When its last event was."""
        return float(self.events[-1]["time"]) if self.events else 0.0


@dataclass(slots=True, eq=False)
class Happening:
    """Interactions that one step shows; *shown* as soon as it has a number."""

    interactions: list[Interaction]
    shown: bool = False

    def waiting_for(self, node: str) -> list[Interaction]:
        """What *node* has asked for a request that is not recorded yet."""
        return [i for i in self.interactions if i.asked_by == node and i.within is None]


def with_what_is_within(
    about: list[Interaction], interactions: list[Interaction]
) -> list[Interaction]:
    """Those of *interactions* that are *about* it, or were asked for one that is."""
    found = [each for each in interactions if each in about]
    for each in found:  # and for those found meanwhile
        answered = [arrival_of(e) for e in each.events if e["event"] == "request"]
        found.extend(i for i in interactions if i.within in answered and i not in found)
    return found


def arrival_of(request: Event) -> Arrival:
    """By which a request is found that others were sent for."""
    return request["node"], float(request.get("received") or request["time"])
