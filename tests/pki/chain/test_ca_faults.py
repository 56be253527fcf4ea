"""What keeps a certificate from vouching for clients."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from pki.chain.ca_faults import root_complaints
from pki.chain.judge import ChainJudge, ChainRefused
from pki.issuing import profiles
from pki.issuing.authority import Authority, client_root, self_signed
from pki.issuing.profiles import Profile, subject
from pki.issuing.validity import validity
from pki.peer import PeerCertificate

NOW = 1_800_000_000.0
CA = x509.BasicConstraints(ca=True, path_length=None)
NAMED = subject("My CA", "My Bank")
FOR_SERVERS = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
SIGNS_LISTS_ALONE = x509.KeyUsage(
    *(False, False, False, False, False, False, True, False, False)
)


def root(*extensions: tuple[x509.ExtensionType, bool]) -> Authority:
    """A root with these extensions and those of every certificate."""
    return Authority(self_signed(Profile(extensions), NAMED, validity(NOW, 30)))


def verify(ca: Authority) -> None:
    """A client of *ca* has a path, where that is the root."""
    client = ca.issue_client(subject("client", "TPP"), now=NOW)
    judge = ChainJudge([ca.certificate], crl_file=None, clock=lambda: NOW)
    judge.verify(PeerCertificate(client.leaf_der))


@pytest.mark.check("client-auth.chain")
@pytest.mark.parametrize("critical", [True, False])
def test_a_root_without_key_usage_vouches(*, critical: bool) -> None:
    """RFC 5280 section 6.1.4 (n): as `openssl req -x509` makes one."""
    ca = root((CA, critical))
    verify(ca)
    assert list(root_complaints([ca.certificate])) == []


def test_our_own_root_is_in_order() -> None:
    """Nothing is said of a root that vouches."""
    assert list(root_complaints([client_root(NAMED, now=NOW).certificate])) == []


@pytest.mark.parametrize(
    ("extensions", "fault"),
    [
        ((), "basicConstraints (2.5.29.19) is missing"),
        (profiles.CLIENT.extensions, "basicConstraints (2.5.29.19) says that it is no"),
        (
            ((CA, True), (SIGNS_LISTS_ALONE, True)),
            "keyUsage (2.5.29.15) has no keyCertSign",
        ),
        (((CA, True), (FOR_SERVERS, False)), "EKU (2.5.29.37): extended key usage is"),
    ],
)
def test_a_root_that_vouches_for_nobody_is_told_by_its_extension(
    extensions: tuple[tuple[x509.ExtensionType, bool], ...], fault: str
) -> None:
    """The certificate and the extension are named at the start already."""
    first, *_ = root_complaints([root(*extensions).certificate])
    name = "client root CN=My CA,O=My Bank,C=GB"
    assert first.startswith(f"{name}: it vouches for nobody: {fault}")


def test_a_root_with_a_short_key_is_told() -> None:
    """The library measures the keys of CAs."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - what is refused
    short = self_signed(profiles.CLIENT_ROOT, NAMED, validity(NOW, 30), key=key)
    (line,) = root_complaints([short.leaf])
    assert line.endswith("key: expected 2048 bits or more, has 1024")


def test_a_root_that_cannot_be_read_is_told_by_its_attribute() -> None:
    """A TeletexString of Latin-1 has no letters that anybody could be sure of."""
    der = client_root(NAMED, now=NOW).certificate.public_bytes(Encoding.DER)
    odd = der.replace(b"\x0c\x07My Bank", b"\x14\x07My B\xf1nk")
    lines = list(root_complaints([x509.load_der_x509_certificate(odd)]))
    told = "O is a TeletexString with letters other than ASCII's"
    assert lines == [
        f"a client root: it vouches for nobody: subject: {told}",
        f"a client root: it vouches for nobody: issuer: {told}",
    ]


@pytest.mark.check("client-auth.chain")
@pytest.mark.parametrize(
    "extensions",
    [
        ((CA, True), (SIGNS_LISTS_ALONE, True)),
        profiles.CLIENT.extensions,
        ((x509.BasicConstraints(ca=False, path_length=None), True),),
        (),
    ],
    ids=["no keyCertSign", "a client's", "cA false alone", "no basicConstraints"],
)
def test_what_is_told_of_a_root_is_refused(
    extensions: tuple[tuple[x509.ExtensionType, bool], ...],
) -> None:
    """RFC 5280 section 6.1.4 (k) and (n): where it says so, it vouches for nobody."""
    with pytest.raises(ChainRefused):
        verify(root(*extensions))
