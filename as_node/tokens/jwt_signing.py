"""
Signing of JSON Web Tokens, RFC 7515 and RFC 7518.

The one place where JOSE is done on `cryptography` directly. jwcrypto signs as well,
but at three times the cost (86 microseconds against 23 for ES256, measured), which
was 43 % of a token request. Keys as JWKs and all verification are jwcrypto's, and
the tests have it verify whatever is signed here.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Literal, get_args

from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from pki.keys import new_p256_key, new_rsa_key

SigningAlg = Literal["ES256", "PS256", "EdDSA"]
# FAPI 2.0 section 5.4 allows these three and no other.
SIGNING_ALGS: tuple[SigningAlg, ...] = get_args(SigningAlg)

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | Ed25519PrivateKey

_ES256 = ec.ECDSA(SHA256())
# RFC 7518 section 3.5: MGF1 with SHA-256, and a salt as long as the hash.
_PSS = padding.PSS(mgf=padding.MGF1(SHA256()), salt_length=32)
_SHA256 = SHA256()


def new_private_key(alg: SigningAlg) -> PrivateKey:
    """A new key for *alg*: P-256, RSA of 2048 bits, or Ed25519."""
    if alg == "ES256":
        return new_p256_key()
    if alg == "PS256":
        return new_rsa_key()
    return Ed25519PrivateKey.generate()


class JWTSigner:
    """
    Signs JWTs of one `typ` with one key.

    The key object and the encoded header are kept: they are the same for each token.
    """

    def __init__(
        self, private_key: PrivateKeyTypes, *, alg: str, kid: str, typ: str
    ) -> None:
        """
        Raises:
            ValueError: the key is not one for *alg*.
        """
        self._private_key = _verified_for(alg, private_key)
        self.alg = alg
        self.kid = kid
        self._header = header_segment(alg=alg, kid=kid, typ=typ)

    def sign(self, claims: Mapping[str, object]) -> str:
        """*claims* as a JWT in JWS Compact Serialization, RFC 7515 section 7.1."""
        payload = json.dumps(claims, separators=(",", ":")).encode("ascii")
        signing_input = f"{self._header}.{base64url(payload)}"
        signature = _signature(self._private_key, signing_input.encode("ascii"))
        return f"{signing_input}.{base64url(signature)}"


def header_segment(*, alg: str, kid: str, typ: str) -> str:
    """The JOSE header of a JWT as it stands before the first dot."""
    header = {"typ": typ, "alg": alg, "kid": kid}
    return base64url(json.dumps(header, separators=(",", ":")).encode("ascii"))


def base64url(data: bytes) -> str:
    """RFC 7515 section 2: base64url with all trailing `=` omitted."""
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _signature(key: PrivateKey, signing_input: bytes) -> bytes:
    if isinstance(key, ec.EllipticCurvePrivateKey):
        # RFC 7518 section 3.4: r and s, 32 octets each, and not the DER that
        # everybody else uses.
        r, s = decode_dss_signature(key.sign(signing_input, _ES256))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(signing_input, _PSS, _SHA256)
    return key.sign(signing_input)  # RFC 8037 section 3.1


def _verified_for(alg: str, key: PrivateKeyTypes) -> PrivateKey:
    match alg, key:
        case "ES256", ec.EllipticCurvePrivateKey(curve=ec.SECP256R1()):
            return key
        case "PS256", rsa.RSAPrivateKey(key_size=size) if size >= 2048:
            return key
        case "EdDSA", Ed25519PrivateKey():
            return key
    raise ValueError(f"this is no private key for {alg}")
