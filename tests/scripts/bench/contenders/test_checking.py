"""A contender whose tokens are not bound is not measured."""

import base64
import hashlib
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from pki import pem
from pki.issuing import authority, profiles
from pki.issuing.validity import validity
from scripts.bench.contenders import checking
from scripts.bench.contenders.contender import Skipped
from scripts.bench.contenders.site import Site

NOW = 1_700_000_000.0


def encoded(octets: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def jwt(alg: str, **claims: object) -> str:
    """One that nobody signed: what is looked at is what it says."""
    parts = ({"alg": alg}, claims)
    return ".".join([*(encoded(json.dumps(part).encode()) for part in parts), "x"])


@pytest.fixture
def bound(tmp_path: Path) -> tuple[Site, dict[str, str]]:
    """A site with the client `c`, and the confirmation of its certificate."""
    issued = authority.self_signed(
        profiles.CLIENT, profiles.subject("c", "Test"), validity(NOW, 1)
    )
    (tmp_path / "c.pem").write_bytes(pem.certificates_to_pem(issued.chain))
    digest = hashlib.sha256(issued.leaf.public_bytes(Encoding.DER)).digest()
    return Site(tmp_path, tmp_path, tmp_path, 0), {"x5t#S256": encoded(digest)}


def test_a_bound_token(bound: tuple[Site, dict[str, str]]) -> None:
    """It names the certificate, and is signed as is asked for."""
    site, cnf = bound
    checking.verify_jwt(site, "c", "ES256", jwt("ES256", cnf=cnf))
    with pytest.raises(Skipped, match="signs with RS256, not ES256"):
        checking.verify_jwt(site, "c", "ES256", jwt("RS256", cnf=cnf))


def test_another_certificate_or_none(bound: tuple[Site, dict[str, str]]) -> None:
    """Then it is less work, and no mutual TLS."""
    site, _ = bound
    with pytest.raises(Skipped, match="bound to AAAA"):
        checking.verify_jwt(site, "c", "ES256", jwt("ES256", cnf={"x5t#S256": "AAAA"}))
    with pytest.raises(Skipped, match="bound to None"):
        checking.verify_jwt(site, "c", "ES256", jwt("ES256"))


def test_introspection(bound: tuple[Site, dict[str, str]]) -> None:
    """An active token, and bound."""
    site, cnf = bound
    active = {"active": True, "cnf": cnf}
    checking.verify_introspected(site, "c", json.dumps(active).encode())
    with pytest.raises(Skipped, match="not active"):
        checking.verify_introspected(site, "c", b'{"active": false}')
