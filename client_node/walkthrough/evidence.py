"""
From recorded events to evidence: exchanges, with their handshakes and decisions.

Nothing here knows what a step is about, and nothing is shown that was not recorded.
The server's side of an exchange is what makes it one: a client of somebody else's
records nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal
from urllib.parse import urlsplit

from client_node.walkthrough.certificate_facts import Holders, certificate_facts
from client_node.walkthrough.curl import curl_of
from client_node.walkthrough.recordings import Event
from client_node.walkthrough.seen_tokens import BoundTokens
from client_node.walkthrough.shell import Place
from client_node.walkthrough.story import Decision, Exchange, Handshake, Message

Lane = Literal["browser", "client", "as", "rs", "thief"]


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
            if _is(event, "handshake", "server"):
                self._handshakes[event["node"], event["connection"]] = event

    def exchanges(
        self, events: list[Event], *, thief: bool = False
    ) -> tuple[Exchange, ...]:
        """
        What happened in one interaction: exchanges nobody else's request led to.

        *events* are those of the interaction, in the order of their time. *thief*
        says that who began them does not act for himself.
        """
        tree = _Tree(events)
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
        asked = next((e for e in events if _is(e, "request", "client")), None)
        if asked is None:
            raise NoEvidence("no request was recorded")
        failure = _same(events, asked, "failure") or {}
        why = failure.get("reason", "no server has recorded it")
        raise NoEvidence(f"{asked['method']} {asked['target']}: {why}")

    def _exchange(
        self, tree: "_Tree", received: Event, lane: Lane | None = None
    ) -> Exchange:
        asked = tree.asked_by(received)
        handshake = self._handshake(received)
        client, client_lane = _client(received, asked, handshake)
        answer = _same(tree.events, received, "response")
        failure = None if asked is None else _same(tree.events, asked, "failure")
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
                if event["event"] == "decision" and _key(event) == _key(received)
            ),
            nested=tuple(
                self._exchange(tree, each) for each in tree.children(received)
            ),
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


class _Tree:
    """The requests of one interaction: who asked whom before answering whom."""

    def __init__(self, events: list[Event]) -> None:
        self.events = events
        self._received = [e for e in events if _is(e, "request", "server")]
        self._asked = self._matched()

    def _matched(self) -> dict[tuple[str, int], Event]:
        """For each request received, the client's side of it, where there is one."""
        left = [e for e in self.events if _is(e, "request", "client")]
        matched = {}
        for received in self._received:
            for asked in left:
                if is_the_same(asked, received):
                    matched[_key(received)] = asked
                    left.remove(asked)
                    break
        return matched

    def asked_by(self, received: Event) -> Event | None:
        """The client's side of a request."""
        return self._asked.get(_key(received))

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


def lane_of_server(node: str) -> Lane:
    """Where a server is drawn; a twin's node is called after the one it resembles."""
    if node == "as" or node.endswith("-as"):
        return "as"
    if node == "rs" or node.endswith("-rs"):
        return "rs"
    return "client"


def _client(
    received: Event, asked: Event | None, handshake: Handshake
) -> tuple[str, Lane]:
    """Who asked, by the certificate of the connection, and where to draw it."""
    lane = "client" if asked is None else lane_of_server(asked["node"])
    if asked is not None and lane != "client":
        proven = handshake.client_certificate
        return str(asked["node"] if proven is None else proven.holder), lane
    if handshake.client_certificate is not None:
        # `accounts-rs` is the resource server, also where somebody plays its part.
        holder = handshake.client_certificate.holder
        return holder, lane_of_server(holder)
    return ("browser", "browser") if _is_browser(received) else ("anonymous", "client")


def _is_browser(received: Event) -> bool:
    """A browser says so: it takes HTML."""
    accepts = (v for name, v in received["headers"] if name.lower() == "accept")
    return any("text/html" in value for value in accepts)


def _url(received: Event, asked: Event | None) -> str:
    if asked is not None:
        return str(asked["target"])
    hosts = (v for name, v in received["headers"] if name.lower() == "host")
    return f"https://{next(hosts, '')}{received['target']}"


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


def _same(events: list[Event], request: Event, kind: str) -> Event | None:
    for event in events:
        if _is(event, kind, request["side"]) and _key(event) == _key(request):
            return event
    return None


def _key(event: Event) -> tuple[str, int]:
    return event["node"], event["exchange"]


def _is(event: Event, kind: str, side: str) -> bool:
    return event["event"] == kind and event.get("side") == side


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
        check=event["check"],
        rule=event["rule"],
        expected=event["expected"],
        presented=event["presented"],
        accepted=event["accepted"],
        decided_by=event["decided_by"],
        source=event["source"],
    )
