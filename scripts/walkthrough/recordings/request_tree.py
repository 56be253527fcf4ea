"""
Who asked whom, before answering whom: the requests of one interaction.

A server writes down what it received, and our own clients what they asked; here the
two sides of one request find each other.
"""

from urllib.parse import urlsplit

from scripts.walkthrough.recordings.recordings import Event


class RequestTree:
    """The requests among the *events* of one interaction, by what each led to."""

    def __init__(self, events: list[Event]) -> None:
        self.events = events
        self._received = [e for e in events if is_a(e, "request", "server")]
        self._asked = self._matched()

    def _matched(self) -> dict[tuple[str, int], Event]:
        """For each request received, the client's side of it, where there is one."""
        left = [e for e in self.events if is_a(e, "request", "client")]
        matched = {}
        for received in self._received:
            for asked in left:
                if is_the_same(asked, received):
                    matched[key_of(received)] = asked
                    left.remove(asked)
                    break
        return matched

    def asked_by(self, received: Event) -> Event | None:
        """The client's side of a request."""
        return self._asked.get(key_of(received))

    def children(self, parent: Event | None) -> list[Event]:
        """What *parent* led to; what nothing led to for `None`."""
        return [e for e in self._received if self._parent(e) is parent]

    def _parent(self, received: Event) -> Event | None:
        asked = self.asked_by(received)
        if asked is None:
            return None
        for other in self._received:
            # A server writes a request down with its answer, so after what it asked.
            if other["node"] == asked["node"] and other["time"] >= asked["time"]:
                return other
        return None


def is_the_same(asked: Event, received: Event) -> bool:
    """Whether a server may have *received* what a client has *asked*."""
    try:
        target = urlsplit(str(asked.get("target")))
    except ValueError:
        return False
    path = f"{target.path}?{target.query}" if target.query else target.path
    sent = (asked.get("method"), path)
    return sent == (received.get("method"), received.get("target")) and (
        asked["node"] != received["node"]
    )


def find_same(events: list[Event], request: Event, kind: str) -> Event | None:
    """The event of a *kind* that is about *request*, seen from the same side."""
    for event in events:
        if is_a(event, kind, request["side"]) and key_of(event) == key_of(request):
            return event
    return None


def key_of(event: Event) -> tuple[str, int]:
    """Which request an event is about: a node counts its own."""
    return event["node"], event["exchange"]


def fields_of(event: Event) -> tuple[tuple[str, str], ...]:
    """The header fields of a request or an answer, in their order."""
    return tuple((name, value) for name, value in event["headers"])


def is_a(event: Event, kind: str, side: str) -> bool:
    """Whether it is of that *kind*, recorded by that *side*."""
    return event["event"] == kind and event.get("side") == side
