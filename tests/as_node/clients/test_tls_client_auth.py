"""A client known by chain and subject: RFC 8705 section 2.1."""

import pytest
from cryptography import x509

from as_node.clients.certificate_subject import registered_subject
from as_node.clients.tls_client_auth import TlsClientAuth
from as_node.protocol.errors import InvalidClient
from pki.chain.judge import ChainJudge
from pki.http.journal import Journal
from pki.issuing import profiles
from pki.issuing.authority import Authority, client_root
from pki.issuing.profiles import Profile, subject
from pki.issuing.validity import validity
from pki.peer import PeerCertificate
from pki.pem import Credential

NOW = 1_800_000_000.0
DAY = 86400.0
NAME = subject("tpp", "Example TPP Ltd", "PSDGB-FCA-900001")
ROOT = client_root(subject("Root", "Bank"), now=NOW)
SANS = [x509.DNSName("tpp.example.com"), x509.RFC822Name("tpp@example.com")]
CLIENT = ROOT.issue_client(NAME, now=NOW, sans=SANS)

BY_DN = registered_subject(
    "tls_client_auth_subject_dn",
    "CN=tpp,2.5.4.97=PSDGB-FCA-900001,O=Example TPP Ltd,C=GB",
)
BY_DNS = registered_subject("tls_client_auth_san_dns", "tpp.example.com")


def peer(credential: Credential) -> PeerCertificate:
    """Who connects with this certificate."""
    return PeerCertificate(credential.leaf_der)


def method(*roots: Authority, days_later: float = 0) -> TlsClientAuth:
    """The method, of a server with these roots."""
    certificates = [each.certificate for each in roots or (ROOT,)]
    return TlsClientAuth(
        ChainJudge(certificates, crl_file=None, clock=lambda: NOW + days_later * DAY)
    )


def test_a_certificate_of_ours_with_the_registered_subject_is_accepted() -> None:
    """RFC 8705 section 2.1: both halves are said, each with its section."""
    journal = Journal()
    method().verify(BY_DN, peer(CLIENT), journal)
    chain, name = journal.decisions
    assert chain.check.rule == "RFC 8705 section 2.1"
    assert chain.decided_by is ChainJudge.verify
    assert name.check.rule == "RFC 8705 section 2.1.2"
    expected = "CN=tpp,organizationIdentifier=PSDGB-FCA-900001,O=Example TPP Ltd,C=GB"
    assert name.expected == name.presented == expected


def test_an_alternative_name_is_accepted_too() -> None:
    """RFC 8705 section 2.1.2: the journal shows all the presented ones."""
    journal = Journal()
    method().verify(BY_DNS, peer(CLIENT), journal)
    assert journal.decisions[1].expected == "dns:tpp.example.com"
    shown = "dns:tpp.example.com, email:tpp@example.com"
    assert journal.decisions[1].presented == shown


def test_a_renewed_certificate_needs_no_change() -> None:
    """RFC 8705 section 2.1: another key, the same subject; the old one still works."""
    auth = method()
    renewed = ROOT.issue_client(NAME, now=NOW + DAY)
    auth = method(days_later=2)
    auth.verify(BY_DN, peer(renewed), Journal())
    auth.verify(BY_DN, peer(CLIENT), Journal())


def test_a_second_listed_authority_vouches_for_the_same_name() -> None:
    """RFC 8705 section 7.4: whoever lists a CA lets it speak for every subject."""
    second = client_root(subject("Second Root", "Regulator"), now=NOW)
    client = second.issue_client(NAME, now=NOW)
    method(ROOT, second).verify(BY_DN, peer(client), Journal())


def test_a_subject_is_read_once_for_each_connection() -> None:
    """Two connections are two subjects, and a kept one is its own connection's."""
    auth = method()
    other = ROOT.issue_client(subject("other", "Other TPP"), now=NOW)
    mine, theirs = peer(CLIENT), peer(other)
    for _ in range(2):
        auth.verify(BY_DN, mine, Journal())
        with pytest.raises(InvalidClient):
            auth.verify(BY_DN, theirs, Journal())


# Refusals, in the order of the checks.


@pytest.mark.check("client-auth.chain")
def test_a_chain_that_is_not_ours_is_refused_first() -> None:
    """RFC 8705 section 2.1: the right subject from an unknown CA says nothing."""
    stranger = client_root(subject("Stranger", "X"), now=NOW)
    journal = Journal()
    with pytest.raises(InvalidClient, match="no path to the client roots") as refused:
        method().verify(BY_DN, peer(stranger.issue_client(NAME, now=NOW)), journal)
    assert refused.value.rule == "RFC 8705 section 2.1"
    assert "CN=tpp" in refused.value.presented
    assert journal.decisions == []


@pytest.mark.check("client-auth.chain")
def test_an_expired_certificate_is_refused_on_an_open_connection() -> None:
    """RFC 8705 section 2.1: the verdict does not outlive the certificate."""
    now = [NOW]
    judge = ChainJudge([ROOT.certificate], crl_file=None, clock=lambda: now[0])
    auth, connection = TlsClientAuth(judge), peer(CLIENT)
    auth.verify(BY_DN, connection, Journal())
    now[0] = NOW + 31 * DAY
    with pytest.raises(InvalidClient, match="expired"):
        auth.verify(BY_DN, connection, Journal())


