"""One revocation list: its signature, its dates, its serial numbers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from pki.chain.crl import RevocationRefused, verify_not_revoked
from pki.chain.crl_file import RevocationList, RevocationLists
from pki.chain.revocation_blocks import BrokenList
from pki.issuing.authority import Authority, client_root
from pki.issuing.profiles import Profile, subject
from pki.issuing.validity import validity

NOW = 1_800_000_000.0
DAY = 86400.0
TODAY = datetime.fromtimestamp(NOW, UTC)
ROOT = client_root(subject("Root", "Bank"), now=NOW)
INTERMEDIATE = ROOT.issue_intermediate(subject("Intermediate", "Bank"), now=NOW)
LEAF = INTERMEDIATE.issue_client(subject("client", "TPP"), now=NOW).leaf
PATH = (LEAF, INTERMEDIATE.certificate, ROOT.certificate)


def list_of(
    authority: Authority,
    revoked: Sequence[x509.Certificate] = (),
    *,
    now: float = NOW,
    days: float = 60,
) -> RevocationList:
    """What the CRL file gives for a list of *authority* with *revoked* on it."""
    since = {each.serial_number: TODAY for each in revoked}
    crl = authority.revocation_list(since, now=now, days=days)
    return read(crl)


def read(crl: x509.CertificateRevocationList) -> RevocationList:
    """*crl*, as the CRL file gives it."""
    assert crl.next_update_utc is not None
    return RevocationList(
        crl=crl,
        issuer=crl.issuer,
        this_update=crl.last_update_utc.timestamp(),
        next_update=crl.next_update_utc.timestamp(),
        serials=frozenset(each.serial_number for each in crl),
        fault="",
    )


def refusal(
    *lists: RevocationList, path: Sequence[x509.Certificate] = PATH, now: float = NOW
) -> str:
    """The reason why *path* is refused with these lists."""
    with pytest.raises(RevocationRefused) as refused:
        verify_not_revoked(path, RevocationLists(lists), now)
    return str(refused.value)


def test_a_path_on_no_list_is_good_until_the_first_list_is_due() -> None:
    """RFC 5280 section 5.1.2.5: the answer holds until the earlier nextUpdate."""
    lists = RevocationLists((list_of(INTERMEDIATE, days=7), list_of(ROOT)))
    assert verify_not_revoked(PATH, lists, NOW) == NOW + 7 * DAY


def test_lists_that_could_not_be_read_refuse_everything() -> None:
    """What is wrong with the file is the reason."""
    problem = RevocationLists(problem="client-crl.pem: No such file or directory")
    with pytest.raises(RevocationRefused, match=r"^client-crl\.pem: No such file"):
        verify_not_revoked(PATH, problem, NOW)


@pytest.mark.parametrize(
    ("issuer", "missing"), [(INTERMEDIATE, "Root"), (ROOT, "Intermediate")]
)
def test_each_ca_of_the_path_needs_a_list(issuer: Authority, missing: str) -> None:
    """A list of one CA says nothing about what the other issued."""
    assert refusal(list_of(issuer)) == f"CRL of CN={missing},O=Bank,C=GB: there is none"


ONLY_CERTIFICATES = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)


def ca_with(
    *extensions: tuple[x509.ExtensionType, bool],
) -> tuple[Authority, x509.Certificate]:
    """A CA with these extensions, and a client of it."""
    until = validity(NOW, 9)
    ca = Authority(ROOT.issue(Profile(extensions), subject("Mute", "B"), until))
    return ca, ca.issue_client(subject("client", "TPP"), now=NOW).leaf


def test_a_ca_without_key_usage_may_sign_lists() -> None:
    """RFC 5280 section 6.3.3 (f): cRLSign is asked for where there is a keyUsage."""
    ca, leaf = ca_with()
    path = (leaf, ca.certificate)
    assert verify_not_revoked(path, RevocationLists((list_of(ca),)), NOW) > NOW


def test_a_ca_that_may_not_sign_lists_has_none() -> None:
    """RFC 5280 section 6.3.3 (f): the issuer's keyUsage must have cRLSign."""
    mute, leaf = ca_with((ONLY_CERTIFICATES, True))
    assert refusal(list_of(mute), path=(leaf, mute.certificate)) == (
        "CRL of CN=Mute,O=B,C=GB: expected keyUsage cRLSign in that CA"
    )


def test_a_list_signed_with_another_key_is_not_that_cas() -> None:
    """An attacker's list under the CA's name is worth nothing."""
    attacker = client_root(INTERMEDIATE.certificate.subject, now=NOW)
    assert refusal(list_of(attacker), list_of(ROOT)) == (
        "CRL of CN=Intermediate,O=Bank,C=GB: not signed with that CA's key"
    )


def test_a_list_signed_in_a_way_nobody_knows_is_not_that_cas() -> None:
    """Its CA's clients are refused with a reason, and nothing else goes wrong."""
    crl = INTERMEDIATE.revocation_list({}, now=NOW, days=60)
    der = crl.public_bytes(Encoding.DER)
    # The last arc of ecdsa-with-SHA256 (RFC 5758 section 3.2), where it stands twice.
    oid = bytes.fromhex("2a8648ce3d0403")
    assert der.count(oid + b"\x02") == 2
    odd = x509.load_der_x509_crl(der.replace(oid + b"\x02", oid + b"\x63"))
    assert refusal(read(odd), list_of(ROOT)) == (
        "CRL of CN=Intermediate,O=Bank,C=GB: not signed with that CA's key"
    )


