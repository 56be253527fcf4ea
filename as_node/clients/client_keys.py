"""
The keys with which a `private_key_jwt` client signs, from its JWK set.

A client registers public keys (RFC 7591 section 2, `jwks`); here each must be of a
kind that FAPI 2.0 section 5.4 allows, and there is one algorithm for each kind, so
that the key decides about the algorithm and not the assertion (RFC 8725 section 3.1).
`x5u` and `jku` are never followed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jwcrypto.common import JWException
from jwcrypto.jwk import JWK

from as_node.clients.jwks import JwksError, verify_public

_LEAST_RSA_BITS = 2048


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


def registered_keys(jwks: object) -> RegisteredKeys:
    """
    The keys in a JWK set, as parsed from JSON or TOML, that are for signatures.

    Keys whose `use` is another are left aside.

    Raises:
        JwksError: not a JWK set, no such key in it, a private key, one that FAPI 2.0
            section 5.4 does not allow, or two that cannot be told apart by `kid`.
    """
    keys = jwks.get("keys") if isinstance(jwks, Mapping) else None
    if not isinstance(keys, list):
        raise JwksError('expected a JWK set, {"keys": […]}; found something else')
    found = tuple(_signing_keys(keys))
    if not found:
        raise JwksError("expected a key for signatures, found none")
    names = {key.kid for key in found}
    if len(names) != len(found) or (len(found) > 1 and None in names):
        raise JwksError("expected a kid of its own for each key")
    return RegisteredKeys(found)


def _signing_keys(keys: list[Any]) -> Iterator[VerificationKey]:
    for index, jwk in enumerate(keys):
        try:
            verify_public(jwk)
            if jwk.get("use", "sig") == "sig":
                yield _verification_key(jwk)
        except JwksError as error:
            raise JwksError(f"keys[{index}]: {error}") from error


def _verification_key(members: Mapping[str, Any]) -> VerificationKey:
    try:
        jwk = JWK(**members)
        alg = _alg(jwk)
    except JwksError:
        raise
    except (JWException, ValueError, TypeError, KeyError) as error:
        raise JwksError(f"expected a public key: {error!s:.120}") from error
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
    if alg == "PS256" and public_key.key_size < _LEAST_RSA_BITS:
        raise JwksError(f"expected {_LEAST_RSA_BITS} bits, found {public_key.key_size}")
    return alg
