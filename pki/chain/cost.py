"""
Certificates that cost too much to look at.

To check one signature takes as long as its key is large: 21 ms with an RSA key of 3072
bits whose public exponent is as long as the modulus, against 0.1 ms with any exponent
that anybody uses, and a peer may send a thousand such keys in a hundred kilobytes. So
this is asked before the first signature is checked, of every certificate, whatever it
will be good for.
"""

from collections.abc import Sequence
from weakref import WeakSet

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa

from pki.chain.limits import (
    LARGEST_CERTIFICATE,
    LARGEST_EXPONENT,
    LARGEST_KEY,
    MOST_CERTIFICATES,
)
from pki.malformed import UNREADABLE
from pki.peer import PeerCertificate


class TooCostly(ValueError):
    """More than is looked at; the text is for the operator's log."""


def verify_peer_cost(peer: PeerCertificate) -> None:
    """
    All that a peer sent may be looked at.

    A certificate that cannot be read is none of this: whoever needs it will say so.
    What may be looked at is not asked again while it is remembered.

    Raises:
        TooCostly: they are too many, or one is too large, or has too large a key.
    """
    if peer in _affordable:
        return
    sent: Sequence[bytes] = (peer.der, *peer.sent_after)
    if len(sent) > MOST_CERTIFICATES:
        raise TooCostly(
            f"{len(sent)} certificates, expected at most {MOST_CERTIFICATES}"
        )
    for number, der in enumerate(sent):
        try:
            verify_cost(der)
        except TooCostly as error:
            raise TooCostly(f"certificate {number + 1}: {error}") from error
    _affordable.add(peer)


_affordable: WeakSet[PeerCertificate] = WeakSet()


def verify_cost(der: bytes) -> bool:
    """
    One certificate may be looked at.

    Returns whether its key could be measured: one that nobody here can read is not,
    and nobody here will use it.

    Raises:
        TooCostly: it is too large, or its key is.
    """
    if len(der) > LARGEST_CERTIFICATE:
        raise TooCostly(f"{len(der)} bytes, expected at most {LARGEST_CERTIFICATE}")
    try:
        key = x509.load_der_x509_certificate(der).public_key()
    except (UnsupportedAlgorithm, *UNREADABLE):
        return False
    bits = getattr(key, "key_size", 0)  # those of a fixed size have none
    if bits > LARGEST_KEY:
        raise TooCostly(f"a key of {bits} bits, expected at most {LARGEST_KEY}")
    if isinstance(key, rsa.RSAPublicKey):
        exponent = key.public_numbers().e.bit_length()
        if exponent > LARGEST_EXPONENT:
            raise TooCostly(
                f"the public exponent of an RSA key has {exponent} bits,"
                f" expected at most {LARGEST_EXPONENT}"
            )
    return True
