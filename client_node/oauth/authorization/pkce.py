"""Proof Key for Code Exchange: RFC 7636, method S256."""

import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256

METHOD = "S256"


def new_code_verifier() -> str:
    """
    A new `code_verifier` of 43 characters, RFC 7636 section 4.1.

    256 random bits; one for each authorization request, and used for no other.
    """
    return secrets.token_urlsafe(32)


def code_challenge(code_verifier: str) -> str:
    """The `code_challenge` of method S256 to a verifier, RFC 7636 section 4.2."""
    digest = sha256(code_verifier.encode("ascii")).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
