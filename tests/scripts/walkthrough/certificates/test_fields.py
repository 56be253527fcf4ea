"""A certificate field by field: RFC 5280 section 4.1, and its extensions."""

import ipaddress
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec
from cryptography.hazmat.primitives.hashes import SHA224, SHA512
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

from pki.issuing.profiles import subject
from pki.issuing.validity import validity
from pki.keys import new_p256_key, new_rsa_key
from scripts.walkthrough.certificates.extensions import (
    extension_name,
    extension_words,
)
from scripts.walkthrough.certificates.fields import certificate_fields
from tests.client_node.in_memory.bank import Pki

NOW = 1_795_000_000.0
SOMEWHERE = x509.UniformResourceIdentifier("https://ca.test/crl")
DN = x509.DirectoryName(subject("x", "o"))
HASH = b"\x01\x02"


def usage(**said: bool) -> x509.KeyUsage:
    """keyUsage with what is said, and nothing else."""
    names = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: said.get(name, False) for name in names})


def test_every_field_in_its_order(pki: Pki) -> None:
    """As the certificate has them, extensions by name and whether critical."""
    leaf = pki.server.leaf
    fields = list(certificate_fields(leaf))
    assert [name for name, _ in fields] == [
        "version",
        "serial number",
        "signature algorithm",
        "issuer",
        "not before",
        "not after",
        "subject",
        "public key",
        "subjectKeyIdentifier",
        "basicConstraints, critical",
        "keyUsage, critical",
        "extKeyUsage",
        "subjectAltName",
        "authorityKeyIdentifier",
        "signature",
        "size",
    ]
    values = dict(fields)
    assert values["version"] == "3"
    assert values["serial number"] == f"{leaf.serial_number:x}"
    assert values["signature algorithm"] == "ecdsa-with-SHA256"
    assert values["public key"].startswith("P-256; point 04")
    assert values["public key"].endswith("… (65 bytes)")
    assert values["subjectAltName"] == "DNS:localhost, IP:127.0.0.1"
    assert values["signature"].startswith(leaf.signature.hex()[:48])
    assert values["size"] == f"{len(pki.server.leaf_der)} bytes of DER"


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (new_rsa_key(), "RSA-2048; exponent 65537; modulus "),
        (ec.generate_private_key(ec.SECP384R1()), "P-384; point 04"),
        (ec.generate_private_key(ec.SECP256K1()), "secp256k1; point 04"),
        (dsa.generate_private_key(2048), "DSA; 308"),
    ],
)
def test_kinds_of_public_keys(
    key: ec.EllipticCurvePrivateKey | dsa.DSAPrivateKey, words: str
) -> None:
    """Curve and point, exponent and modulus; of others all octets."""
    issuing = new_p256_key()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject("x", "o"))
        .issuer_name(subject("y", "o"))
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(validity(NOW, 1).not_before)
        .not_valid_after(validity(NOW, 1).not_after + timedelta(1))
        .sign(issuing, SHA512())
    )
    fields = dict(certificate_fields(certificate))
    assert fields["public key"].startswith(words)
    assert fields["signature algorithm"] == "ecdsa-with-SHA512"


def test_an_algorithm_nobody_knows_is_told_by_its_oid() -> None:
    """SHA-224 is nowhere in use."""
    key = new_p256_key()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject("x", "o"))
        .issuer_name(subject("y", "o"))
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(validity(NOW, 1).not_before)
        .not_valid_after(validity(NOW, 1).not_after)
        .sign(key, SHA224())
    )
    fields = dict(certificate_fields(certificate))
    assert fields["signature algorithm"] == "1.2.840.10045.4.3.1"


