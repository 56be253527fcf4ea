"""Proof key for code exchange, RFC 7636: the token endpoint's side of it."""

import re
from base64 import urlsafe_b64encode
from hashlib import sha256
from hmac import compare_digest

from as_node.protocol.errors import InvalidGrant
from as_node.protocol.parameters import Parameters
from pki.http.journal import Journal

# RFC 7636 section 4.1: code-verifier = 43*128unreserved.
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


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