def test_another_cas_list_of_the_same_name_does_no_harm() -> None:
    """A CA that renewed its key under its old name has two lists; its own counts."""
    other = list_of(client_root(INTERMEDIATE.certificate.subject, now=NOW), [LEAF])
    lists = RevocationLists((other, list_of(INTERMEDIATE), list_of(ROOT)))
    assert verify_not_revoked(PATH, lists, NOW) == NOW + 60 * DAY


@pytest.mark.parametrize(
    ("revoked", "by", "name"),
    [
        (LEAF, INTERMEDIATE, "CN=client,O=TPP"),
        (INTERMEDIATE.certificate, ROOT, "CN=Intermediate,O=Bank"),
    ],
    ids=["leaf", "intermediate"],
)
def test_a_revoked_certificate_is_refused(
    revoked: x509.Certificate, by: Authority, name: str
) -> None:
    """RFC 8705 section 7.5: a revoked leaf, or a revoked CA above it, is refused."""
    lists = [
        list_of(each, [revoked] if each is by else []) for each in (INTERMEDIATE, ROOT)
    ]
    serial = f"0x{revoked.serial_number:x}"
    assert refusal(*lists) == (
        f"certificate {name},C=GB: revoked, serial {serial}, by CRL of"
        f" {by.certificate.subject.rfc4514_string()}"
    )


def test_a_serial_on_another_cas_list_is_another_certificate() -> None:
    """Serial numbers are the issuer's own: the root's list does not revoke leaves."""
    lists = RevocationLists((list_of(INTERMEDIATE), list_of(ROOT, [LEAF])))
    assert verify_not_revoked(PATH, lists, NOW) == NOW + 60 * DAY


def test_an_older_list_in_the_file_still_revokes() -> None:
    """Two lists of one CA, in any order: what the older one revoked stays revoked."""
    older, newer = list_of(INTERMEDIATE, [LEAF], now=NOW - DAY), list_of(INTERMEDIATE)
    assert "revoked" in refusal(older, newer, list_of(ROOT))
    assert "revoked" in refusal(newer, older, list_of(ROOT))


def test_the_latest_list_decides_how_current_the_news_is() -> None:
    """A stale list does no harm beside its successor, in any order."""
    stale = list_of(INTERMEDIATE, now=NOW - 9 * DAY, days=2)
    lists = (stale, list_of(INTERMEDIATE, days=3), list_of(ROOT))
    assert verify_not_revoked(PATH, RevocationLists(lists), NOW) == NOW + 3 * DAY
    assert verify_not_revoked(PATH, RevocationLists(lists[::-1]), NOW) == NOW + 3 * DAY


def test_a_list_that_must_not_be_used_refuses() -> None:
    """RFC 5280 section 5.2: a partial or unintelligible list clears nobody."""
    partial = replace(list_of(INTERMEDIATE), fault="extension 2.5.29.27")
    assert refusal(partial, list_of(ROOT)) == (
        "CRL of CN=Intermediate,O=Bank,C=GB: cannot be used: extension 2.5.29.27"
    )


def test_a_list_from_the_future_refuses() -> None:
    """A list whose thisUpdate has not come yet clears nobody."""
    future = list_of(INTERMEDIATE, now=NOW + DAY)
    assert refusal(future, list_of(ROOT)) == (
        "CRL of CN=Intermediate,O=Bank,C=GB: not valid before 2027-01-16T07:55:00Z"
    )


def test_a_stale_list_refuses_with_its_own_reason() -> None:
    """From its nextUpdate on a list clears nobody, and the log can tell why."""
    lists = list_of(INTERMEDIATE, days=1), list_of(ROOT)
    assert verify_not_revoked(PATH, RevocationLists(lists), NOW + DAY - 1)
    assert refusal(*lists, now=NOW + DAY) == (
        "CRL of CN=Intermediate,O=Bank,C=GB: stale since 2027-01-16T08:00:00Z"
    )


def test_a_broken_list_refuses_its_cas_clients_alone() -> None:
    """It may have had the news that one of them is revoked; others are no matter."""
    other = client_root(subject("Other", "Bank"), now=NOW)
    leaf = other.issue_client(subject("client", "TPP"), now=NOW).leaf
    broken = BrokenList(INTERMEDIATE.certificate.subject.public_bytes(), "cut off")
    lists = RevocationLists(
        (list_of(INTERMEDIATE), list_of(ROOT), list_of(other)), (broken,)
    )
    with pytest.raises(RevocationRefused, match=r"^CRL of CN=Intermediate.*: cut off$"):
        verify_not_revoked(PATH, lists, NOW)
    assert verify_not_revoked((leaf, other.certificate), lists, NOW) > NOW


def test_a_list_that_lost_its_name_is_perhaps_the_missing_one() -> None:
    """What cannot be told apart is told to who misses a list."""
    known = RevocationLists((list_of(ROOT),), (BrokenList(b"", "no base64"),))
    with pytest.raises(RevocationRefused, match=r"there is none \(perhaps: no base64"):
        verify_not_revoked(PATH, known, NOW)


def test_a_ca_is_known_by_its_name_in_another_spelling() -> None:
    """RFC 5280 section 7.1: string type, case and spacing make no other issuer."""
    spelled = client_root(subject("INTERMEDIATE", "bank"), now=NOW).certificate.subject
    crl = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(spelled)
        .last_update(datetime.fromtimestamp(NOW - 60, UTC))
        .next_update(datetime.fromtimestamp(NOW + DAY, UTC))
        .sign(INTERMEDIATE.credential.private_key, SHA256())
    )
    lists = RevocationLists((read(crl), list_of(ROOT)))
    assert verify_not_revoked(PATH, lists, NOW) == NOW + DAY