@pytest.mark.parametrize(
    ("value", "name", "words"),
    [
        (
            x509.BasicConstraints(ca=False, path_length=None),
            "basicConstraints",
            "not a CA",
        ),
        (
            x509.BasicConstraints(ca=True, path_length=None),
            "basicConstraints",
            "a CA, any number of CAs below it",
        ),
        (
            x509.BasicConstraints(ca=True, path_length=1),
            "basicConstraints",
            "a CA, at most 1 CAs below it",
        ),
        (
            usage(digital_signature=True, crl_sign=True),
            "keyUsage",
            "digitalSignature, cRLSign",
        ),
        (
            usage(key_agreement=True, encipher_only=True),
            "keyUsage",
            "keyAgreement, encipherOnly",
        ),
        (
            usage(key_agreement=True, decipher_only=True),
            "keyUsage",
            "keyAgreement, decipherOnly",
        ),
        (
            x509.ExtendedKeyUsage(
                [ExtendedKeyUsageOID.CLIENT_AUTH, x509.ObjectIdentifier("1.2.3")]
            ),
            "extKeyUsage",
            "clientAuth, 1.2.3",
        ),
        (
            x509.SubjectAlternativeName(
                [
                    x509.DNSName("bank.test"),
                    x509.RFC822Name("a@bank.test"),
                    SOMEWHERE,
                    x509.IPAddress(ipaddress.ip_address("::1")),
                    DN,
                    x509.RegisteredID(x509.ObjectIdentifier("1.2.3")),
                    x509.OtherName(x509.ObjectIdentifier("1.2.4"), b"\x0c\x01x"),
                ]
            ),
            "subjectAltName",
            (
                "DNS:bank.test, email:a@bank.test, URI:https://ca.test/crl, IP:::1, "
                "DN:CN=x,O=o,C=GB, OID:1.2.3, 1.2.4:0c0178"
            ),
        ),
        (
            x509.IssuerAlternativeName([x509.DNSName("ca.test")]),
            "issuerAltName",
            "DNS:ca.test",
        ),
        (x509.SubjectKeyIdentifier(HASH), "subjectKeyIdentifier", "0102"),
        (
            x509.AuthorityKeyIdentifier(HASH, None, None),
            "authorityKeyIdentifier",
            "0102",
        ),
        (
            x509.AuthorityKeyIdentifier(None, [DN], 255),
            "authorityKeyIdentifier",
            "issued by DN:CN=x,O=o,C=GB, serial number ff",
        ),
        (
            x509.NameConstraints([x509.DNSName("bank.test")], None),
            "nameConstraints",
            "permitted DNS:bank.test",
        ),
        (
            x509.NameConstraints(
                [x509.DNSName("bank.test")], [x509.DNSName("not.bank.test")]
            ),
            "nameConstraints",
            "permitted DNS:bank.test; excluded DNS:not.bank.test",
        ),
        (
            x509.CRLDistributionPoints(
                [
                    x509.DistributionPoint([SOMEWHERE], None, None, None),
                ]
            ),
            "cRLDistributionPoints",
            "URI:https://ca.test/crl",
        ),
        (
            x509.FreshestCRL([x509.DistributionPoint([SOMEWHERE], None, None, None)]),
            "freshestCRL",
            "URI:https://ca.test/crl",
        ),
        (
            x509.AuthorityInformationAccess(
                [x509.AccessDescription(AuthorityInformationAccessOID.OCSP, SOMEWHERE)]
            ),
            "authorityInfoAccess",
            "1.3.6.1.5.5.7.48.1 URI:https://ca.test/crl",
        ),
        (
            x509.CertificatePolicies(
                [x509.PolicyInformation(x509.ObjectIdentifier("1.2.3"), None)]
            ),
            "certificatePolicies",
            "1.2.3",
        ),
        (
            x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"),
            "1.2.3.4",
            "0500",
        ),
        (x509.OCSPNoCheck(), "1.3.6.1.5.5.7.48.1.5", "0500"),
    ],
)
def test_extensions_in_words(value: x509.ExtensionType, name: str, words: str) -> None:
    """RFC 5280 section 4.2; what is not known here by its OID and its octets."""
    extension = x509.Extension(value.oid, critical=False, value=value)
    assert (extension_name(extension), extension_words(extension)) == (name, words)


def test_a_distribution_point_need_have_no_name() -> None:
    """RFC 5280 section 4.2.1.13: it may be known by its issuer."""
    point = x509.DistributionPoint(None, None, None, [DN])
    value = x509.CRLDistributionPoints([point])
    extension = x509.Extension(value.oid, critical=False, value=value)
    assert extension_words(extension) == ""
