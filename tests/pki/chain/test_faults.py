"""Why a chain is refused, in words."""

from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import ExtendedKeyUsageOID

from pki.chain.faults import find_faults, library_words
from pki.issuing import profiles
from pki.issuing.authority import Authority, client_root, self_signed
from pki.issuing.profiles import Profile, subject
from pki.issuing.validity import validity

NOW = 1_800_000_000.0
ROOT = client_root(subject("Root", "Bank"), now=NOW)
INTERMEDIATE = ROOT.issue_intermediate(subject("Intermediate", "Bank"), now=NOW)
CLIENT = INTERMEDIATE.issue_client(subject("client", "TPP"), now=NOW).leaf
STRANGER = client_root(subject("Unknown", "Else"), now=NOW)


def faults(
    *chain: x509.Certificate, root: x509.Certificate = ROOT.certificate, days: int = 0
) -> list[str]:
    """What is seen in the chain so many days from now."""
    moment = datetime.fromtimestamp(NOW + days * 86400, UTC)
    return list(find_faults(chain[0], chain[1:], [root], moment))


def test_in_a_good_chain_nothing_is_seen() -> None:
    """No fault is made up where names and dates are in order."""
    assert faults(CLIENT, INTERMEDIATE.certificate) == []


def test_too_early_and_too_late_are_told_apart() -> None:
    """The library says only that a certificate is not valid at the moment."""
    assert faults(CLIENT, INTERMEDIATE.certificate, days=-1)[0] == (
        "CN=client,O=TPP,C=GB: not valid before 2027-01-15T07:55:00Z"
    )
    assert faults(CLIENT, INTERMEDIATE.certificate, days=31) == [
        "CN=client,O=TPP,C=GB: expired at 2027-02-14T08:00:00Z"
    ]


def test_each_certificate_of_the_chain_is_looked_at() -> None:
    """All that have expired are told, up to the root."""
    seen = faults(CLIENT, INTERMEDIATE.certificate, days=366)
    assert [fault.partition(",")[0] for fault in seen] == [
        "CN=client",
        "CN=Intermediate",
        "CN=Root",
    ]


def test_a_self_signed_certificate_is_named() -> None:
    """Self-signed, at the bottom or at the top, and not ours."""
    words = "CN=Unknown,O=Else,C=GB: self-signed, and not one of the client roots"
    client = STRANGER.issue_client(subject("client", "TPP"), now=NOW).leaf
    assert words in faults(STRANGER.certificate)
    assert faults(client, STRANGER.certificate) == [words]


def test_an_issuer_that_is_not_there_is_named() -> None:
    """Whether it was forgotten or is a stranger cannot be told from a name."""
    (fault,) = faults(CLIENT)
    assert fault == (
        "CN=client,O=TPP,C=GB: its issuer CN=Intermediate,O=Bank,C=GB was not sent and"
        " is not one of the client roots: a missing intermediate, or an unknown CA"
    )


def test_a_purpose_that_is_not_a_clients_is_named() -> None:
    """RFC 5280 section 4.2.1.12: what the leaf is for, and what it must be for."""
    name = subject("client", "TPP", "PSDGB-FCA-900001")
    others = x509.ExtendedKeyUsage(
        [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CODE_SIGNING]
    )
    for_others = Profile(((others, False),))
    shown = "CN=client,organizationIdentifier=PSDGB-FCA-900001,O=TPP,C=GB"
    (fault,) = faults(ROOT.issue(for_others, name, validity(NOW, 9)).leaf)
    has = "extended key usage is serverAuth, 1.3.6.1.5.5.7.3.3"
    assert fault == f"{shown}: {has}, expected clientAuth"
    (fault,) = faults(ROOT.issue(Profile(()), name, validity(NOW, 9)).leaf)
    assert fault == f"{shown}: has no extended key usage, expected clientAuth"


@pytest.mark.parametrize(
    "profile", [profiles.CLIENT, Profile(())], ids=["cA false", "no basicConstraints"]
)
def test_an_issuer_that_is_not_a_ca_is_named(profile: Profile) -> None:
    """RFC 5280 section 4.2.1.9: only what says that it is a CA is one."""
    name = subject("no-ca", "TPP")
    no_ca = Authority(ROOT.issue(profile, name, validity(NOW, 9)))
    rogue = no_ca.issue_client(subject("rogue", "Thief"), now=NOW).leaf
    assert faults(rogue, no_ca.certificate) == [
        "CN=rogue,O=Thief,C=GB: its issuer CN=no-ca,O=TPP,C=GB is not a CA"
    ]


FAILED = "validation failed: "
EXHAUSTED = f"{FAILED}candidates exhausted: "
EXTENSION = f"{FAILED}Python extension validator failed: ValueError: "
PROCESSING = " (encountered processing <Certificate(subject=<Name(CN=a\nb)>, ...)>)"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (f"{EXHAUSTED}signature does not match", "signature does not match"),
        (f"{EXHAUSTED}all candidates exhausted with no interior errors", ""),
        (f"{EXTENSION}key: 1024\n bits{PROCESSING}", "key: 1024 bits"),
        (f"{FAILED}fatal error: unsupported", "unsupported"),
        ("oid must be X", "oid must be X"),
    ],
)
def test_words_of_the_library(said: str, words: str) -> None:
    """Of what cryptography says there remains what matters, on one line."""
    assert library_words(ValueError(said)) == words


def test_names_that_lead_round_in_a_circle_come_to_an_end() -> None:
    """Two CAs that issued each other, and neither is ours."""
    one = STRANGER.issue_intermediate(subject("One", "Else"), now=NOW)
    two = one.issue_intermediate(STRANGER.certificate.subject, now=NOW).certificate
    assert len(faults(one.certificate, two, one.certificate)) == 1


def spelled(name: x509.Name, *, upper: bool = False) -> x509.Name:
    """*name* in another string type, or in capitals."""
    return x509.Name(
        [
            x509.NameAttribute(
                each.oid,
                str(each.value).upper() if upper else each.value,
                None if upper else _ASN1Type.PrintableString,
            )
            for each in name
        ]
    )


@pytest.mark.parametrize("upper", [True, False])
def test_an_issuer_in_another_spelling_is_told_as_such(*, upper: bool) -> None:
    """RFC 5280 section 7.1: it is the same name, and not one that is missing."""
    key = ROOT.credential.private_key
    ca = self_signed(
        profiles.CLIENT_ROOT,
        spelled(ROOT.certificate.subject, upper=upper),
        validity(NOW, 9),
        key=key,
    ).leaf
    leaf = ROOT.issue_client(subject("client", "TPP"), now=NOW).leaf
    (fault,) = list(find_faults(leaf, (), (ca,), datetime.fromtimestamp(NOW, UTC)))
    assert "the same name, but in another case, spacing or string type" in fault
    assert "was not sent" not in fault