@pytest.mark.parametrize("der", [b"", b"\x30\x00", b"\xff" * 100])
def test_an_unreadable_certificate_is_refused(der: bytes) -> None:
    """A certificate that cannot be parsed is a refusal and never a fault."""
    with pytest.raises(InvalidClient) as refused:
        method().verify(BY_DN, PeerCertificate(der), Journal())
    assert refused.value.presented.startswith("(no readable subject")


def test_an_unreadable_extension_that_nobody_asks_for_is_no_matter() -> None:
    """RFC 5280 section 4.2: what is not critical, and not understood, is ignored."""
    policies = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.32"), b"\xff")
    profile = Profile((*profiles.CLIENT.extensions, (policies, False)))
    broken = ROOT.issue(profile, NAME, validity(NOW, 30), sans=SANS)
    method().verify(BY_DNS, peer(broken), Journal())
    method().verify(BY_DN, peer(broken), Journal())


def test_an_unreadable_subject_alternative_name_is_refused() -> None:
    """What is asked for has to be readable, and is named where it is not."""
    name = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.17"), b"\xff")
    profile = Profile((*profiles.CLIENT.extensions, (name, False)))
    broken = ROOT.issue(profile, NAME, validity(NOW, 30))
    with pytest.raises(InvalidClient) as refused:
        method().verify(BY_DNS, peer(broken), Journal())
    assert "extension 2.5.29.17 cannot be read" in refused.value.detail


@pytest.mark.check("client-auth.subject")
def test_another_subject_is_refused_with_both_names() -> None:
    """RFC 8705 section 2.1.2: the log has them as RFC 4514 strings."""
    other = ROOT.issue_client(subject("other", "Other TPP"), now=NOW)
    journal = Journal()
    with pytest.raises(InvalidClient) as refused:
        method().verify(BY_DN, peer(other), journal)
    assert refused.value.rule == "RFC 8705 section 2.1.2"
    assert refused.value.expected.startswith("CN=tpp,organizationIdentifier=PSDGB")
    assert refused.value.presented == "CN=other,O=Other TPP,C=GB"
    assert "tls_client_auth_subject_dn: expected CN=tpp" in refused.value.detail
    assert "presented CN=other,O=Other TPP,C=GB" in refused.value.detail
    assert len(journal.decisions) == 1


def test_a_name_written_backwards_is_said_to_be() -> None:
    """RFC 4514 section 2.1: the commonest mistake in a registration has its words."""
    backwards = registered_subject(
        "tls_client_auth_subject_dn",
        "C=GB,O=Example TPP Ltd,2.5.4.97=PSDGB-FCA-900001,CN=tpp",
    )
    with pytest.raises(InvalidClient, match="the order is reversed"):
        method().verify(backwards, peer(CLIENT), Journal())


@pytest.mark.check("client-auth.subject")
def test_another_alternative_name_is_refused_with_those_presented() -> None:
    """RFC 8705 section 2.1.2: the log names the parameter, what it is, what came."""
    registered = registered_subject("tls_client_auth_san_email", "x@example.com")
    with pytest.raises(InvalidClient) as refused:
        method().verify(registered, peer(CLIENT), Journal())
    assert refused.value.expected == "email:x@example.com"
    assert refused.value.presented == "dns:tpp.example.com, email:tpp@example.com"
    assert "tls_client_auth_san_email: expected email:" in refused.value.detail


@pytest.mark.check("client-auth.subject")
def test_no_alternative_name_is_refused() -> None:
    """RFC 8705 section 2.1.2: the common name does not stand in for one."""
    client = ROOT.issue_client(subject("tpp.example.com", "TPP"), now=NOW)
    with pytest.raises(InvalidClient) as refused:
        method().verify(BY_DNS, peer(client), Journal())
    assert refused.value.presented == "no subjectAltName of a known type"


def test_the_answer_is_the_same_whatever_was_wrong() -> None:
    """Nobody learns from the answer which half of the method refused him."""
    stranger = client_root(subject("Stranger", "X"), now=NOW)
    answers = set()
    for credential in (
        stranger.issue_client(NAME, now=NOW),
        ROOT.issue_client(subject("other", "X"), now=NOW),
    ):
        with pytest.raises(InvalidClient) as refused:
            method().verify(BY_DN, peer(credential), Journal())
        answers.add(refused.value.response())
    assert len(answers) == 1


@pytest.mark.check("client-auth.subject")
def test_a_uri_in_another_spelling_is_refused_and_told_as_such() -> None:
    """Octets are compared; an operator reads that the spelling is all that differs."""
    presented = x509.UniformResourceIdentifier("HTTPS://TPP.example:443/%7eid")
    registered = registered_subject(
        "tls_client_auth_san_uri", "https://tpp.example/~id"
    )
    client = ROOT.issue_client(NAME, now=NOW, sans=[presented])
    with pytest.raises(InvalidClient, match="differ in spelling only"):
        method().verify(registered, peer(client), Journal())
    other = registered_subject("tls_client_auth_san_uri", "https://tpp.example/")
    with pytest.raises(InvalidClient) as refused:
        method().verify(other, peer(client), Journal())
    assert "spelling" not in refused.value.detail
