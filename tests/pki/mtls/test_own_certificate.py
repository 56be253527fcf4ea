"""One's own certificate: usable, or refused at the start."""

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from pki.der import SEQUENCE, elements, encoded
from pki.issuing.authority import Authority, client_root, self_signed
from pki.issuing.profiles import CLIENT, CLIENT_ROOT, subject
from pki.issuing.validity import validity
from pki.keys import new_p256_key, new_rsa_key
from pki.mtls.contexts import ClientContext, ServerContext
from pki.pem import (
    Credential,
    PemError,
    PrivateKey,
    certificates_to_pem,
    load_credential,
    private_key_to_pem,
)

NOW = 1_800_000_000.0
NAME = subject("own", "Bank")
UNTIL = validity(NOW, 9)


def complaint(credential: Credential) -> str:
    """Why no context takes the credential, at either end."""
    with pytest.raises(PemError) as refused:
        ServerContext(credential, request_certificate=True)
    with pytest.raises(PemError, match="cannot be used for TLS"):
        ClientContext(credential, [])
    assert "\n" not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1()])
def test_a_key_on_a_curve_of_tls_is_taken(curve: ec.EllipticCurve) -> None:
    """RFC 8446 section 4.2.3: these three sign handshakes."""
    key = ec.generate_private_key(curve)
    credential = self_signed(CLIENT, NAME, UNTIL, key=key)
    assert not ServerContext(credential, request_certificate=False).request_certificate


@pytest.mark.parametrize("curve", [ec.SECP256K1(), ec.BrainpoolP256R1()])
def test_a_key_on_another_curve_is_refused(curve: ec.EllipticCurve) -> None:
    """OpenSSL takes it, and then fails every handshake without saying why."""
    key = ec.generate_private_key(curve)
    said = complaint(self_signed(CLIENT, NAME, UNTIL, key=key))
    assert said.endswith(f"expected a key on P-256, P-384 or P-521, has {curve.name}")


def test_a_key_that_is_too_short_is_refused() -> None:
    """OpenSSL's own verdict, in a line and before anybody connects."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - what is refused
    said = complaint(self_signed(CLIENT, NAME, UNTIL, key=key))
    assert said.endswith("a certificate: cannot be used for TLS: ee key too small")


def test_an_intermediate_that_is_too_weak_is_refused() -> None:
    """What is sent after the leaf counts, too."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - what is refused
    weak = self_signed(CLIENT, NAME, UNTIL, key=key).leaf
    good = client_root(NAME, now=NOW).issue_client(NAME, now=NOW)
    said = complaint(Credential((good.leaf, weak), good.private_key))
    assert said.endswith("CN=own,O=Bank,C=GB after the leaf: RSA of 1024 bits")


def test_a_signature_that_is_too_weak_is_refused() -> None:
    """SHA-1 vouches for nobody."""
    root = Authority(self_signed(CLIENT_ROOT, NAME, UNTIL, key=new_rsa_key()))
    between = subject("between", "Bank")
    made = root.issue_client(between, now=NOW, key=new_rsa_key()).leaf_der
    key = new_rsa_key()
    by_sha_256 = bytes.fromhex("06092a864886f70d01010b")
    by_sha_1 = bytes.fromhex("06092a864886f70d010105")
    leaf = x509.load_der_x509_certificate(made.replace(by_sha_256, by_sha_1))
    issued = self_signed(CLIENT, NAME, UNTIL, key=key)
    said = complaint(Credential((issued.leaf, leaf), key))
    assert said.endswith("after the leaf: signed with sha1")


def test_a_key_for_rsa_pss_alone_is_refused(tmp_path: Path) -> None:
    """cryptography reads it as an RSA key, of which OpenSSL then presents nothing."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    (whole,) = elements(self_signed(CLIENT, NAME, UNTIL, key=key).leaf_der)
    signed, *rest = whole.elements()
    pss_alone = bytes.fromhex("300b06092a864886f70d01010a")
    parts = list(signed.elements())
    _, bits = parts[6].elements()
    spki = encoded(SEQUENCE, pss_alone + bits.whole)
    tbs = b"".join(p.whole for p in parts[:6]) + spki + parts[7].whole
    der = encoded(SEQUENCE, tbs) + b"".join(each.whole for each in rest)
    leaf = x509.load_der_x509_certificate(encoded(SEQUENCE, der))
    said = complaint(Credential((leaf,), key, tmp_path / "own.pem"))
    assert said.startswith(f"{tmp_path / 'own.pem'}: cannot be used for TLS: ")
    assert said.endswith("has one for id-RSASSA-PSS alone")


def test_the_file_is_named(tmp_path: Path) -> None:
    """Whoever starts a node has written its name into the configuration."""
    key: PrivateKey = ec.generate_private_key(ec.SECP256K1())
    made = self_signed(CLIENT, NAME, UNTIL, key=key)
    certificate, key_file = tmp_path / "own.pem", tmp_path / "own-key.pem"
    certificate.write_bytes(certificates_to_pem(made.chain))
    key_file.write_bytes(private_key_to_pem(key))
    said = complaint(load_credential(certificate, key_file))
    assert said.startswith(f"{certificate}: ")


SM2 = bytes.fromhex("06082a811ccf5501822d")


def test_a_key_that_the_library_does_not_know_is_a_line(tmp_path: Path) -> None:
    """A curve that cryptography has no model of is told of, with the file."""
    key = new_p256_key()
    made = self_signed(CLIENT, NAME, UNTIL, key=key)
    p_256 = bytes.fromhex("06082a8648ce3d030107")
    certificate, key_file = tmp_path / "own.pem", tmp_path / "own-key.pem"
    unknown = made.leaf_der.replace(p_256, SM2)
    leaf = x509.load_der_x509_certificate(unknown)
    certificate.write_bytes(certificates_to_pem([leaf]))
    key_file.write_bytes(private_key_to_pem(key))
    with pytest.raises(PemError, match=r"own\.pem: the key of the leaf cannot be read"):
        load_credential(certificate, key_file)
    key_file.write_bytes(
        key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    )
    with pytest.raises(PemError, match=r"own-key\.pem: no usable private key"):
        load_credential(certificate, key_file)
