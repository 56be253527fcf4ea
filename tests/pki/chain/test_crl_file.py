"""The file of revocation lists, read again when it changes."""

from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    EllipticCurvePrivateKey,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from pki.chain.crl_file import CrlFile
from pki.issuing.authority import client_root
from pki.issuing.profiles import subject
from pki.pem import revocation_lists_to_pem

NOW = 1_800_000_000.0
TODAY = datetime.fromtimestamp(NOW, UTC)
CA = client_root(subject("Root", "Bank"), now=NOW)
EMPTY = revocation_lists_to_pem([CA.revocation_list({}, now=NOW)])
LIST_WITH_7 = CA.revocation_list({7: TODAY}, now=NOW, number=2)
WITH_7 = revocation_lists_to_pem([LIST_WITH_7])


@dataclass
class Clock:
    now: float = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "client-crl.pem"


@pytest.fixture
def crl_file(path: Path, clock: Clock) -> CrlFile:
    path.write_bytes(WITH_7)
    return CrlFile(path, check_seconds=10, clock=clock)


def pem_of(der: bytes) -> bytes:
    """*der* dressed as a revocation list."""
    text = b64encode(der)
    return b"-----BEGIN X509 CRL-----\n" + text + b"\n-----END X509 CRL-----\n"


def fault_of(
    path: Path,
    *extensions: tuple[x509.ExtensionType, bool],
    entry: tuple[x509.ExtensionType, bool] | None = None,
) -> str:
    """What is wrong with a list that has these extensions."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(CA.certificate.subject)
        .last_update(TODAY)
        .next_update(TODAY.replace(year=TODAY.year + 1))
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    revoked = x509.RevokedCertificateBuilder(7, TODAY)
    if entry is not None:
        revoked = revoked.add_extension(entry[0], critical=entry[1])
    builder = builder.add_revoked_certificate(revoked.build())
    crl = builder.sign(CA.credential.private_key, SHA256())
    path.write_bytes(crl.public_bytes(Encoding.PEM))
    (each,) = CrlFile(path, check_seconds=10, clock=Clock()).current().lists
    return each.fault


def test_a_list_is_read(crl_file: CrlFile) -> None:
    """A list gives its issuer, its dates and the serials on it."""
    (each,) = crl_file.current().lists
    assert each.issuer == CA.certificate.subject
    assert each.this_update == NOW - 300
    assert each.next_update == NOW + 60 * 86400
    assert each.serials == {7}
    assert each.fault == ""


def test_a_file_holds_several_lists_and_empty_ones(
    path: Path, crl_file: CrlFile
) -> None:
    """An empty list is a list, though `cryptography` calls it false."""
    path.write_bytes(EMPTY + WITH_7)
    assert [each.serials for each in crl_file.current().lists] == [set(), {7}]


def test_an_unchanged_file_is_not_read_again(crl_file: CrlFile, clock: Clock) -> None:
    """However often the file is looked at, the same content is the same object."""
    first = crl_file.current()
    clock.now += 3600
    assert crl_file.current() is first


def test_a_changed_file_is_noticed_at_the_stated_time(
    path: Path, crl_file: CrlFile, clock: Clock
) -> None:
    """A new list is not seen before `check_seconds` are over, and is then."""
    first = crl_file.current()
    path.write_bytes(EMPTY)
    clock.now += 9.9
    assert crl_file.current() is first
    clock.now += 0.1
    assert [each.serials for each in crl_file.current().lists] == [set()]


def test_a_clock_set_back_does_not_put_the_next_look_off(
    path: Path, crl_file: CrlFile, clock: Clock
) -> None:
    """After the clock was set back an hour, a new list need not wait an hour."""
    crl_file.current()
    path.write_bytes(EMPTY)
    clock.now -= 3600
    assert [each.serials for each in crl_file.current().lists] == [set()]


def test_a_deleted_file_is_a_problem_until_it_is_back(
    path: Path, crl_file: CrlFile, clock: Clock
) -> None:
    """Deleting the file does not keep the lists of before, and it may come back."""
    crl_file.current()
    path.unlink()
    clock.now += 10
    gone = crl_file.current()
    assert gone.lists == ()
    assert gone.problem.endswith("client-crl.pem: No such file or directory")
    path.write_bytes(WITH_7)
    clock.now += 10
    assert [each.serials for each in crl_file.current().lists] == [{7}]


def test_the_same_file_may_come_back(
    path: Path, crl_file: CrlFile, clock: Clock
) -> None:
    """A file that was moved away and back is read again, unchanged as it is."""
    crl_file.current()
    path.rename(path.with_suffix(".away"))
    clock.now += 10
    assert crl_file.current().problem
    path.with_suffix(".away").rename(path)
    clock.now += 10
    assert crl_file.current().problem == ""


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"garbage",
        WITH_7.replace(b"X509 CRL", b"CERTIFICATE"),
        WITH_7.replace(b"MI", b"AA", 1),
        WITH_7[:200] + b"\n",
        WITH_7.replace(b"MI", b"\xf1\xf1", 1),
    ],
    ids=["empty", "garbage", "mislabelled", "not DER", "cut off", "Latin-1"],
)
def test_an_unreadable_file_is_a_problem(
    path: Path, crl_file: CrlFile, content: bytes
) -> None:
    """Whatever is in the place of lists is told of, and is no lists."""
    path.write_bytes(content)
    assert crl_file.current().lists == ()
    assert "client-crl.pem: no " in crl_file.current().problem


def test_a_list_in_der_is_told_as_such(path: Path, crl_file: CrlFile) -> None:
    """What CAs publish is DER; the file is PEM, and the way is said."""
    path.write_bytes(LIST_WITH_7.public_bytes(Encoding.DER))
    with pytest.raises(ValueError, match=r"client-crl\.pem: no PEM .* DER: convert"):
        crl_file.verify_readable()


OTHER = client_root(subject("Other", "Bank"), now=NOW)
OF_OTHER = revocation_lists_to_pem([OTHER.revocation_list({}, now=NOW)])


@pytest.mark.parametrize(
    "broken",
    [
        WITH_7[:200] + b"\n",
        WITH_7[:203] + b"\n",
        WITH_7[:200] + b"*" + WITH_7[201:],
        pem_of(LIST_WITH_7.public_bytes(Encoding.DER)[:-9]),
    ],
    ids=["cut off", "within a quartet", "no base64", "DER cut off"],
)
@pytest.mark.parametrize("first", [True, False])
def test_a_broken_list_is_its_own_cas_matter(
    path: Path, crl_file: CrlFile, *, broken: bytes, first: bool
) -> None:
    """The list of another CA, before it or after it, is read; whose it was is known."""
    path.write_bytes(broken + OF_OTHER if first else OF_OTHER + broken)
    known = crl_file.current()
    assert known.problem == ""
    assert [each.issuer for each in known.lists] == [OTHER.certificate.subject]
    (lost,) = known.broken
    assert lost.issuer == CA.certificate.subject.public_bytes()
    assert "no readable revocation list" in lost.problem


def test_what_is_of_no_use_is_told_once(path: Path, clock: Clock) -> None:
    """The operator reads of it when it is first seen, and when it changes."""
    told: list[str] = []
    path.write_bytes(OF_OTHER + WITH_7[:200])
    crl_file = CrlFile(path, check_seconds=10, clock=clock, tell=told.append)
    crl_file.current()
    clock.now += 10
    crl_file.current()
    (line,) = told
    assert "client-crl.pem: no readable revocation list: it has no end line" in line
    path.write_bytes(OF_OTHER + handmade(ends=False))
    clock.now += 10
    crl_file.current()
    assert told[1:] == ["CRL of CN=Root,O=Bank,C=GB: cannot be used: no nextUpdate"]


def test_a_reason_that_nobody_has_defined_spoils_its_list(path: Path) -> None:
    """RFC 5280 section 5.3.1 has no reason 7: that list is not used, others are."""
    reason = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.21"), b"\n\1\7")
    fault = fault_of(path, entry=(reason, False))
    assert fault.startswith("entry 0x7 cannot be read")


def test_a_directory_is_a_problem(path: Path, clock: Clock) -> None:
    """A name that cannot be read is told of, like one that is not there."""
    path.mkdir()
    problem = CrlFile(path, check_seconds=10, clock=clock).current().problem
    assert problem.endswith("client-crl.pem: Is a directory")


def test_extensions_that_change_nothing_are_taken(path: Path) -> None:
    """RFC 5280 section 5.2: numbers and reasons do not keep a list from being used."""
    reason = x509.CRLReason(x509.ReasonFlags.key_compromise)
    assert fault_of(path, (x509.CRLNumber(1), False), entry=(reason, False)) == ""


UNKNOWN = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
ONLY_LEAVES = x509.IssuingDistributionPoint(
    full_name=None,
    relative_name=None,
    only_contains_user_certs=True,
    only_contains_ca_certs=False,
    only_some_reasons=None,
    indirect_crl=False,
    only_contains_attribute_certs=False,
)


@pytest.mark.parametrize(
    ("extension", "critical"),
    [
        (UNKNOWN, True),
        (x509.DeltaCRLIndicator(1), True),
        (x509.DeltaCRLIndicator(1), False),
        (ONLY_LEAVES, True),
        (ONLY_LEAVES, False),
    ],
)
def test_a_list_that_says_something_else_is_not_used(
    path: Path, extension: x509.ExtensionType, *, critical: bool
) -> None:
    """RFC 5280 section 5.2: what is not understood is not used, nor are parts."""
    oid = extension.oid.dotted_string
    assert fault_of(path, (extension, critical)) == (f"extension {oid}")


def test_a_list_about_other_cas_is_not_used(path: Path) -> None:
    """RFC 5280 section 5.3: a critical entry extension spoils the whole list."""
    other = x509.CertificateIssuer([x509.DirectoryName(subject("Other", "Bank"))])
    assert fault_of(path, entry=(other, True)) == ("extension 2.5.29.29 of an entry")


def handmade(
    *extensions: bytes,
    version: int = 1,
    issuer: bytes = CA.certificate.subject.public_bytes(),
    ends: bool = True,
) -> bytes:
    """A list as no library makes it, with these extensions and nothing revoked."""
    dates = [der(0x17, b"270115080000Z"), der(0x17, b"270116080000Z")]
    ecdsa_with_sha256 = der(0x30, bytes.fromhex("06082a8648ce3d040302"))
    tbs = der(
        0x30,
        der(0x02, bytes([version])),
        ecdsa_with_sha256,
        issuer,
        *(dates if ends else dates[:1]),
        der(0xA0, der(0x30, *extensions)) if extensions else b"",
    )
    key = CA.credential.private_key
    assert isinstance(key, EllipticCurvePrivateKey)
    signature = der(0x03, b"\x00", key.sign(tbs, ECDSA(SHA256())))
    return pem_of(der(0x30, tbs, ecdsa_with_sha256, signature))


def der(tag: int, *parts: bytes) -> bytes:
    """The parts as one DER value, shorter than 256 bytes."""
    content = b"".join(parts)
    long = b"\x81" if len(content) > 127 else b""
    return bytes([tag]) + long + bytes([len(content)]) + content


CRL_NUMBER = der(0x30, bytes.fromhex("0603551d14"), der(0x04, b"\x02\x01\x07"))
X400_ADDRESS = der(0xA3, der(0x30))
ISSUING_POINT = der(0x30, der(0xA0, der(0xA0, X400_ADDRESS)))


def test_a_handmade_list_is_read(path: Path) -> None:
    """What the next two tests spoil is in order before they do."""
    path.write_bytes(handmade(CRL_NUMBER))
    (each,) = CrlFile(path, check_seconds=10, clock=Clock()).current().lists
    assert each.fault == ""
    assert each.crl.is_signature_valid(CA.certificate.public_key())  # type: ignore[arg-type] # the union says more than P-256


def test_a_list_without_an_end_is_not_used(path: Path) -> None:
    """RFC 5280 section 5.1.2.5: a list that names no nextUpdate is never current."""
    path.write_bytes(handmade(ends=False))
    (each,) = CrlFile(path, check_seconds=10, clock=Clock()).current().lists
    assert each.fault == "no nextUpdate"
    assert each.next_update < 0


@pytest.mark.parametrize(
    "content",
    [
        handmade(version=5),
        handmade(CRL_NUMBER, CRL_NUMBER),
        handmade(
            der(0x30, bytes.fromhex("0603551d1c"), der(0x04, ISSUING_POINT)),
        ),
        handmade(
            issuer=der(
                0x30,
                der(0x31, der(0x30, bytes.fromhex("0603550403"), der(0x03, b"\x00a"))),
            )
        ),
    ],
    ids=["version", "twice the same extension", "X.400 name", "bits for a name"],
)
def test_a_list_that_is_not_well_formed_is_a_problem(
    path: Path, content: bytes
) -> None:
    """Each has its own exception in `cryptography`, some at the first use only."""
    path.write_bytes(content)
    problem = CrlFile(path, check_seconds=10, clock=Clock()).current().problem
    assert "client-crl.pem: no " in problem


@given(
    mutations=st.lists(st.tuples(st.integers(0, 999), st.integers(0, 255)), min_size=1)
)
def test_no_file_is_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, mutations: list[tuple[int, int]]
) -> None:
    """A list with any bytes changed is read or is a problem, and nothing else."""
    crl = bytearray(LIST_WITH_7.public_bytes(Encoding.DER))
    for place, value in mutations:
        crl[place % len(crl)] = value
    path = tmp_path_factory.getbasetemp() / "mutated-crl.pem"
    path.write_bytes(pem_of(bytes(crl)))
    known = CrlFile(path, check_seconds=10, clock=Clock()).current()
    assert bool(known.lists) != bool(known.problem)
