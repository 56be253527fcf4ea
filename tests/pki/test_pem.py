"""Credentials and revocation lists to and from PEM files."""

import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from pki import pem
from pki.issuing.authority import Authority
from pki.issuing.layout import Layout
from pki.keys import new_p256_key, new_rsa_key
from pki.pem import Credential, PemError


@pytest.fixture
def stored(tmp_path: Path, client_credential: Credential) -> Layout:
    """A directory with the files of one client."""
    layout = Layout(tmp_path)
    layout.write("client", client_credential)
    return layout


def test_credential(stored: Layout, client_credential: Credential) -> None:
    """What was written is read again: the whole chain, leaf first, and the key."""
    loaded = stored.load("client")
    assert loaded.chain == client_credential.chain
    assert loaded.private_key.public_key() == client_credential.leaf.public_key()


def test_rsa_credential(
    tmp_path: Path, client_intermediate: Authority, now: float
) -> None:
    """An RSA key does as well."""
    layout, key = Layout(tmp_path), new_rsa_key()
    name = client_intermediate.certificate.subject
    layout.write("rsa", client_intermediate.issue_client(name, now=now, key=key))
    assert layout.load("rsa").private_key.public_key() == key.public_key()


@pytest.mark.parametrize("name", ["client.pem", "client-key.pem"])
def test_missing(stored: Layout, name: str) -> None:
    """A file that is missing is named."""
    path = stored.directory / name
    path.unlink()
    with pytest.raises(PemError, match=f"{path}: No such file or directory"):
        stored.load("client")


@pytest.mark.parametrize(
    ("name", "complaint"),
    [("client.pem", "no PEM certificate"), ("client-key.pem", "no usable private key")],
)
def test_nonsense(stored: Layout, name: str, complaint: str) -> None:
    """A file that holds something else is named."""
    path = stored.directory / name
    path.write_text("nonsense")
    with pytest.raises(PemError, match=f"{path}: {complaint}"):
        stored.load("client")


def test_certificate_of_an_unknown_version(
    stored: Layout, client_credential: Credential
) -> None:
    """A certificate that `cryptography` refuses in its own words is named, too."""
    version_3, version_9 = b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x08"
    der = client_credential.leaf_der.replace(version_3, version_9, 1)
    armoured = pem.certificates_to_pem([client_credential.leaf])
    assert x509.load_pem_x509_certificate(armoured) == client_credential.leaf
    path = stored.certificate("client")
    path.write_text(ssl.DER_cert_to_PEM_cert(der))
    with pytest.raises(PemError, match=f"{path}: no PEM certificate"):
        stored.load("client")


def test_encrypted_key(stored: Layout, client_credential: Credential) -> None:
    """An encrypted key is refused: nobody is there to type the password."""
    locked = client_credential.private_key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"password")
    )
    stored.key("client").write_bytes(locked)
    with pytest.raises(PemError, match="no usable private key"):
        stored.load("client")


def test_other_kind_of_key(stored: Layout) -> None:
    """A key that is neither EC nor RSA is refused."""
    key = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    stored.key("client").write_bytes(key)
    with pytest.raises(PemError, match="neither an EC nor an RSA key"):
        stored.load("client")


def test_key_of_another(stored: Layout) -> None:
    """A key that is not the leaf's is refused, and both files are named."""
    stored.key("client").write_bytes(pem.private_key_to_pem(new_p256_key()))
    key, certificate = stored.key("client"), stored.certificate("client")
    with pytest.raises(PemError, match=f"{key}: not the key of .* {certificate}"):
        stored.load("client")


def test_revocation_lists(
    tmp_path: Path, client_root: Authority, client_intermediate: Authority, now: float
) -> None:
    """Several lists in one file are all read, in their order."""
    lists = (
        client_root.revocation_list({}, now=now),
        client_intermediate.revocation_list({}, now=now),
    )
    path = tmp_path / "crls.pem"
    path.write_bytes(pem.revocation_lists_to_pem(lists))
    assert pem.load_revocation_lists(path) == lists


def test_revocation_lists_missing(tmp_path: Path) -> None:
    """A file of lists that is missing is named."""
    path = tmp_path / "crls.pem"
    with pytest.raises(PemError, match=f"{path}: No such file or directory"):
        pem.load_revocation_lists(path)


@pytest.mark.parametrize(
    "text", ["", "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n"]
)
def test_no_revocation_list(tmp_path: Path, text: str) -> None:
    """A file without a list, or with something that is none, is named."""
    path = tmp_path / "crls.pem"
    path.write_text(text)
    with pytest.raises(PemError, match=f"{path}: no PEM revocation list"):
        pem.load_revocation_lists(path)


def test_written_once(tmp_path: Path) -> None:
    """A file that exists is not overwritten."""
    path = tmp_path / "key.pem"
    pem.write_new(path, b"1")
    with pytest.raises(FileExistsError):
        pem.write_new(path, b"2")
    assert path.read_bytes() == b"1"


def test_no_link_is_followed(tmp_path: Path) -> None:
    """A key is not written to where somebody's link points."""
    path, elsewhere = tmp_path / "key.pem", tmp_path / "elsewhere"
    path.symlink_to(elsewhere)
    with pytest.raises(FileExistsError):
        pem.write_new(path, b"1")
    assert not elsewhere.exists()


@pytest.mark.parametrize(("arguments", "mode"), [({}, 0o600), ({"mode": 0o644}, 0o644)])
def test_mode(tmp_path: Path, arguments: dict[str, int], mode: int) -> None:
    """A file is for its owner only, unless said otherwise."""
    pem.write_new(tmp_path / "key.pem", b"1", **arguments)
    assert (tmp_path / "key.pem").stat().st_mode & 0o777 == mode
