"""
A compact JWS of the authorization server's: RFC 7515 section 7.1.

Signatures are jwcrypto's to verify, with a key and an algorithm of our choice; of its
defaults none is relied on.
"""

import re

from jwcrypto.common import JWException, base64url_decode
from jwcrypto.jws import JWS

from pki.http.strict_json import json_object
from rs_node.authorization_server.verification_keys import VerificationKey

_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")


def is_compact_jws(text: str) -> bool:
    """Whether *text* has the form of one; nothing in it is looked at."""
    return _COMPACT.fullmatch(text) is not None


def read_jose_header(jws: str) -> dict[str, object]:
    """
    The header, which is the presenter's word until the signature is verified.

    Raises:
        ValueError: it is no JSON object.
    """
    return json_object(base64url_decode(jws.partition(".")[0]))


def verified_payload(jws: str, key: VerificationKey) -> bytes:
    """
    The payload, signed with *key* and by its algorithm.

    Raises:
        ValueError: it is not.
    """
    signed = JWS()
    signed.allowed_algs = [key.alg]
    try:
        signed.deserialize(jws)
        signed.verify(key.jwk, key.alg)
    except JWException as error:
        raise ValueError("the signature is wrong") from error
    payload: bytes = signed.payload
    return payload
