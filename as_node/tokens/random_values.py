"""
Values that mean something to this server alone: codes, refresh tokens, opaque access
tokens. Whoever holds one may use it, so what is kept is only its hash.
"""

import hashlib
import secrets


def new_opaque_value() -> str:
    """
    256 bits of randomness, as 43 characters of base64url.

    FAPI 2.0 section 5.4.1 asks for 128, RFC 6749 section 10.10 recommends 160.
    """
    return secrets.token_urlsafe(32)


def sha256_of(value: str) -> bytes:
    """
    The hash under which *value* is kept, or would be.

    Any text has one, so what a peer sent needs no other check: it is unknown. No
    salt is needed for values that nobody can guess.
    """
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).digest()
