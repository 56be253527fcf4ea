"""
Proof key for code exchange, RFC 7636: the challenge that an authorization request
carries, and the verifier that comes with its code.
"""

import re
from base64 import urlsafe_b64encode
from hashlib import sha256
from hmac import compare_digest

from as_node.protocol.errors import InvalidGrant, InvalidRequest
from as_node.protocol.parameters import Parameters, require
from pki.http.journal import Journal

# RFC 7636 section 4.2: 32 octets of SHA-256 in base64url without padding.
_CODE_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")

# RFC 7636 section 4.1: code-verifier = 43*128unreserved.
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


def s256_challenge(parameters: Parameters, journal: Journal) -> str:
    """
    The `code_challenge`, by the one method that tells a thief nothing.

    Raises:
        InvalidRequest: there is none, or of another method: one that is not named
            is `plain` (RFC 7636 section 4.3).
    """
    rule = "RFC 7636 section 4.3"
    challenge = require(parameters, "code_challenge")
    method = parameters.get("code_challenge_method", "plain")
    if method != "S256":
        raise InvalidRequest(
            "the method of the code challenge is not S256",
            rule=rule,
            expected="S256",
            presented=method[:80],
        )
    if not _CODE_CHALLENGE.fullmatch(challenge):
        raise InvalidRequest(
            "the code challenge is no SHA-256 hash in base64url",
            rule="RFC 7636 section 4.2",
            expected="43 characters of base64url",
            presented=f"{len(challenge)} characters",
        )
    journal.accepted(
        "the request carries a code challenge",
        s256_challenge,
        rule=rule,
        expected="S256",
        presented=method,
    )
    return challenge


def verify_code_verifier(
    expected: str, parameters: Parameters, journal: Journal
) -> None:
    """
    The client knows the secret behind the code challenge, RFC 7636 section 4.6.

    *expected* is the challenge of the authorization request, which has the form of
    one. So the code answers the request that this same client made, for this same
    browser, and not one that somebody else put into it.

    Raises:
        InvalidGrant: there is no verifier, it is none by its form, or another.
    """
    rule = "RFC 7636 section 4.6"
    verifier = parameters.get("code_verifier")
    if verifier is None:
        raise InvalidGrant("there is no code_verifier", rule=rule)
    if not _VERIFIER.fullmatch(verifier):
        raise InvalidGrant(
            "no code_verifier by its form: 43 to 128 unreserved characters",
            rule="RFC 7636 section 4.1",
            presented=f"{len(verifier)} characters",
        )
    challenge = code_challenge(verifier)
    if not compare_digest(challenge, expected):
        raise InvalidGrant(
            "not the verifier of the code challenge",
            rule=rule,
            expected=expected,
            presented=challenge,
        )
    journal.accepted(
        "the verifier is that of the code challenge",
        verify_code_verifier,
        rule=rule,
        expected=expected,
        presented=challenge,
    )


def code_challenge(verifier: str) -> str:
    """The challenge of a verifier by the method S256, RFC 7636 section 4.2."""
    digest = sha256(verifier.encode("ascii")).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
