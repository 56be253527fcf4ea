"""A client known by its certificates themselves: RFC 8705 section 2.2."""

import pytest

from as_node.clients.jwks_cache import JwksCache, JwksNotFetched
from as_node.clients.jwks_uri import JwksUri, parse_jwks_uri
from as_node.clients.registry import RegisteredCertificates
from as_node.clients.self_signed_tls_client_auth import SelfSignedTlsClientAuth
from as_node.protocol.errors import InvalidClient
from pki.http.journal import Journal
from pki.issuing.authority import client_root, self_signed
from pki.issuing.profiles import CLIENT, subject
from pki.issuing.validity import validity
from pki.peer import PeerCertificate
from pki.pem import Credential
from pki.thumbprint import x5t_s256
from tests.in_memory.network import MemoryNetwork

NOW = 1_800_000_000.0
DAY = 86400.0
NAME = subject("tpp", "Example TPP Ltd")
URI = parse_jwks_uri("https://tpp.example/jwks")


def made(days_ago: float = 0) -> Credential:
    """A self-signed certificate for 30 days."""
    return self_signed(CLIENT, NAME, validity(NOW - days_ago * DAY, 30))


ONE, TWO = made(), made()
BOTH = frozenset({x5t_s256(ONE.leaf_der), x5t_s256(TWO.leaf_der)})


async def document(uri: JwksUri, interaction_id: str) -> frozenset[str]:
    """The document at the URI lists both certificates."""
    return BOTH


async def away(uri: JwksUri, interaction_id: str) -> frozenset[str]:
    """The host of the URI is not there."""
    raise JwksNotFetched("no connection")


def judged(
    der: bytes,
    registered: RegisteredCertificates | JwksUri,
    *,
    may_be_expired: bool = False,
    away_: bool = False,
) -> Journal:
    """What is decided about a certificate; raises its refusal."""
    cache = JwksCache(away if away_ else document, clock=lambda: NOW, warn=print)
    auth = SelfSignedTlsClientAuth(
        cache, certificates_may_be_expired=may_be_expired, clock=lambda: NOW
    )
    journal = Journal()
    MemoryNetwork().run(auth.verify(registered, PeerCertificate(der), journal))
    return journal


def refusal(
    der: bytes,
    registered: RegisteredCertificates | JwksUri,
    *,
    may_be_expired: bool = False,
    away_: bool = False,
) -> InvalidClient:
    """The refusal of a certificate."""
    with pytest.raises(InvalidClient) as refused:
        judged(der, registered, may_be_expired=may_be_expired, away_=away_)
    assert refused.value.rule == "RFC 8705 section 2.2"
    return refused.value


def only(credential: Credential) -> RegisteredCertificates:
    """A registration of one certificate."""
    return RegisteredCertificates(frozenset({x5t_s256(credential.leaf_der)}))


@pytest.mark.parametrize("credential", [ONE, TWO])
def test_each_registered_certificate_is_accepted(credential: Credential) -> None:
    """RFC 8705 section 2.2: one of those registered, as during a rotation."""
    journal = judged(credential.leaf_der, RegisteredCertificates(BOTH))
    (decision,) = journal.decisions
    assert decision.check.rule == "RFC 8705 section 2.2"
    assert decision.presented == x5t_s256(credential.leaf_der)
    assert decision.presented in decision.expected


def test_a_certificate_registered_by_reference_is_accepted() -> None:
    """RFC 8705 section 2.2: the journal says from where."""
    (decision,) = judged(ONE.leaf_der, URI).decisions
    assert str(URI) in decision.says


def test_a_certificate_that_a_ca_issued_is_accepted() -> None:
    """RFC 8705 section 2.2: the chain is not validated, so it may be there."""
    unknown = client_root(subject("Root", "Nobody"), now=NOW)
    issued = unknown.issue_client(NAME, now=NOW)
    assert judged(issued.leaf_der, only(issued)).decisions


@pytest.mark.check("client-auth.registered-certificate")
def test_another_certificate_is_refused() -> None:
    """RFC 8705 section 2.2: the same subject and authority make no difference."""
    refused = refusal(TWO.leaf_der, only(ONE))
    assert refused.expected == x5t_s256(ONE.leaf_der)
    assert refused.presented == x5t_s256(TWO.leaf_der)
    assert "not registered in the registered JWK set" in refused.detail


@pytest.mark.check("client-auth.registered-certificate")
def test_a_new_certificate_over_the_same_key_is_refused() -> None:
    """RFC 8705 section 2.2: ours is the whole certificate, not the public key."""
    again = self_signed(CLIENT, NAME, validity(NOW, 60), key=ONE.private_key)
    assert again.leaf.public_key() == ONE.leaf.public_key()
    refusal(again.leaf_der, only(ONE))


def test_a_certificate_is_refused_while_its_document_cannot_be_had() -> None:
    """RFC 8705 section 2.2: the log says why nothing is known."""
    refused = refusal(ONE.leaf_der, URI, away_=True)
    assert "not fetched: no connection" in refused.detail
    assert refused.expected == "none"


@pytest.mark.check("client-auth.certificate-dates")
@pytest.mark.parametrize("days_ago", [40.0, -40.0])
def test_a_certificate_outside_its_dates_is_refused(days_ago: float) -> None:
    """Ours: with the switch off, expired and not yet valid certificates are refused."""
    old = made(days_ago)
    refused = refusal(old.leaf_der, only(old))
    assert "self_signed_certificates_may_be_expired" in refused.detail
    assert refused.presented.startswith("valid from ")


@pytest.mark.parametrize("days_ago", [40.0, -40.0])
def test_a_certificate_outside_its_dates_is_accepted_with_the_switch(
    days_ago: float,
) -> None:
    """RFC 8705 section 2.2 asks for no check of the dates."""
    old = made(days_ago)
    assert judged(old.leaf_der, only(old), may_be_expired=True).decisions


@pytest.mark.parametrize("der", [b"", b"\x30\x00"])
def test_an_unreadable_certificate_is_refused(der: bytes) -> None:
    """Registered or not: what cannot be parsed is a refusal and never a fault."""
    registered = RegisteredCertificates(frozenset({x5t_s256(der)}))
    assert "no readable dates" in refusal(der, registered).detail
    refusal(der, only(ONE))
