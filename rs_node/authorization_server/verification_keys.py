"""The keys in an authorization server's JWK set that verify access tokens."""

from collections.abc import Mapping
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


def verification_keys(document: bytes) -> dict[tuple[str, str], VerificationKey]:
    """
    The usable keys of a JWK set by `kid` and `alg`.

    RFC 7517 section 5: keys of kinds that are not understood, or for another use,
    are passed over. RFC 8725 section 3.1: a key is used with one algorithm only,
    the one it says or else the one of its kind.

    Raises:
        ValueError: this is not a JWK set.
    """
    listed = json_object(document).get("keys")
    if not isinstance(listed, list):
        raise ValueError("no JWK set: keys is not an array")  # noqa: TRY004 - see json_object
    keys = [_key(members) for members in listed if isinstance(members, dict)]
    return {(key.kid, key.alg): key for key in keys if key is not None}


def _key(members: Mapping[str, object]) -> VerificationKey | None:
    kid = members.get("kid")
    alg = _ALGORITHMS.get((str(members.get("kty")), str(members.get("crv"))))
    if not isinstance(kid, str) or alg is None or members.get("alg", alg) != alg:
        return None
    try:
        jwk = JWK()
        jwk.import_key(**members)
        public = jwk.get_op_key("verify")  # heeds `use` and `key_ops`
    except (JWException, ValueError, TypeError):
        return None
    if alg == "PS256" and public.key_size < _LEAST_RSA_BITS:
        return None
    return VerificationKey(kid, alg, jwk)
