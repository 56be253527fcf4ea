"""
From recorded events to evidence: exchanges, with their handshakes and decisions.

Nothing here knows what a step is about, and nothing is shown that was not recorded.
The server's side of an exchange is what makes it one: a client of somebody else's
records nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from scripts.walkthrough.certificates.facts import Holders
from scripts.walkthrough.curl.curl import curl_of
from scripts.walkthrough.curl.shell import Place
from scripts.walkthrough.evidence.handshakes import handshake_of
from scripts.walkthrough.recordings.recordings import Event
from scripts.walkthrough.recordings.request_tree import (
    RequestTree,
    fields_of,
    find_same,
    is_a,
    key_of,
)
from scripts.walkthrough.story.lanes import Lane, lane_of_server, who_asked
from scripts.walkthrough.story.story import (
    Curl,
    Decision,
    Exchange,
    Handshake,
    Message,
)
from scripts.walkthrough.story.token_bindings import BoundTokens

_NO_KEY = "curl wants the certificate's private key, which only its holder has."


class NoEvidence(Exception):
    """Something happened that no recording shows."""


@dataclass(slots=True)
class Evidence:
    """
    What the recordings prove.

    *holders* names the holder of each known certificate, by its x5t#S256. *place*
    is where the deployment lies, for who wants to send a request again. *tokens* are
    those seen so far.
    """

    holders: Holders
    place: Place = field(default_factory=Place)
    tokens: BoundTokens = field(default_factory=BoundTokens)
    _handshakes: dict[tuple[str, int], Event] = field(default_factory=dict)

    def note(self, events: Iterable[Event]) -> None:
        """Keep the handshakes, which many requests may follow."""
        for event in events:
            if is_a(event, "handshake", "server"):
                self._handshakes[event["node"], event["connection"]] = event

    def exchanges(
        self, events: list[Event], *, thief: bool = False
    ) -> tuple[Exchange, ...]:
        """
        What happened in one interaction: exchanges nobody else's request led to.

        *events* are those of the interaction, in the order of their time. *thief*
        says that who began them does not act for himself.
        """
        tree = RequestTree(events)
        return tuple(
            self._exchange(tree, received, "thief" if thief else None)
            for received in tree.children(None)
        )

    def exchange(self, events: list[Event], *, thief: bool = False) -> Exchange:
        """
        The one exchange that an interaction of our own client consists of.

        Raises:
            NoEvidence: a side of it was not recorded.
        """
        exchanges = self.exchanges(events, thief=thief)
        if len(exchanges) == 1:
            return exchanges[0]
        asked = next((e for e in events if is_a(e, "request", "client")), None)
        if asked is None:
            raise NoEvidence("no request was recorded")
        failure = find_same(events, asked, "failure") or {}
        why = failure.get("reason", "no server has recorded it")
        raise NoEvidence(f"{asked['method']} {asked['target']}: {why}")

    def attempt(self, asked: Event, broken: Event, failure: str) -> Exchange:
        """
        A request that no server has received, for its handshake failed.

        *asked* is what our client meant to send, *broken* the failure that the listener
        recorded, *failure* what our client heard. A thief made it, for an honest
        client's handshakes do not fail; who he is nobody has proved.
        """
        target = urlsplit(asked["target"])
        exchange = Exchange(
            client="anonymous",
            client_lane="thief",
            server=broken["node"],
            server_lane=lane_of_server(broken["node"]),
            url=asked["target"],
            started=float(asked["time"]),
            handshake=handshake_of(broken, self.holders),
            request=Message(
                f"{asked['method']} {target.path} HTTP/1.1",
                fields_of(asked),
                asked["body"],
            ),
            response=None,
            failure=failure,
            decisions=(),
            curl=Curl("", _NO_KEY, ""),
        )
        return replace(exchange, tokens=self.tokens.seen_in(exchange))

    def _exchange(
        self, tree: RequestTree, received: Event, lane: Lane | None = None
    ) -> Exchange:
        asked = tree.asked_by(received)
        handshake = self._handshake(received)
        client, client_lane = who_asked(received, asked, handshake)
        answer = find_same(tree.events, received, "response")
        failure = None if asked is None else find_same(tree.events, asked, "failure")
        exchange = Exchange(
            client=client,
            client_lane=lane or client_lane,
            server=received["node"],
            server_lane=lane_of_server(received["node"]),
            url=_url(received, asked),
            started=float(received.get("received") or received["time"]),
            handshake=handshake,
            request=Message(
                f"{received['method']} {received['target']} HTTP/1.1",
                fields_of(received),
                received["body"],
            ),
            response=None if answer is None else _answer(answer),
            failure=None if failure is None else failure["reason"],
            decisions=tuple(
                _decision(event)
                for event in tree.events
                if event["event"] == "decision" and key_of(event) == key_of(received)
            ),
            nested=tuple(
                self._exchange(tree, each) for each in tree.children(received)
            ),
            connection=f"{received['node']} {received['connection']}",
        )
        exchange = replace(exchange, tokens=self.tokens.seen_in(exchange))
        return replace(exchange, curl=curl_of(exchange, self.tokens, self.place))

    def _handshake(self, received: Event) -> Handshake:
        event = self._handshakes.get((received["node"], received["connection"]))
        if event is None:
            raise NoEvidence(
                f"{received['node']} has not recorded the handshake of connection "
                f"{received['connection']}"
            )
        return handshake_of(event, self.holders)


def _url(received: Event, asked: Event | None) -> str:
    if asked is not None:
        return str(asked["target"])
    hosts = (v for name, v in received["headers"] if name.lower() == "host")
    return f"https://{next(hosts, '')}{received['target']}"


def _answer(event: Event) -> Message:
    return Message(f"HTTP/1.1 {event['status']}", fields_of(event), event["body"])


def _decision(event: Event) -> Decision:
    return Decision(
        node=event["node"],
        name=event["check"],
        check=event["says"],
        rule=event["rule"],
        expected=event["expected"],
        presented=event["presented"],
        accepted=event["accepted"],
        decided_by=event["decided_by"],
        source=event["source"],
    )
