"""
A client's JWK set, and the certificates in it: RFC 7517, RFC 8705 section 2.2.2.

A key that cannot be used is passed over, RFC 7517 section 5: what a directory publishes
for one client has keys of all kinds in it, and one of tomorrow's must not lock out who
authenticates with another. A set in which nothing is left is refused.

A certificate is what `x5c` (RFC 7517 section 4.7) of a key has first. `use`, `alg`,
`kid` and the like are ignored: what is registered is the certificate.
"""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from jwcrypto.common import JWException
from jwcrypto.jwk import JWK

from pki.malformed import UNREADABLE
from pki.thumbprint import x5t_s256

# RFC 7518 sections 6.2.2, 6.3.2 and 6.4, RFC 8037 section 2.
_PRIVATE_MEMBERS = ("d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv")
# Those of all key types: a key has the ones of its own type, and none of another.
_PUBLIC_MEMBERS = ("kty", "crv", "x", "y", "n", "e", "pub")

_BASE64URL = re.compile(r"[A-Za-z0-9_-]+={0,2}")


LEAST_RSA_BITS = 2048
"""FAPI 2.0 Security Profile section 5.4."""

Key = TypeVar("Key")
Tell = Callable[[str], None]


class JwksError(ValueError):
    """The JWK set, or one key of it, is of no use; the text is one line."""


def tell_nobody(_line: str) -> None:
    """For who asks only whether a set can be used."""


def usable_keys(
    jwks: object,
    read: Callable[[Mapping[str, Any]], Key | None],
    what: str,
    tell: Tell,
) -> tuple[Key, ...]:
    """
    What *read* makes of the keys of a JWK set, at least one.

    *read* gives None for a key that is for something else, and raises `JwksError` for
    one that cannot be used: that is told by *tell*, in a line, and passed over.

    Raises:
        JwksError: not a JWK set, or no such key in it; where some were passed over,
            why the first of them was, else that *what* is expected.
    """
    keys = jwks.get("keys") if isinstance(jwks, Mapping) else None
    if not isinstance(keys, list):
        raise JwksError('expected a JWK set, {"keys": […]}; found something else')
    found, passed_over = [], []
    for index, jwk in enumerate(keys):
        try:
            key = read(verify_public(jwk))
        except JwksError as error:
            passed_over.append(f"keys[{index}]: {error}")
            continue
        if key is not None:
            found.append(key)
    if not found:
        raise JwksError(passed_over[0] if passed_over else f"{what}, found none")
    for line in passed_over:
        tell(f"{line}; this key is passed over")
    return tuple(found)


def registered_thumbprints(jwks: object, tell: Tell = tell_nobody) -> frozenset[str]:
    """
    The thumbprints (`x5t#S256`) of the certificates in a JWK set.

    *jwks* is the set as parsed from JSON or TOML. Keys without `x5c` are ignored.
    Passed over is a certificate that is not in standard base64, that belongs to
    another key than its JWK, or whose RSA key is short; and a private key. Who signed
    a certificate, and its dates, are not checked (RFC 8705 section 2.2).

    Raises:
        JwksError: not a JWK set, or no certificate in it that can be used.
    """
    what = "expected an x5c in one key at least"
    return frozenset(usable_keys(jwks, _find_thumbprint, what, tell))


def verify_public(jwk: object) -> Mapping[str, Any]:
    """
    *jwk*, which is an object of which no member is one of a private key.

    Raises:
        JwksError: it is not so.
    """
    if not isinstance(jwk, Mapping):
        raise JwksError("expected a JSON object, found something else")
    for member in _PRIVATE_MEMBERS:
        if member in jwk:
            raise JwksError(f"expected a public key, found the private {member!r}")
    return jwk


def reason(error: Exception) -> str:
    """What a library says, on one line, or at least which error it was."""
    return " ".join(str(error).split())[:120] or type(error).__name__


def _find_thumbprint(jwk: Mapping[str, Any]) -> str | None:
    return _thumbprint(jwk) if "x5c" in jwk else None


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
        raise JwksError(f"{expected}: {reason(error)}") from error


def _verify_same_key(jwk: Mapping[str, Any], der: bytes) -> None:
    """
    RFC 7517 section 4.7: the key in the first certificate is the JWK's own; and it is
    none that `tls_client_auth` and `private_key_jwt` refuse (FAPI 2.0 section 5.4).

    jwcrypto 1.6.1 does not look. The members are compared as they are written, for
    RFC 7518 section 6 allows one way only to write each.
    """
    try:
        key: Any = x509.load_der_x509_certificate(der).public_key()
        certified = JWK.from_pyca(key).export_public(as_dict=True)
    except UNREADABLE as error:
        raise JwksError(f"x5c: expected a certificate: {reason(error)}") from error
    except (JWException, KeyError) as error:  # KeyError: a curve JOSE has no name for
        raise JwksError("x5c: expected a key that a JWK can say") from error
    for member in _PUBLIC_MEMBERS:
        if jwk.get(member) != certified.get(member):
            raise JwksError(
                f"{member}: expected the certificate's key,"
                f" {certified.get(member)!r}, found {jwk.get(member)!a:.120}"
            )
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < LEAST_RSA_BITS:
        raise JwksError(f"expected {LEAST_RSA_BITS} bits, found {key.key_size}")
