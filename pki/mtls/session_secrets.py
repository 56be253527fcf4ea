"""
What decrypts a traced connection afterwards: its session secrets (RFC 9850).

Lines such as `CLIENT_TRAFFIC_SECRET_0 <client random> <secret>`, which Wireshark
reads. Each is good for one connection and for no other; none is a private key. They
are kept beside their connection until they are taken.

Browsers present no certificate, and passwords and cookies cross their connections,
which nobody shall find in a recording: not even the session cookie that a browser
sends to each port of a host. So of a connection whose client has proved no certificate
no more than the handshake can be decrypted, whose secrets do not lead to those of what
follows (RFC 8446 section 7.1). TLS 1.2 has one secret for everything, which is then not
given away; its handshake can be read without.

A certificate is there before its CertificateVerify is checked: of a connection that
fails at that, all secrets are given away, and nothing crosses it that they could open.
"""

from weakref import WeakKeyDictionary

from OpenSSL import SSL

_HANDSHAKE = ("CLIENT_HANDSHAKE_TRAFFIC_SECRET ", "SERVER_HANDSHAKE_TRAFFIC_SECRET ")

_kept: WeakKeyDictionary[SSL.Connection, list[str]] = WeakKeyDictionary()


def keep_session_secrets(context: SSL.Context) -> None:
    """Keep what decrypts the connections of a listener's *context*."""
    context.set_keylog_callback(_keep)


def take_session_secrets(connection: SSL.Connection) -> list[str]:
    """The lines that may be given away by now, and have not been."""
    kept = _kept.pop(connection, [])
    if not kept or connection.get_peer_certificate() is not None:
        return kept
    held_back = [line for line in kept if not line.startswith(_HANDSHAKE)]
    if held_back:
        _kept[connection] = held_back
    return [line for line in kept if line.startswith(_HANDSHAKE)]


def _keep(connection: SSL.Connection, line: bytes) -> None:
    _kept.setdefault(connection, []).append(line.decode("ascii"))
