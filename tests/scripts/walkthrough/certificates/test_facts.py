"""A certificate in words, and whatever a peer presents as one."""

import random
import warnings
from base64 import b64decode, b64encode

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from pki.issuing.authority import self_signed
from pki.issuing.profiles import CLIENT, subject
from pki.issuing.validity import validity
from pki.keys import new_p256_key, new_rsa_key
from pki.pem import Credential
from pki.thumbprint import x5t_s256
from scripts.walkthrough.certificates import facts as module
from scripts.walkthrough.certificates.facts import certificate_facts, facts_of
from scripts.walkthrough.story.story import Certificate
from tests.client_node.in_memory.bank import Pki

NOW = 1_795_000_000.0
P256 = bytes.fromhex("06082a8648ce3d030107")
COMMON_NAME = bytes.fromhex("0603550403")


def facts(der: bytes) -> Certificate:
    """Of a certificate nobody knows."""
    return certificate_facts(b64encode(der).decode(), {})


def holder(name: x509.Name) -> str:
    """How the holder of a certificate that is not on file is called."""
    return facts(signed_by_another(name).leaf_der).holder


def signed_by_another(name: x509.Name) -> Credential:
    """A certificate of an authority nobody knows."""
    key = new_p256_key()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(subject("Elsewhere", "Test"))
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(validity(NOW, 1).not_before)
        .not_valid_after(validity(NOW, 1).not_after)
        .sign(key, SHA256())
    )
    return Credential((certificate,), key)


def common_name(value: str) -> x509.Name:
    """A name with nothing else."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, value)])


def test_what_a_certificate_says(pki: Pki) -> None:
    """The facts for a glance, with the holder's name and the thumbprint."""
    said = facts_of("tpp", pki.client.leaf)
    assert said.holder == "tpp"
    assert said.subject == "CN=banking-client,O=Test,C=GB"
    assert said.issuer == "CN=Client root,O=Test,C=GB"
    assert said.not_before == pki.client.leaf.not_valid_before_utc.isoformat()
    assert said.not_after == pki.client.leaf.not_valid_after_utc.isoformat()
    assert (said.key, said.usage, said.alternative_names) == ("P-256", "clientAuth", ())
    assert said.x5t_s256 == x5t_s256(pki.client.leaf_der)
    assert b64decode(said.der) == pki.client.leaf_der


def test_a_server_has_names(pki: Pki) -> None:
    """Those that a client compares."""
    said = facts_of("as", pki.server.leaf)
    assert said.alternative_names == ("localhost", "127.0.0.1")
    assert said.usage == "serverAuth"


def test_who_is_not_on_file_is_called_what_he_says(pki: Pki) -> None:
    """Marked as that: a name in a certificate is nobody's word but its issuer's."""
    assert facts(pki.client.leaf_der).holder == "“banking-client”, not on file"
    assert facts(pki.self_signed.leaf_der).holder == "“alone”, self-signed"
    root = pki.server_root.certificate.public_bytes(Encoding.DER)
    assert facts(root).holder == "“Server root”, a CA"


def test_a_name_is_shortened_and_obeyed_by_no_terminal() -> None:
    """It is chosen by whoever presents it."""
    assert holder(common_name("x" * 60)) == f"“{'x' * 27}…”, not on file"
    assert holder(common_name("a\x1b[2J\nb")) == "“a�[2J�b”, not on file"
    assert holder(x509.Name([])) == "no common name, not on file"


def test_a_certificate_with_an_rsa_key() -> None:
    """Its size matters."""
    rsa = self_signed(CLIENT, subject("c", "o"), validity(NOW, 1), key=new_rsa_key())
    assert facts(rsa.leaf_der).key == "RSA-2048"


def test_a_certificate_with_another_key() -> None:
    """A peer may have keys that no suite here uses."""
    key = ed25519.Ed25519PrivateKey.generate()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(common_name("ed"))
        .issuer_name(common_name("ed"))
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(validity(NOW, 1).not_before)
        .not_valid_after(validity(NOW, 1).not_after)
        .sign(key, None)
    )
    said = facts(certificate.public_bytes(Encoding.DER))
    assert (said.key, said.usage) == ("Ed25519", "")
    assert said.holder == "“ed”, self-signed"
    assert dict(said.fields)["signature algorithm"] == "Ed25519"


@pytest.mark.parametrize("der", [b"", b"\x30", b"<script>", b"\x30\x00"])
def test_what_is_no_certificate_is_told_as_such(der: bytes) -> None:
    """OpenSSL has let it pass; here is nothing to say but how long it is."""
    said = facts(der)
    assert said.holder == "an unreadable certificate"
    assert said.subject.startswith("(not readable: ")
    assert said.x5t_s256 == x5t_s256(der)
    assert said.fields[1] == ("size", f"{len(der)} bytes")


def test_a_part_that_cannot_be_read_hides_nothing_else(pki: Pki) -> None:
    """An unknown curve, a name that is no text: the rest is told all the same."""
    der = pki.client.leaf_der
    curve = facts(der.replace(P256, P256[:-1] + b"\x7f"))
    assert curve.key.startswith("(not readable: ")
    assert curve.subject == "CN=banking-client,O=Test,C=GB"
    end = der.rindex(COMMON_NAME) + len(COMMON_NAME)
    name = facts(der[:end] + b"\x03" + der[end + 1 :])  # a BIT STRING, of unused bits
    assert name.subject.startswith("(not readable: ")
    assert name.key == "P-256"
    assert name.holder.startswith("(not readable: ")


def test_extensions_that_cannot_be_read(pki: Pki) -> None:
    """RFC 5280 section 4.2: one extension, once; `cryptography` then reads none."""
    der = pki.server.leaf_der
    key_usage, san = bytes.fromhex("0603551d0f"), bytes.fromhex("0603551d11")
    said = facts(der.replace(san, key_usage))
    assert dict(said.fields)["extensions"].startswith("(not readable: ")
    assert said.usage.startswith("(not readable: ")
    assert said.alternative_names == ()
    assert said.holder == "“server”, not on file"


def test_no_certificate_is_too_strange(pki: Pki) -> None:
    """Any peer can present anything; the page must not stop for it."""
    chance = random.Random(8705)  # noqa: S311 - the same ones each time
    ders = (pki.client.leaf_der, pki.server.leaf_der, pki.self_signed.leaf_der)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of parsers that tolerate something
        for _ in range(3000):
            der = bytearray(chance.choice(ders))
            for _ in range(chance.choice((1, 1, 2))):
                at = chance.randrange(len(der))
                der[at] = chance.choice((0, 3, 0x1E, 0x80, 0xFF, chance.randrange(256)))
            said = facts(bytes(der))
            assert said.x5t_s256 == x5t_s256(bytes(der))


def test_what_is_known_of_a_certificate_is_kept_for_a_while(pki: Pki) -> None:
    """The same few cross the wire again and again; a holder may become known."""
    recorded = b64encode(pki.other.leaf_der).decode()
    before = module._facts.cache_info().hits
    certificate_facts(recorded, {})
    known = certificate_facts(recorded, {x5t_s256(pki.other.leaf_der): "other-tpp"})
    assert known.holder == "other-tpp"
    assert module._facts.cache_info().hits > before
