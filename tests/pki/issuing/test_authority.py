"""Issuing certificates and revocation lists."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.verification import (
    PolicyBuilder,
    Store,
    VerificationError,
)

from pki.alternative_names import host_names
from pki.issuing import authority, profiles
from pki.issuing.authority import Authority
from pki.issuing.profiles import subject
from pki.issuing.validity import validity
from pki.keys import new_p256_key, new_rsa_key
from pki.pem import Credential
from tests.pki.certificate_assertions import assert_is_issued_by

TPP = subject("client", "TPP Ltd", "PSDGB-FCA-900001")


def _moment(now: float) -> datetime:
    return datetime.fromtimestamp(int(now), UTC)


def test_leaf_is_sent_with_its_intermediate(
    client_intermediate: Authority, client_credential: Credential
) -> None:
    """A chain has the leaf first, then the intermediate, and no root."""
    assert client_intermediate.certificate == client_credential.chain[1]
    assert len(client_credential.chain) == 2
    assert_is_issued_by(*client_credential.chain)


def test_leaf_of_a_root_is_sent_alone(
    server_root: Authority, server_credential: Credential
) -> None:
    """The root is never sent: whoever does not have it gains nothing by it."""
    assert len(server_credential.chain) == 1
    assert_is_issued_by(server_credential.leaf, server_root.certificate)


def test_leaf_of_a_leaf_is_sent_with_both(
    client_credential: Credential, now: float
) -> None:
    """Any key can sign; the result is sent with its whole path, to be refused."""
    issued = Authority(client_credential).issue(profiles.CLIENT, TPP, validity(now, 1))
    assert client_credential.chain == issued.chain[1:]


def test_key_is_new_p256(client_credential: Credential) -> None:
    """Without a key given, a new one on P-256 is made."""
    key = client_credential.private_key
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    assert key.curve.name == "secp256r1"
    assert key.public_key() == client_credential.leaf.public_key()


def test_renewal_keeps_a_given_key(client_intermediate: Authority, now: float) -> None:
    """A certificate can be renewed over the same key."""
    key = new_p256_key()
    first = client_intermediate.issue_client(TPP, now=now, key=key)
    second = client_intermediate.issue_client(TPP, now=now, key=key)
    assert first.leaf.public_key() == second.leaf.public_key()
    assert first.leaf != second.leaf


def test_rsa_key() -> None:
    """An RSA key has 2048 bits."""
    key = new_rsa_key()
    assert isinstance(key, rsa.RSAPrivateKey)
    assert key.key_size == 2048


def test_serial_numbers_are_random(client_intermediate: Authority, now: float) -> None:
    """RFC 5280 section 4.1.2.2: positive, at most 20 octets, and never one twice."""
    serials = {
        client_intermediate.issue_client(TPP, now=now).leaf.serial_number
        for _ in range(5)
    }
    assert len(serials) == 5
    assert all(0 < serial < 2**159 for serial in serials)
    assert max(serials) > 2**100


def test_validity_begins_five_minutes_back(
    client_credential: Credential, now: float
) -> None:
    """A certificate works at once on machines whose clocks are a little behind."""
    begin = client_credential.leaf.not_valid_before_utc
    assert _moment(now) - timedelta(minutes=5) == begin
    end = client_credential.leaf.not_valid_after_utc
    assert _moment(now) + timedelta(days=30) == end


def test_leaf_does_not_outlive_its_issuer(
    client_intermediate: Authority, now: float
) -> None:
    """A leaf asked for longer than its issuer lasts ends with the issuer."""
    leaf = client_intermediate.issue_client(TPP, now=now, days=9999).leaf
    end = client_intermediate.certificate.not_valid_after_utc
    assert end == leaf.not_valid_after_utc


def test_server_does_not_outlive_its_issuer(server_root: Authority, now: float) -> None:
    """Nor does a server."""
    leaf = server_root.issue_server(TPP, ["localhost"], now=now, days=9999).leaf
    assert server_root.certificate.not_valid_after_utc == leaf.not_valid_after_utc


def test_intermediate_does_not_outlive_its_root(
    client_root: Authority, now: float
) -> None:
    """Nor does an intermediate."""
    intermediate = client_root.issue_intermediate(TPP, now=now, days=9999)
    end = intermediate.certificate.not_valid_after_utc
    assert client_root.certificate.not_valid_after_utc == end


def test_sans(client_intermediate: Authority, now: float) -> None:
    """RFC 5280 section 4.2.1.6: the entries given, not critical beside a subject."""
    sans = [x509.DNSName("a.example.com"), x509.IPAddress(ip_address("2001:db8::1"))]
    leaf = client_intermediate.issue_client(TPP, now=now, sans=sans).leaf
    extension = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    assert sans == list(extension.value)
    assert extension.critical is False


def test_self_signed(now: float) -> None:
    """A self-signed certificate is its own issuer and verifies with its own key."""
    credential = authority.self_signed(profiles.CLIENT, TPP, validity(now, 1))
    assert credential.leaf.issuer == credential.leaf.subject
    credential.leaf.verify_directly_issued_by(credential.leaf)
    assert (credential.leaf,) == credential.chain


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "::1"])
def test_server_is_trusted(
    server_root: Authority, server_credential: Credential, name: str
) -> None:
    """An established verifier trusts the server under each of its names."""
    _verify_server(server_root, server_credential, name)


def test_server_root_is_good_for_no_other_name(
    server_root: Authority, now: float
) -> None:
    """RFC 5280 section 4.2.1.10: what the root signs for another name is refused."""
    stolen = server_root.issue_server(TPP, ["bank.example"], now=now)
    with pytest.raises(VerificationError, match="name constraint"):
        _verify_server(server_root, stolen, "bank.example")


def _verify_server(root: Authority, credential: Credential, name: str) -> None:
    """By the default policy of `cryptography`: that of the Web PKI."""
    (entry,) = host_names([name])
    assert isinstance(entry, x509.DNSName | x509.IPAddress)
    policy = PolicyBuilder().store(Store([root.certificate]))
    policy.build_server_verifier(entry).verify(credential.leaf, [])


def test_has_issued(
    server_root: Authority,
    client_intermediate: Authority,
    server_credential: Credential,
    client_credential: Credential,
) -> None:
    """An authority knows its own certificates."""
    assert client_intermediate.has_issued(client_credential.leaf)
    assert server_root.has_issued(server_credential.leaf)
    assert not server_root.has_issued(client_credential.leaf)


def test_has_issued_asks_for_the_signature(client_root: Authority, now: float) -> None:
    """An authority of the same name with another key has not issued it."""
    twin = authority.client_root(client_root.certificate.subject, now=now)
    assert not client_root.has_issued(twin.issue_client(TPP, now=now).leaf)


def test_revocation_list(client_intermediate: Authority, now: float) -> None:
    """RFC 5280 section 5: the list says what is revoked, since when, and until when."""
    crl = client_intermediate.revocation_list(
        {7: _moment(now)}, now=now, days=60, number=3
    )
    assert [(7, _moment(now))] == [
        (entry.serial_number, entry.revocation_date_utc) for entry in crl
    ]
    assert client_intermediate.certificate.subject == crl.issuer
    assert _moment(now) - timedelta(minutes=5) == crl.last_update_utc
    assert _moment(now) + timedelta(days=60) == crl.next_update_utc


def test_revocation_list_extensions(client_intermediate: Authority, now: float) -> None:
    """RFC 5280 section 5.2: number and key identifier are there, and not critical."""
    crl = client_intermediate.revocation_list({}, now=now, number=3)
    own = client_intermediate.certificate.extensions.get_extension_for_class(
        x509.SubjectKeyIdentifier
    )
    assert [
        (x509.CRLNumber(3), False),
        (x509.AuthorityKeyIdentifier(own.value.digest, None, None), False),
    ] == [(each.value, each.critical) for each in crl.extensions]


def test_revocation_list_is_signed(client_intermediate: Authority, now: float) -> None:
    """RFC 5280 section 5.1.1.3: the issuer's key verifies the list."""
    crl = client_intermediate.revocation_list({}, now=now)
    key = client_intermediate.certificate.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert crl.is_signature_valid(key)
    assert not crl.is_signature_valid(new_p256_key().public_key())
