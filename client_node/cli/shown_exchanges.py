"""`-v`: what the client sent and was sent, as it happens."""

import re
from base64 import b64decode
from collections.abc import Iterator
from typing import Any

from cryptography import x509

from client_node.cli.printer import Printer, safe
from pki.malformed import UNREADABLE
from pki.observability.recording import Recording

_TOKENS = re.compile(
    r'("(?:access|refresh|id)_token"\s*:\s*")([^"]*)|(\btoken=)([^&\s]*)'
)


class ShownExchanges(Recording):
    """
    A recording that is read aloud.

    Events go to *out* without their tokens, and whole to *kept*, if there is one.
    """

    def __init__(self, out: Printer, kept: Recording | None) -> None:
        self._out = out
        self._kept = kept

    def event(self, kind: str, **members: Any) -> None:
        """Show one event."""
        if self._kept is not None:
            self._kept.event(kind, **members)
        for line in _lines(kind, members):
            self._out.line(self._out.quiet(safe(line)))

    def close(self) -> None:
        """No event can be written after this."""
        if self._kept is not None:
            self._kept.close()


def _lines(kind: str, members: dict[str, Any]) -> Iterator[str]:
    if kind == "handshake":
        yield from _handshake_lines(members)
    elif kind == "failure":
        yield f"! {members['reason']}"
    else:
        mark = ">" if kind == "request" else "<"
        yield f"{mark} {_first_line(kind, members)}"
        for name, value in members["headers"]:
            yield f"{mark} {name}: {_without_token(name, value)}"
        if body := members["body"]:
            yield mark
            yield from (f"{mark} {line}" for line in _masked(body).splitlines())


def _first_line(kind: str, members: dict[str, Any]) -> str:
    if kind == "request":
        return f"{members['method']} {members['target']}"
    return str(members["status"])


def _handshake_lines(members: dict[str, Any]) -> Iterator[str]:
    version, suite, group = (
        members[name] for name in ("tls_version", "cipher_suite", "group")
    )
    yield f"* {version} with {members['remote']}: {suite}, {group}"
    yield f"* server's certificate: {_subject(members['peer_certificate'])}"
    if not members["certificate_requested"]:
        yield "* the server requested no certificate"
    elif own := members["own_certificate"]:
        yield f"* the server requested a certificate; sent {_subject(own)}"
    else:
        yield "* the server requested a certificate; sent none"


def _subject(der_base64: str) -> str:
    """For the eye: what cannot be read is said so."""
    try:
        certificate = x509.load_der_x509_certificate(b64decode(der_base64))
        return certificate.subject.rfc4514_string()
    except UNREADABLE:
        return "(unreadable)"


def _without_token(name: str, value: str) -> str:
    if name.lower() != "authorization":
        return value
    scheme, _, token = value.partition(" ")
    return f"{scheme} {_instead_of(token)}"


def _masked(body: str) -> str:
    return _TOKENS.sub(
        lambda m: (m[1] or m[3]) + _instead_of(m[2] if m[1] else m[4]), body
    )


def _instead_of(token: str) -> str:
    return f"(a token of {len(token)} characters)"
