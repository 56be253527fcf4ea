"""
From recorded events to evidence: exchanges, handshakes, certificates.

Nothing here knows what a step is about, and nothing is shown that was not recorded:
a request without its handshake or its server's side is a fault, not a gap.
"""

from base64 import b64decode
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from pki.mtls.recording import der_to_record
from pki.names import from_x509
from pki.thumbprint import x5t_s256
from scripts.recordings import Event, Recordings, handshakes_of
from scripts.story import Certificate, Decision, Exchange, Handshake, Message

Holders = Mapping[str, str]
"""The name of the holder of each known certificate, by its x5t#S256."""

_USAGES = {
    ExtendedKeyUsageOID.CLIENT_AUTH: "clientAuth",
    ExtendedKeyUsageOID.SERVER_AUTH: "serverAuth",
}


class NoEvidence(Exception):
    """Something happened that no recording shows."""


def exchange_of(interaction: str, recordings: Recordings, holders: Holders) -> Exchange:
    """
    The exchange a client began under *interaction*, with all that followed from it.

    Raises:
        NoEvidence: a side of it was not recorded.
    """
    events = recordings.of(interaction)
    handshakes = recordings.handshakes()
    if not any(_is(e, "request", "client") for e in events):
        raise NoEvidence(f"no request was recorded under {interaction}")
    reader = _Reader(events, handshakes, holders)
    return reader.exchange(reader.first)


class _Reader:
    """The events of one interaction, as a tree of exchanges."""

    def __init__(
        self, events: list[Event], handshakes: list[Event], holders: Holders
    ) -> None:
        self._events = events
        self.first = next(e for e in events if _is(e, "request", "client"))
        self._handshakes = handshakes
        self._holders = holders

    def exchange(self, asked: Event) -> Exchange:
        """What a client's `request` event began."""
        target = urlsplit(asked["target"])
        received = self._received(asked, target.path)
        server = received["node"]
        handshake = self._handshake(received)
        nested = [
            self.exchange(event)
            for event in self._events
            if _is(event, "request", "client") and event["node"] == server
        ]
        answer = self._same(asked, "response")
        failure = self._same(asked, "failure")
        sender = handshake.client_certificate
        client = self._sender(asked) if sender is None else sender.holder
        path = f"{target.path}?{target.query}" if target.query else target.path
        return Exchange(
            client=client,
            server=server,
            handshake=handshake,
            request=Message(
                f"{asked['method']} {path} HTTP/1.1",
                _fields(received["headers"]),
                received["body"],
            ),
            response=None if answer is None else _answer(answer),
            failure=None if failure is None else failure["reason"],
            decisions=tuple(
                _decision(event)
                for event in self._events
                if event["event"] == "decision"
                and (event["node"], event["exchange"]) == (server, received["exchange"])
            ),
            nested=tuple(nested),
        )

    def _sender(self, asked: Event) -> str:
        """Who is at the client's end of a connection that proves nobody."""
        return "anonymous" if asked is self.first else str(asked["node"])

    def _received(self, asked: Event, path: str) -> Event:
        """The server's side of a request; its recording says it came."""
        for event in self._events:
            elsewhere = event["node"] != asked["node"]
            if elsewhere and _is(event, "request", "server") and _path(event) == path:
                return event
        failure = self._same(asked, "failure") or {}
        why = failure.get("reason", "no server has recorded it")
        raise NoEvidence(f"{asked['method']} {asked['target']}: {why}")

    def _same(self, asked: Event, kind: str) -> Event | None:
        key = (asked["node"], asked["exchange"])
        for event in self._events:
            if _is(event, kind, "client") and (event["node"], event["exchange"]) == key:
                return event
        return None

    def _handshake(self, received: Event) -> Handshake:
        server, client = handshakes_of(received, self._handshakes)
        if client is None:
            raise NoEvidence(f"no client has recorded the handshake {server['remote']}")
        own = server["own_certificate"]
        peer = server.get("peer_certificate")
        return Handshake(
            tls_version=server["tls_version"],
            cipher_suite=server["cipher_suite"],
            group=server.get("group") or "",
            certificate_requested=client["certificate_requested"],
            server_certificate=certificate_facts(b64decode(own), self._holders),
            client_certificate=None
            if peer is None
            else certificate_facts(b64decode(peer), self._holders),
            client_sent_after=tuple(
                certificate_facts(b64decode(each), self._holders)
                for each in server.get("peer_sent_after") or ()
            ),
            messages=tuple(_message_names(server["messages"])),
        )


def certificate_facts(der: bytes, holders: Holders) -> Certificate:
    """A certificate in words, from its DER."""
    certificate = x509.load_der_x509_certificate(der)
    thumbprint = x5t_s256(der)
    return Certificate(
        holder=holders.get(thumbprint, "unknown"),
        subject=str(from_x509(certificate.subject)),
        issuer=str(from_x509(certificate.issuer)),
        not_before=certificate.not_valid_before_utc.isoformat(),
        not_after=certificate.not_valid_after_utc.isoformat(),
        key=_key(certificate),
        usage=_usage(certificate),
        alternative_names=tuple(_alternative_names(certificate)),
        x5t_s256=thumbprint,
        der=der_to_record(der),
    )


def facts_of(name: str, certificate: x509.Certificate) -> Certificate:
    """The facts of a party's own certificate."""
    der = certificate.public_bytes(Encoding.DER)
    return certificate_facts(der, {x5t_s256(der): name})


def _key(certificate: x509.Certificate) -> str:
    match certificate.public_key():
        case ec.EllipticCurvePublicKey() as key:
            return {"secp256r1": "P-256"}.get(key.curve.name, key.curve.name)
        case rsa.RSAPublicKey() as key:
            return f"RSA-{key.key_size}"
        case other:
            return type(other).__name__


def _usage(certificate: x509.Certificate) -> str:
    try:
        usages = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound:
        return ""
    return ", ".join(_USAGES.get(u, u.dotted_string) for u in usages.value)


def _alternative_names(certificate: x509.Certificate) -> Iterable[str]:
    try:
        names = certificate.extensions.get_extension_for_class(
            x509.SubjectAlternativeName
        )
    except x509.ExtensionNotFound:
        return ()
    return (str(name.value) for name in names.value)


def _message_names(states: Iterable[str]) -> Iterable[str]:
    """OpenSSL's states as messages: what the server wrote, and what it read."""
    for state in states:
        name = state.removeprefix("SSLv3/TLS ").removeprefix("TLSv1.3 ")
        if name.startswith(("read ", "write ")):
            yield name


def _is(event: Event, kind: str, side: str) -> bool:
    return event["event"] == kind and event.get("side") == side


def _path(event: Event) -> str:
    return str(event["target"]).partition("?")[0]


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
