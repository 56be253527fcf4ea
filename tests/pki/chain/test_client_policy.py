"""Which end-entity certificates are those of clients."""

from datetime import UTC, datetime
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from pki.chain.judge import ChainJudge, ChainRefused
from pki.issuing import profiles
from pki.issuing.authority import Authority, client_root
from pki.issuing.profiles import Profile, subject
from pki.issuing.validity import validity
from pki.keys import new_p256_key, new_rsa_key
from pki.peer import PeerCertificate
from pki.pem import Credential, PrivateKey

NOW = 1_800_000_000.0
ROOT = client_root(subject("Root", "Bank"), now=NOW)
NAME = subject("banking-client", "Fintech", "PSDGB-FCA-900001")
JUDGE = ChainJudge([ROOT.certificate], crl_file=None, clock=lambda: NOW)

Extension = tuple[x509.ExtensionType, bool]

NOT_A_CA: Extension = (x509.BasicConstraints(ca=False, path_length=None), True)
FOR_CLIENTS: Extension = (
    x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]),
    False,
)


def signs(*, handshakes: bool, certificates: bool = False) -> Extension:
    """The keyUsage of a key for these purposes."""
    usage = x509.KeyUsage(
        digital_signature=handshakes,
        content_commitment=False,
        key_encipherment=not handshakes,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certificates,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    return usage, True


SIGNS = signs(handshakes=True)


def client(*extensions: Extension, name: x509.Name = NAME) -> Credential:
    """A client of the root with these extensions and those of every certificate."""
    return ROOT.issue(Profile(extensions), name, validity(NOW, 30))


def verify(credential: Credential) -> tuple[x509.Certificate, ...]:
    """The path of a peer with this credential."""
    after = tuple(c.public_bytes(Encoding.DER) for c in credential.chain[1:])
    return JUDGE.verify(PeerCertificate(credential.leaf_der, after))


def refusal(credential: Credential) -> str:
    """The reason why a peer with this credential is refused."""
    with pytest.raises(ChainRefused) as refused:
        verify(credential)
    return str(refused.value)


# The leaf.


def test_a_client_needs_no_subject_alternative_name() -> None:
    """RFC 8705 section 2.1.2: a client known by its subject DN has no other name."""
    assert verify(client(NOT_A_CA, SIGNS, FOR_CLIENTS))


@pytest.mark.parametrize(
    "san",
    [
        x509.DNSName("tpp.example.com"),
        x509.DNSName("*.example.com"),
        x509.UniformResourceIdentifier("urn:tpp:1"),
        x509.IPAddress(ip_address("2001:db8::1")),
        x509.RFC822Name("tpp@example.com"),
    ],
    ids=lambda san: type(san).__name__,
)
def test_a_client_may_have_names_of_each_kind(san: x509.GeneralName) -> None:
    """
    RFC 8705 section 2.1.2: a path exists whatever the names, a wildcard included.

    Which client a name stands for is decided elsewhere, and there by equality.
    """
    assert verify(ROOT.issue_client(NAME, now=NOW, sans=[san]))


def test_a_client_may_have_more_purposes_than_one() -> None:
    """RFC 5280 section 4.2.1.12: clientAuth need not stand alone."""
    both = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    assert verify(client(SIGNS, (x509.ExtendedKeyUsage(both), True)))


def test_a_version_1_certificate_is_refused() -> None:
    """RFC 5280 section 4.1: without extensions nothing says what it is for."""
    key = new_p256_key()
    assert "must be an X509v3" in refusal(
        Credential((version_1_certificate(key),), key)
    )


def version_1_certificate(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    """What X.509 was before 1996: names, dates and a key."""
    dates = [datetime.fromtimestamp(NOW + days * 86400, UTC) for days in (-1, 1)]
    ecdsa_with_sha256 = der(0x30, bytes.fromhex("06082a8648ce3d040302"))
    tbs = der(
        0x30,
        der(0x02, b"\x01"),
        ecdsa_with_sha256,
        ROOT.certificate.subject.public_bytes(),
        der(0x30, *[der(0x17, f"{each:%y%m%d%H%M%SZ}".encode()) for each in dates]),
        NAME.public_bytes(),
        key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
    )
    issuer_key = ROOT.credential.private_key
    assert isinstance(issuer_key, ec.EllipticCurvePrivateKey)
    signature = issuer_key.sign(tbs, ec.ECDSA(SHA256()))
    return x509.load_der_x509_certificate(
        der(0x30, tbs, ecdsa_with_sha256, der(0x03, b"\x00", signature))
    )


def der(tag: int, *parts: bytes) -> bytes:
    """The parts as one DER value, shorter than 65536 bytes."""
    content = b"".join(parts)
    size = len(content)
    length = bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2, "big")
    return bytes([tag]) + length + content


def test_a_leaf_that_is_a_ca_is_refused() -> None:
    """RFC 8705 section 7.5: a CA's own key is not a client's."""
    is_a_ca = (x509.BasicConstraints(ca=True, path_length=None), True)
    assert "cA must not be asserted" in refusal(client(is_a_ca, SIGNS, FOR_CLIENTS))


def test_an_unknown_critical_extension_is_refused() -> None:
    """RFC 8705 section 7.5: a condition that is not understood is not ignored."""
    unknown = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
    assert verify(client(SIGNS, FOR_CLIENTS, (unknown, False)))
    reason = refusal(client(SIGNS, FOR_CLIENTS, (unknown, True)))
    assert "1.2.3.4: certificate contains unaccounted-for critical" in reason


NUL = "bank.example\0.thief.example"


@pytest.mark.parametrize(
    ("common_name", "sans"),
    [
        (NUL, []),
        ("client", [x509.DNSName(NUL)]),
        ("client", [x509.UniformResourceIdentifier(f"urn:{NUL}")]),
    ],
    ids=["subject", "dNSName", "URI"],
)
def test_a_nul_in_a_name_is_refused(
    common_name: str, sans: list[x509.GeneralName]
) -> None:
    """RFC 8705 section 7.5: software written in C would read half of the name."""
    name = subject(common_name, "Thief")
    reason = refusal(ROOT.issue_client(name, now=NOW, sans=sans))
    assert "a name has a NUL character in it" in reason


def test_a_name_that_is_no_text_is_taken() -> None:
    """X.520 section 6.2.7: a unique identifier is a bit string, NULs and all."""
    identifier = x509.NameAttribute(
        NameOID.X500_UNIQUE_IDENTIFIER, b"\x00\x00", x509.name._ASN1Type.BitString
    )
    name = x509.Name([*subject("client", "TPP"), identifier])
    assert verify(ROOT.issue_client(name, now=NOW))


@pytest.mark.parametrize(
    ("usage", "reason"),
    [
        ([], "2.5.29.15: Certificate is missing required extension"),
        ([signs(handshakes=False)], "keyUsage: expected digitalSignature"),
        (
            [signs(handshakes=True, certificates=True)],
            "keyUsage: has keyCertSign, and is not a CA",
        ),
    ],
    ids=["none", "key encipherment only", "certificates too"],
)
def test_a_key_that_is_not_for_handshakes_is_refused(
    usage: list[Extension], reason: str
) -> None:
    """RFC 8446 section 4.4.2.2: a key that signs handshakes has digitalSignature."""
    assert reason in refusal(client(NOT_A_CA, *usage, FOR_CLIENTS))


@pytest.mark.parametrize("key", [ec.SECP256R1(), ec.SECP521R1()])
def test_a_client_may_have_a_key_on_a_larger_curve(key: ec.EllipticCurve) -> None:
    """FAPI 2.0 Security Profile section 5.4: 224 bits or more."""
    assert verify(ROOT.issue_client(NAME, now=NOW, key=ec.generate_private_key(key)))


def test_a_client_may_have_an_rsa_key() -> None:
    """FAPI 2.0 Security Profile section 5.4: 2048 bits or more."""
    assert verify(ROOT.issue_client(NAME, now=NOW, key=new_rsa_key()))


def test_a_client_may_have_an_ed25519_key() -> None:
    """FAPI 2.0 Security Profile section 5.4: of one size, which is enough."""
    key = ed25519.Ed25519PrivateKey.generate().public_key()
    issued = client(NOT_A_CA, SIGNS, FOR_CLIENTS).leaf
    builder = x509.CertificateBuilder(
        issued.issuer,
        issued.subject,
        key,
        issued.serial_number,
        issued.not_valid_before_utc,
        issued.not_valid_after_utc,
        list(issued.extensions),
    )
    leaf = builder.sign(ROOT.credential.private_key, SHA256())
    assert JUDGE.verify(PeerCertificate(leaf.public_bytes(Encoding.DER)))


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        (
            rsa.generate_private_key(public_exponent=65537, key_size=1024),  # noqa: S505 - to be refused
            "key: expected 2048 bits or more, has 1024",
        ),
        (
            ec.generate_private_key(ec.SECP192R1()),
            "key: expected 224 bits or more, has 192",
        ),
    ],
    ids=["RSA", "EC"],
)
def test_a_short_key_is_refused(key: PrivateKey, reason: str) -> None:
    """FAPI 2.0 Security Profile section 5.4: cryptography 50 takes a leaf with one."""
    assert reason in refusal(ROOT.issue_client(NAME, now=NOW, key=key))


