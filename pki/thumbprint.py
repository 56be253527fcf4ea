"""
The X.509 certificate SHA-256 thumbprint, RFC 8705 section 3.1.

The most copied and most often mistaken computation of the specification.
`tests/pki/test_thumbprint.py` lists the wrong ones seen in the wild.
"""

from base64 import urlsafe_b64encode
from hashlib import sha256


def x5t_s256(der: bytes) -> str:
    """
    The `x5t#S256` value of a certificate: 43 characters.

    RFC 8705 section 3.1: the base64url encoding of the SHA-256 digest of the
    certificate's DER, with all trailing pad characters omitted and nothing added.

    *der* is the certificate as it crossed the wire, in DER and not in PEM.
    That it is a certificate at all is not checked.
    """
    return urlsafe_b64encode(sha256(der).digest()).rstrip(b"=").decode("ascii")
