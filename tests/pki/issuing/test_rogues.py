"""The rogues' gallery: in banking-client's name, and wrong in exactly one way."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature

from pki import pem
from pki.issuing.layout import Layout
from pki.issuing.rogues import ROGUES
from tests.pki.certificate_assertions import (
    SERVER_AUTH,
    assert_is_client_certificate,
    assert_is_issued_by,
)


def _leaf(deployment: Layout, name: str) -> x509.Certificate:
    return deployment.load(name).leaf


def _intermediate(deployment: Layout) -> x509.Certificate:
    return deployment.load("banking-client").chain[1]


@pytest.mark.parametrize("name", ROGUES)
def test_name_is_the_victims(deployment: Layout, name: str) -> None:
    """A rogue bears banking-client's subject, octet for octet, and another key."""
    rogue, victim = _leaf(deployment, name), _leaf(deployment, "banking-client")
    assert rogue.subject.public_bytes() == victim.subject.public_bytes()
    assert rogue.public_key() != victim.public_key()


@pytest.mark.parametrize("name", [n for n in ROGUES if n != "rogue-server-only"])
def test_extensions_are_a_clients(deployment: Layout, name: str) -> None:
    """All but one have the extensions of a proper client certificate."""
    assert_is_client_certificate(_leaf(deployment, name))


@pytest.mark.parametrize(
    "name",
    ["rogue-expired", "rogue-not-yet-valid", "rogue-server-only", "rogue-revoked"],
)
def test_issued_by_the_authority(deployment: Layout, name: str) -> None:
    """Those whose fault lies elsewhere are issued by the authority for clients."""
    assert_is_issued_by(_leaf(deployment, name), _intermediate(deployment))


@pytest.mark.parametrize(
    "name", [n for n in ROGUES if n not in {"rogue-expired", "rogue-not-yet-valid"}]
)
def test_valid_today(deployment: Layout, now: float, name: str) -> None:
    """Those whose fault lies elsewhere are valid today."""
    leaf, today = _leaf(deployment, name), datetime.fromtimestamp(now, UTC)
    assert leaf.not_valid_before_utc < today < leaf.not_valid_after_utc


def test_unknown_ca(deployment: Layout) -> None:
    """Its issuer is nobody we trust."""
    rogue = _leaf(deployment, "rogue-unknown-ca")
    (root,) = pem.load_certificates(deployment.client_roots)
    assert rogue.issuer not in {root.subject, _intermediate(deployment).subject}
    assert rogue.issuer != rogue.subject


def test_self_signed(deployment: Layout) -> None:
    """It is vouched for by itself."""
    rogue = _leaf(deployment, "rogue-self-signed")
    rogue.verify_directly_issued_by(rogue)


def test_expired(deployment: Layout, now: float) -> None:
    """It ended a day ago."""
    rogue = _leaf(deployment, "rogue-expired")
    ended = datetime.fromtimestamp(now, UTC) - rogue.not_valid_after_utc
    assert timedelta(days=1) < ended < timedelta(days=2)
    assert rogue.not_valid_before_utc < rogue.not_valid_after_utc


def test_not_yet_valid(deployment: Layout, now: float) -> None:
    """It begins in ten years."""
    begins = _leaf(deployment, "rogue-not-yet-valid").not_valid_before_utc
    assert begins.year - datetime.fromtimestamp(now, UTC).year == 10


def test_server_only(deployment: Layout) -> None:
    """Its one purpose is to serve."""
    extensions = _leaf(deployment, "rogue-server-only").extensions
    usage = extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert usage.value == SERVER_AUTH


def test_not_a_ca(deployment: Layout) -> None:
    """Another client has signed it with its leaf, and sends that leaf along."""
    rogue, *path = deployment.load("rogue-not-a-ca").chain
    other_tpp = deployment.load("other-tpp")
    assert tuple(path) == other_tpp.chain
    assert_is_issued_by(rogue, other_tpp.leaf)
    with pytest.raises((ValueError, InvalidSignature)):
        rogue.verify_directly_issued_by(_intermediate(deployment))


def test_revoked(deployment: Layout) -> None:
    """It is the one certificate on the lists."""
    lists = pem.load_revocation_lists(deployment.client_revocation_lists)
    serials = [entry.serial_number for each in lists for entry in each]
    assert serials == [_leaf(deployment, "rogue-revoked").serial_number]
