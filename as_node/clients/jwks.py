"""
The certificates in a client's JWK set, RFC 8705 section 2.2.2.

A certificate is what `x5c` (RFC 7517 section 4.7) of a key has first. `use`, `alg`,
`kid` and the like are ignored: what is registered is the certificate.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from jwcrypto.common import JWException
from jwcrypto.jwk import JWK

from pki.malformed import UNREADABLE
from pki.thumbprint import x5t_s256

# RFC 7518 sections 6.2.2, 6.3.2 and 6.4, RFC 8037 section 2.
_PRIVATE_MEMBERS = ("d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv")
# Those of all key types: a key has the ones of its own type, and none of another.
_PUBLIC_MEMBERS = ("kty", "crv", "x", "y", "n", "e", "pub")

_BASE64URL = re.compile(r"[A-Za-z0-9_-]+={0,2}")


class JwksError(ValueError):
    """The JWK set registers no certificate, or a wrong one; the text is one line."""


def registered_thumbprints(jwks: object) -> frozenset[str]:
    """
    The thumbprints (`x5t#S256`) of the certificates in a JWK set.

    *jwks* is the set as parsed from JSON or TOML. Keys without `x5c` are ignored.
    Who signed a certificate, and its dates, are not checked (RFC 8705 section 2.2).

    Raises:
        JwksError: not a JWK set, no certificate in it, one that is not in standard
            base64 or belongs to another key than its JWK, or a private key.
    """
    keys = jwks.get("keys") if isinstance(jwks, Mapping) else None
    if not isinstance(keys, list):
        raise JwksError('expected a JWK set, {"keys": […]}; found something else')
    thumbprints = set()
    for index, jwk in enumerate(keys):
        try:
            verify_public(jwk)
            if "x5c" in jwk:
                thumbprints.add(_thumbprint(jwk))
        except JwksError as error:
            raise JwksError(f"keys[{index}]: {error}") from error
    if not thumbprints:
        raise JwksError("expected an x5c in one key at least, found none")
    return frozenset(thumbprints)


def verify_public(jwk: object) -> None:
    """
    *jwk* is an object, and no member of it is one of a private key.

    Raises:
        JwksError: it is not so.
    """
    if not isinstance(jwk, Mapping):
        raise JwksError("expected a JSON object, found something else")
    for member in _PRIVATE_MEMBERS:
        if member in jwk:
            raise JwksError(f"expected a public key, found the private {member!r}")


def _thumbprint(jwk: Mapping[str, Any]) -> str:
    x5c = jwk["x5c"]
    if not isinstance(x5c, list) or not x5c:
        raise JwksError("x5c: expected an array of certificates, found something else")
    ders = [_der(value) for value in x5c]
    _verify_same_key(jwk, ders[0])
    return x5t_s256(ders[0])


def _der(value: object) -> bytes:
    """
    The octets of one `x5c` value, RFC 7517 section 4.7.

    The two forms people write instead are refused each in its own words.
    """
    expected = "x5c: expected standard base64 of DER"
    if not isinstance(value, str):
        raise JwksError(f"{expected}, found no string")
    if "-----BEGIN" in value:
        raise JwksError(f"{expected}, found PEM")
    if _BASE64URL.fullmatch(value) and (len(value) % 4 or {*value} & {"-", "_"}):
        raise JwksError(f"{expected} with padding, found base64url")
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:  # ValueError: not ASCII
        raise JwksError(f"{expected}: {error}") from error


def _verify_same_key(jwk: Mapping[str, Any], der: bytes) -> None:
    """
    RFC 7517 section 4.7: the key in the first certificate is the JWK's own.

    jwcrypto 1.6.1 does not look. The members are compared as they are written, for
    RFC 7518 section 6 allows one way only to write each.
    """
    try:
        key: Any = x509.load_der_x509_certificate(der).public_key()
        certified = JWK.from_pyca(key).export_public(as_dict=True)
    except (UnsupportedAlgorithm, *UNREADABLE) as error:
        raise JwksError(f"x5c: expected a certificate: {error}") from error
    except (JWException, KeyError) as error:  # KeyError: a curve JOSE has no name for
        raise JwksError("x5c: expected a key that a JWK can say") from error
    for member in _PUBLIC_MEMBERS:
        if jwk.get(member) != certified.get(member):
            raise JwksError(
                f"{member}: expected the certificate's key,"
                f" {certified.get(member)!r}, found {jwk.get(member)!a:.120}"
            )
