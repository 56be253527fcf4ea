"""
The assertion by which a `private_key_jwt` client says who it is: RFC 7523 section 2.2.

It says that and nothing more. Tokens are bound to the certificate of the connection
all the same, so such a client goes to the `mtls_endpoint_aliases` like any other.
"""

import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jwcrypto.jwk import JWK
from jwcrypto.jwt import JWT

from pki import pem
from pki.pem import PemError

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

LIFETIME = 60
"""Seconds: an assertion is made for one request, and sent at once."""

_ALGS = {"EC": "ES256", "RSA": "PS256"}


def load_signing_key(path: Path) -> JWK:
    """
    The key in a PEM file; its `kid` is the RFC 7638 thumbprint.

    Raises:
        PemError: there is none, or it is neither P-256 nor RSA.
    """
    key = JWK.from_pyca(pem.load_private_key(path))
    members: Mapping[str, Any] = key.export_public(as_dict=True)
    if members.get("crv", "P-256") != "P-256":
        raise PemError(f"{path}: neither a P-256 nor an RSA key")
    return key


def client_assertion(key: JWK, client_id: str, issuer: str, now: float) -> str:
    """
    A new assertion of *client_id*, for the authorization server *issuer* alone.

    FAPI 2.0 section 5.3.3.1: `aud` is the issuer identifier, as a string. *now* is in
    seconds since the epoch.

    Raises:
        ValueError: *key* is a public one.
    """
    if not key.has_private:
        raise ValueError("this key cannot sign: it is a public one")
    members: Mapping[str, Any] = key.export_public(as_dict=True)
    header = {"typ": "JWT", "alg": _ALGS[members["kty"]], "kid": members["kid"]}
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": issuer,
        "jti": secrets.token_urlsafe(16),
        "iat": int(now),
        "exp": int(now) + LIFETIME,
    }
    assertion = JWT(header=json.dumps(header), claims=json.dumps(claims))
    assertion.make_signed_token(key)
    return str(assertion.serialize())


def assertion_parameters(assertion: str) -> dict[str, str]:
    """The two parameters that go with a request, RFC 7521 section 4.2."""
    return {"client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion}
