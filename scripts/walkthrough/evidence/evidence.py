"""
From recorded events to evidence: exchanges, with their handshakes and decisions.

Nothing here knows what a step is about, and nothing is shown that was not recorded.
The server's side of an exchange is what makes it one: a client of somebody else's
records nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from scripts.walkthrough.certificates.facts import Holders, certificate_facts
from scripts.walkthrough.curl.curl import curl_of
from scripts.walkthrough.curl.shell import Place
from scripts.walkthrough.recordings.recordings import Event
from scripts.walkthrough.recordings.request_tree import (
    RequestTree,
    find_same,
    is_a,
    key_of,
)
from scripts.walkthrough.story.lanes import Lane, lane_of_server, who_asked
from scripts.walkthrough.story.story import Decision, Exchange, Handshake, Message
from scripts.walkthrough.story.token_bindings import BoundTokens


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
                _fields(received["headers"]),
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
        peer = event.get("peer_certificate")
        return Handshake(
            tls_version=event["tls_version"],
            cipher_suite=event["cipher_suite"],
            group=event.get("group") or "",
            certificate_requested=event["certificate_requested"],
            server_certificate=certificate_facts(
                event["own_certificate"], self.holders
            ),
            client_certificate=None
            if peer is None
            else certificate_facts(peer, self.holders),
            client_sent_after=tuple(
                certificate_facts(each, self.holders)
                for each in event.get("peer_sent_after") or ()
            ),
            messages=tuple(_message_names(event["messages"])),
            server_name=event.get("server_name") or "",
            alpn=event.get("alpn") or "",
        )


def _url(received: Event, asked: Event | None) -> str:
    if asked is not None:
        return str(asked["target"])
    hosts = (v for name, v in received["headers"] if name.lower() == "host")
    return f"https://{next(hosts, '')}{received['target']}"


def _message_names(states: Iterable[str]) -> Iterable[str]:
    """OpenSSL's states as messages: what the server wrote, and what it read."""
    for state in states:
        name = state.removeprefix("SSLv3/TLS ").removeprefix("TLSv1.3 ")
        if name.startswith(("read ", "write ")):
            yield name


def _fields(recorded: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in recorded)


def _answer(event: Event) -> Message:
    return Message(
        f"HTTP/1.1 {event['status']}", _fields(event["headers"]), event["body"]
    )


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
