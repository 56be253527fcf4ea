"""The keys in an authorization server's JWK set that verify access tokens."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from jwcrypto.common import JWException
from jwcrypto.jwk import JWK

from pki.http.strict_json import json_object

# RFC 7518 section 3.1, RFC 8037 section 3.1: what each kind of key signs with, of
# the algorithms of FAPI 2.0 section 5.4.1.
_ALGORITHMS = {
    ("EC", "P-256"): "ES256",
    ("OKP", "Ed25519"): "EdDSA",
    ("RSA", "None"): "PS256",  # an RSA key has no curve
}
_LEAST_RSA_BITS = 2048


@dataclass(frozen=True, slots=True)
class VerificationKey:
    """A public key with its name and the one algorithm it is used with."""

    kid: str
    alg: str
    jwk: Any

    @property
    def name(self) -> str:
        """For the log and the recording."""
        return f"kid {self.kid}, {self.alg}"


def verification_keys(
    document: bytes, tell: Callable[[str], None]
) -> dict[tuple[str, str], VerificationKey]:
    """
    The usable keys of a JWK set by `kid` and `alg`.

    RFC 7517 section 5: keys of kinds that are not understood, or for another use,
    are passed over; *tell* takes a few words about each. RFC 8725 section 3.1: a key is
    used with one algorithm only, the one it says or else the one of its kind.

    Raises:
        ValueError: this is not a JWK set.
    """
    listed = json_object(document).get("keys")
    if not isinstance(listed, list):
        raise ValueError("no JWK set: keys is not an array")  # noqa: TRY004 - see json_object
    keys = {}
    for index, members in enumerate(listed):
        try:
            key = _key(members)
        except _PassedOver as why:
            tell(f"{_called(members, index)}: {why}")
        else:
            keys[key.kid, key.alg] = key
    return keys


class _PassedOver(Exception):
    """A key that verifies nothing here; the text says why."""


def _key(members: object) -> VerificationKey:
    if not isinstance(members, dict):
        raise _PassedOver("not an object")
    kid, alg = members.get("kid"), _algorithm(members)
    if not isinstance(kid, str):
        raise _PassedOver("no kid")
    try:
        jwk = JWK()
        jwk.import_key(**members)
    except (JWException, ValueError, TypeError) as error:
        raise _PassedOver("no key of its kind can be read") from error
    try:
        public = jwk.get_op_key("verify")  # heeds `use` and `key_ops`
    except (JWException, ValueError, TypeError) as error:
        raise _PassedOver("not a public key for signatures") from error
    if alg == "PS256" and public.key_size < _LEAST_RSA_BITS:
        raise _PassedOver(f"{public.key_size} bits, fewer than {_LEAST_RSA_BITS}")
    return VerificationKey(kid, alg, jwk)


def _algorithm(members: Mapping[str, object]) -> str:
    kind = (str(members.get("kty")), str(members.get("crv")))
    alg = _ALGORITHMS.get(kind)
    if alg is None:
        raise _PassedOver(ascii(f"kind {kind[0]}, curve {kind[1]}"[:60]).strip("'"))
    said = members.get("alg", alg)
    if said != alg:
        raise _PassedOver(f"for {said!a:.40}, and {alg} is what its kind is used with")
    return alg


def _called(members: object, index: int) -> str:
    kid = members.get("kid") if isinstance(members, dict) else None
    return f"kid {kid!a:.80}" if isinstance(kid, str) else f"keys[{index}]"
