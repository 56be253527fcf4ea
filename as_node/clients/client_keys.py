"""
The keys with which a `private_key_jwt` client signs, from its JWK set.

A client registers public keys (RFC 7591 section 2, `jwks`); here each must be of a
kind that FAPI 2.0 section 5.4 allows, and there is one algorithm for each kind, so
that the key decides about the algorithm and not the assertion (RFC 8725 section 3.1).
`x5u` and `jku` are never followed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from jwcrypto.common import JWException
from jwcrypto.jwk import JWK

from as_node.clients.jwks import (
    LEAST_RSA_BITS,
    JwksError,
    Tell,
    reason,
    tell_nobody,
    usable_keys,
)

# What jwcrypto 1.6.1 raises, or lets through, for members of wrong types and values.
_NO_KEY = (
    JWException,
    UnsupportedAlgorithm,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    OverflowError,
)


@dataclass(frozen=True, slots=True)
class VerificationKey:
    """A public key of a client; *kid* is None where the client gave it no name."""

    kid: str | None
    alg: str
    jwk: JWK


@dataclass(frozen=True, slots=True)
class RegisteredKeys:
    """The keys of a client that signs, in the order of its JWK set."""

    keys: tuple[VerificationKey, ...]


def registered_keys(jwks: object, tell: Tell = tell_nobody) -> RegisteredKeys:
    """
    The keys in a JWK set, as parsed from JSON or TOML, that are for signatures.

    Keys whose `use` is another are left aside. Passed over, and told of by *tell*, is a
    private key, one that FAPI 2.0 section 5.4 does not allow, and one that cannot be
    read. Several may have one `kid`, or none: FAPI 2.0 section 5.6.4 has the verifier
    consider what else is known of them.

    Raises:
        JwksError: not a JWK set, or no such key in it that can be used.
    """
    what = "expected a key for signatures"
    return RegisteredKeys(usable_keys(jwks, _find_signing_key, what, tell))


def _find_signing_key(members: Mapping[str, Any]) -> VerificationKey | None:
    use = members.get("use", "sig")
    if not isinstance(use, str):
        raise JwksError("use: expected a string, found something else")
    return _verification_key(members) if use == "sig" else None


def _verification_key(members: Mapping[str, Any]) -> VerificationKey:
    jwk = JWK()
    try:
        jwk.import_key(**members)
        alg = _alg(jwk)
    except JwksError:
        raise
    except _NO_KEY as error:
        raise JwksError(f"expected a public key: {reason(error)}") from error
    if (registered := members.get("alg", alg)) != alg:
        raise JwksError(f"alg: expected {alg}, found {registered!a:.120}")
    kid = members.get("kid")
    if kid is not None and not isinstance(kid, str):
        raise JwksError("kid: expected a string, found something else")
    return VerificationKey(kid, alg, jwk)


def _alg(jwk: JWK) -> str:
    """The one algorithm of a key: RFC 7518 sections 3.4 and 3.5, RFC 8037."""
    members: Mapping[str, Any] = jwk.export_public(as_dict=True)
    match members:
        case {"kty": "EC", "crv": "P-256"}:
            alg = "ES256"
        case {"kty": "OKP", "crv": "Ed25519"}:
            alg = "EdDSA"
        case {"kty": "RSA"}:
            alg = "PS256"
        case _:
            raise JwksError("expected P-256, Ed25519 or RSA, found another kind of key")
    public_key: Any = jwk.get_op_key("verify")  # which reads it: is it one at all?
    if alg == "PS256" and public_key.key_size < LEAST_RSA_BITS:
        raise JwksError(f"expected {LEAST_RSA_BITS} bits, found {public_key.key_size}")
    return alg
