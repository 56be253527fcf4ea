"""
What decrypts a traced connection afterwards: its session secrets (RFC 9850).

Lines such as `CLIENT_TRAFFIC_SECRET_0 <client random> <secret>`, which Wireshark
reads. Each is good for one connection and for no other; none is a private key. They
are kept beside their connection until they are taken.
"""

from weakref import WeakKeyDictionary

from OpenSSL import SSL

_HANDSHAKE = (b"CLIENT_HANDSHAKE_TRAFFIC_SECRET ", b"SERVER_HANDSHAKE_TRAFFIC_SECRET ")

_kept: WeakKeyDictionary[SSL.Connection, list[str]] = WeakKeyDictionary()


def keep_session_secrets(context: SSL.Context, *, request_certificate: bool) -> None:
    """
    Keep what decrypts the connections of a listener's *context*.

    Without *request_certificate* it is a listener for browsers: passwords and cookies
    cross it, which nobody shall find in a recording. So of its connections no more
    than the handshake can be decrypted, whose secrets do not lead to those of what
    follows (RFC 8446 section 7.1). TLS 1.2 has one secret for everything, which is
    not kept; its handshake can be read without.
    """
    context.set_keylog_callback(_keep if request_certificate else _keep_of_handshake)


def take_session_secrets(connection: SSL.Connection) -> list[str]:
    """The lines that have been kept since they were taken last."""
    return _kept.pop(connection, [])


def _keep(connection: SSL.Connection, line: bytes) -> None:
    _kept.setdefault(connection, []).append(line.decode("ascii"))


def _keep_of_handshake(connection: SSL.Connection, line: bytes) -> None:
    if line.startswith(_HANDSHAKE):
        _keep(connection, line)
