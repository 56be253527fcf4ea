"""
The proof key of an authorization request, RFC 7636 section 4.3.

`as_node.protocol.code_verifier` compares it with the verifier when the code comes back.
"""

import re

from as_node.protocol.errors import InvalidRequest
from as_node.protocol.parameters import Parameters, require
from pki.http.journal import Journal

# RFC 7636 section 4.2: 32 octets of SHA-256 in base64url without padding.
_CODE_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


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
