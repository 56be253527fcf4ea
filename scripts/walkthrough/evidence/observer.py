"""
What somebody on the way can read of a connection, without any key.

From the bytes as they crossed the wire, and nothing that either end knows. TLS records
say in the clear what kind they are (RFC 8446 section 5.1); handshake messages can be
read until there are keys: in TLS 1.2 as far as ChangeCipherSpec (RFC 5246 section 7.1),
in TLS 1.3 only the two hellos.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scripts.walkthrough.certificates.facts import Holders, certificate_facts
from scripts.walkthrough.recordings.wire import Piece
from scripts.walkthrough.story.story import Certificate

_CHANGE_CIPHER_SPEC, _HANDSHAKE, _APPLICATION_DATA = 20, 22, 23
_CERTIFICATE = 11
_NAMES = {
    1: "ClientHello",
    2: "ServerHello",
    _CERTIFICATE: "Certificate",
    12: "ServerKeyExchange",
    13: "CertificateRequest",
    14: "ServerHelloDone",
    15: "CertificateVerify",
    16: "ClientKeyExchange",
}
_HEAD = 5  # bytes before a record: its type, a version, its length


@dataclass(frozen=True, slots=True)
class Seen:
    """
    Something that was seen to pass.

    *name* is a handshake message's, or `encrypted`; *octets* how long it was.
    *certificates* are those in it, the sender's own first.
    """

    sender: str
    name: str
    octets: int
    certificates: tuple[Certificate, ...] = ()

    @property
    def in_words(self) -> str:
        """What was read, and else how much there was of it."""
        if self.certificates:
            own = self.certificates[0]
            return f"{own.subject}, issued by {own.issuer}; x5t#S256 {own.x5t_s256}"
        return f"{self.octets} bytes"


def seen_on_the_way(pieces: Iterable[Piece], holders: Holders) -> tuple[Seen, ...]:
    """
    All of a connection, in order; what is encrypted is one with what follows it.

    *holders* names the holders of certificates, by their x5t#S256.
    """
    seen: list[Seen] = []
    for each in _messages(pieces, holders):
        last = seen[-1] if seen else None
        if last and (last.sender, last.name, each.name) == (
            each.sender,
            *("encrypted",) * 2,
        ):
            seen[-1] = Seen(last.sender, last.name, last.octets + each.octets)
        else:
            seen.append(each)
    return tuple(seen)


def _messages(pieces: Iterable[Piece], holders: Holders) -> Iterator[Seen]:
    changed: set[str] = set()
    for sender, kind, octets in _records(pieces):
        if kind == _CHANGE_CIPHER_SPEC:
            changed.add(sender)
        elif kind == _HANDSHAKE and sender not in changed:
            for number, body in _handshake_messages(octets):
                found = _certificates(body, holders) if number == _CERTIFICATE else ()
                name = _NAMES.get(number, f"handshake message {number}")
                yield Seen(sender, name, len(body), found)
        elif kind in (_HANDSHAKE, _APPLICATION_DATA):
            yield Seen(sender, "encrypted", len(octets))


def _records(pieces: Iterable[Piece]) -> Iterator[tuple[str, int, bytes]]:
    """Whole records, wherever the pieces were cut."""
    waiting = {"client": b"", "server": b""}
    for sender, octets in pieces:
        data = waiting[sender] + octets
        while len(data) >= _HEAD and len(data) >= (end := _HEAD + _length(data[3:5])):
            yield sender, data[0], data[_HEAD:end]
            data = data[end:]
        waiting[sender] = data


def _handshake_messages(record: bytes) -> Iterator[tuple[int, bytes]]:
    """RFC 5246 section 7.4; none of ours is longer than a record."""
    while len(record) >= 4:
        end = 4 + _length(record[1:4])
        yield record[0], record[4:end]
        record = record[end:]


def _certificates(body: bytes, holders: Holders) -> tuple[Certificate, ...]:
    """RFC 5246 section 7.4.2: a list of certificates in DER, each with its length."""
    rest, found = body[3:], []
    while len(rest) > 3:
        end = 3 + _length(rest[:3])
        der = b64encode(rest[3:end]).decode("ascii")
        found.append(certificate_facts(der, holders))
        rest = rest[end:]
    return tuple(found)


def _length(octets: bytes) -> int:
    return int.from_bytes(octets)