@pytest.mark.parametrize(
    ("usages", "reason"),
    [
        (
            [ExtendedKeyUsageOID.SERVER_AUTH],
            "extended key usage is serverAuth, expected clientAuth",
        ),
        ([ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE], "is anyExtendedKeyUsage"),
        ([ExtendedKeyUsageOID.CODE_SIGNING], "is 1.3.6.1.5.5.7.3.3"),
    ],
    ids=["serverAuth", "any", "code signing"],
)
def test_a_certificate_for_other_purposes_is_refused(
    usages: list[x509.ObjectIdentifier], reason: str
) -> None:
    """RFC 8705 section 7.5: the CA has to have meant it for clients."""
    assert reason in refusal(client(SIGNS, (x509.ExtendedKeyUsage(usages), False)))


def test_a_certificate_for_no_purpose_in_particular_is_refused() -> None:
    """RFC 8705 section 7.5: the library's default takes one that names no purpose."""
    assert "has no extended key usage, expected clientAuth" in refusal(
        client(NOT_A_CA, SIGNS)
    )


# The CAs above it.


def below(*extensions: Extension) -> Credential:
    """A client of an intermediate that has these extensions beside those of a CA."""
    profile = Profile((*profiles.CLIENT_ROOT.extensions, *extensions))
    ca = ROOT.issue(profile, subject("Intermediate", "Bank"), validity(NOW, 30))
    return Authority(ca).issue_client(NAME, now=NOW)


