"""The outer form of a JWT access token: its header, and whose signature it has."""

from collections.abc import Collection

from pki.http.checks import Check
from pki.http.journal import Journal
from rs_node.access.challenges import InvalidToken
from rs_node.authorization_server.compact_jws import (
    is_compact_jws,
    read_jose_header,
    verified_payload,
)
from rs_node.authorization_server.verification_keys import VerificationKey

_RULE = "RFC 9068 section 4"

FORM = Check("token.form", "the token is a compact JWS, with JSON in it", _RULE)
TYPE = Check("token.type", "the token's type", _RULE)
ALGORITHM = Check("token.algorithm", "the token's algorithm is one of ours", _RULE)
NOT_CRITICAL = Check(
    "token.critical-extensions",
    "the token's header asks for no extension",
    "RFC 7515 section 4.1.11",
)
KEY_NAMED = Check(
    "token.key-named", "the token's header names its key", "RFC 9068 section 2.1"
)
SIGNATURE = Check("token.signature", "the token's signature", _RULE)

_TYPES = ("at+jwt", "application/at+jwt")


def read_header(
    token: str, algorithms: Collection[str], journal: Journal
) -> tuple[str, str]:
    """
    `kid` and `alg` of a JWT access token, read from its header.

    The header is the presenter's word until the signature is verified.

    Raises:
        InvalidToken: no compact JWS, another `typ` (an ID token, RFC 8725 section
            3.11), an algorithm that is not in *algorithms*, or no `kid`.
    """
    if not is_compact_jws(token):
        raise InvalidToken("the token is not a compact JWS", FORM)
    try:
        header = read_jose_header(token)
    except ValueError as error:
        raise InvalidToken(f"the token's header: {error}", FORM) from error
    # RFC 7515 section 4.1.9: a media type, so case does not matter.
    typ, alg, kid = header.get("typ"), header.get("alg"), header.get("kid")
    if not isinstance(typ, str) or typ.lower() not in _TYPES:
        raise InvalidToken(
            "typ is not that of an access token",
            TYPE,
            expected=_TYPES[0],
            presented=str(typ),
        )
    if not isinstance(alg, str) or alg not in algorithms:
        raise InvalidToken(
            "alg is not one of ours",
            ALGORITHM,
            expected=", ".join(sorted(algorithms)),
            presented=str(alg),
        )
    if "crit" in header:  # none is understood here
        raise InvalidToken("the header has critical extensions", NOT_CRITICAL)
    if not isinstance(kid, str):
        raise InvalidToken("the header names no key", KEY_NAMED)
    journal.accepted(
        TYPE,
        read_header,
        expected=_TYPES[0],
        presented=typ,
    )
    return kid, alg


def verify_signature(token: str, key: VerificationKey, journal: Journal) -> bytes:
    """
    The payload of a compact JWS, signed with *key* and by its algorithm.

    Raises:
        InvalidToken: it is not.
    """
    try:
        payload = verified_payload(token, key)
    except ValueError as error:
        raise InvalidToken("the signature is wrong", SIGNATURE) from error
    journal.accepted(
        SIGNATURE,
        verify_signature,
        expected=key.name,
        presented=key.name,
    )
    return payload
