"""A handshake, as its server has recorded it."""

from collections.abc import Iterable

from scripts.walkthrough.certificates.facts import Holders, certificate_facts
from scripts.walkthrough.recordings.recordings import Event
from scripts.walkthrough.story.story import Handshake


def handshake_of(event: Event, holders: Holders) -> Handshake:
    """One that was completed, or one that failed: a `handshake` or a `failure`."""
    peer = event.get("peer_certificate")
    return Handshake(
        tls_version=event["tls_version"],
        cipher_suite=event.get("cipher_suite") or "",
        group=event.get("group") or "",
        certificate_requested=event["certificate_requested"],
        server_certificate=certificate_facts(event["own_certificate"], holders),
        client_certificate=None if peer is None else certificate_facts(peer, holders),
        client_sent_after=tuple(
            certificate_facts(each, holders)
            for each in event.get("peer_sent_after") or ()
        ),
        messages=tuple(_message_names(event["messages"])),
        server_name=event.get("server_name") or "",
        alpn=event.get("alpn") or "",
        failure=event["reason"] if event["event"] == "failure" else "",
    )


def _message_names(states: Iterable[str]) -> Iterable[str]:
    """OpenSSL's states as messages: what the server wrote, and what it read."""
    for state in states:
        name = state.removeprefix("SSLv3/TLS ").removeprefix("TLSv1.3 ")
        if name.startswith(("read ", "write ")):
            yield name