def test_a_client_of_an_intermediate_for_clients_is_taken() -> None:
    """RFC 5280 section 4.2.1.12: a CA may be for clients alone."""
    assert verify(below(FOR_CLIENTS))


def test_a_client_of_an_intermediate_for_servers_is_refused() -> None:
    """RFC 5280 section 4.2.1.12: a CA's purposes bound those of what it issues."""
    for_servers = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    assert "EKU" in refusal(below((for_servers, False)))


@pytest.mark.parametrize(
    ("critical", "reason"),
    [(True, "unsupported directoryName"), (False, "incorrect criticality")],
)
def test_a_constraint_on_subjects_is_not_ignored(
    *, critical: bool, reason: str
) -> None:
    """RFC 5280 section 4.2.1.10: what is not checked is refused, critical or not."""
    elsewhere = [x509.DirectoryName(subject("x", "Elsewhere"))]
    constraints = x509.NameConstraints(elsewhere, excluded_subtrees=None)
    assert reason in refusal(below((constraints, critical)))


@pytest.mark.parametrize(
    ("host", "accepted"), [("a.example", True), ("b.example", False)]
)
def test_a_constraint_on_host_names_is_kept(host: str, *, accepted: bool) -> None:
    """RFC 5280 section 4.2.1.10: a CA for some names vouches for no others."""
    permitted = x509.NameConstraints([x509.DNSName("a.example")], None)
    profile = Profile((*profiles.CLIENT_ROOT.extensions, (permitted, True)))
    ca = ROOT.issue(profile, subject("Intermediate", "Bank"), validity(NOW, 30))
    client = Authority(ca).issue_client(NAME, now=NOW, sans=[x509.DNSName(host)])
    if accepted:
        assert verify(client)
    else:
        assert "no permitted name constraints" in refusal(client)
