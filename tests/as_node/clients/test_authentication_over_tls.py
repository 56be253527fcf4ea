"""Client authentication over real connections: every method, on both listeners."""

import json
from ipaddress import ip_address

import pytest
from cryptography import x509

from as_node.clients.jwks_cache import PAUSE_SECONDS
from pki.http.answers import Answer
from pki.issuing import profiles
from pki.issuing.authority import client_root
from pki.issuing.profiles import subject
from pki.issuing.validity import validity
from pki.jwk_set import jwk_set
from pki.pem import Credential
from tests.in_memory.client_authentication import DAY, NAME, Bank, tls_client_auth


@pytest.fixture
def bank() -> Bank:
    return Bank()


@pytest.fixture
def open_bank(bank: Bank) -> Bank:
    bank.open()
    return bank


def assert_refused(answer: Answer) -> None:
    """RFC 6749 section 5.2: 401 in JSON, and the same whatever was wrong."""
    assert answer.status == 401
    assert json.loads(answer.body) == {
        "error": "invalid_client",
        "error_description": "client authentication failed",
    }
    assert answer.header("www-authenticate") is None
    assert answer.header("cache-control") == "no-store"


# Over real connections.


@pytest.mark.parametrize("client_id", ["tpp", "own"])
def test_each_client_is_authenticated_by_its_own_method(
    client_id: str, open_bank: Bank
) -> None:
    """RFC 8705 section 6.1: clients of both methods share one listener."""
    credential = {"tpp": open_bank.tpp, "own": open_bank.own}[client_id]
    answer = open_bank.asked_by(credential, client_id)
    assert answer.status == 200
    assert json.loads(answer.body) == {"client_id": client_id}
    rules = [decision.check.rule for decision in open_bank.decisions]
    assert (
        rules
        == {
            "tpp": ["RFC 8705 section 2.1", "RFC 8705 section 2.1.2"],
            "own": ["RFC 8705 section 2.2"],
        }[client_id]
    )


EACH_KIND_OF_NAME = pytest.mark.parametrize(
    ("parameter", "value", "san"),
    [
        ("tls_client_auth_san_dns", "tpp.example.com", x509.DNSName("tpp.example.com")),
        (
            "tls_client_auth_san_uri",
            "spiffe://example.com/tpp",
            x509.UniformResourceIdentifier("spiffe://example.com/tpp"),
        ),
        (
            "tls_client_auth_san_ip",
            "2001:db8::7",
            x509.IPAddress(ip_address("2001:db8::7")),
        ),
        (
            "tls_client_auth_san_email",
            "tpp@example.com",
            x509.RFC822Name("tpp@example.com"),
        ),
    ],
)


@EACH_KIND_OF_NAME
def test_each_kind_of_alternative_name_authenticates(
    parameter: str, value: str, san: x509.GeneralName, bank: Bank
) -> None:
    """RFC 8705 section 2.1.2: the name of a certificate's subjectAltName is enough."""
    bank.registered["san"] = tls_client_auth(parameter, value)
    bank.open()
    credential = bank.ca.issue_client(NAME, now=bank.now, sans=[san])
    assert bank.asked_by(credential, "san").status == 200
    assert_refused(bank.asked_by(bank.tpp, "san"))


@pytest.mark.check("client-auth.chain")
def test_a_self_signed_certificate_with_the_right_dn_is_refused(
    open_bank: Bank,
) -> None:
    """
    RFC 8705 section 6.1: the classic hole of a listener that accepts any certificate.
    """
    assert_refused(open_bank.asked_by(open_bank.self_signed(), "tpp"))
    assert "self-signed, and not one of the client roots" in open_bank.log.getvalue()


@pytest.mark.check("client-auth.chain")
def test_the_right_dn_from_an_unknown_authority_is_refused(open_bank: Bank) -> None:
    """RFC 8705 section 7.4: nobody outside the configured roots vouches for a name."""
    stranger = client_root(subject("Root", "Bank"), now=open_bank.now)
    credential = stranger.issue_client(NAME, now=open_bank.now)
    assert_refused(open_bank.asked_by(credential, "tpp"))


def test_the_root_for_servers_vouches_for_no_client(open_bank: Bank) -> None:
    """RFC 8705 section 7.4: each direction has its own anchors."""
    credential = open_bank.server_root.issue_client(NAME, now=open_bank.now)
    assert_refused(open_bank.asked_by(credential, "tpp"))


@pytest.mark.check("client-auth.chain")
@pytest.mark.parametrize("days", [-40.0, 40.0])
def test_a_certificate_outside_its_dates_is_refused(
    days: float, open_bank: Bank
) -> None:
    """RFC 8705 section 2.1: expired, or not valid yet."""
    dates = validity(open_bank.now + days * DAY, 30)
    credential = open_bank.ca.issue(profiles.CLIENT, NAME, dates)
    assert_refused(open_bank.asked_by(credential, "tpp"))


@pytest.mark.check("client-auth.chain")
def test_a_missing_intermediate_is_refused(open_bank: Bank) -> None:
    """RFC 8705 section 2.1: a path that cannot be built is not looked for elsewhere."""
    alone = Credential((open_bank.tpp.leaf,), open_bank.tpp.private_key)
    assert_refused(open_bank.asked_by(alone, "tpp"))
    assert "a missing intermediate, or an unknown CA" in open_bank.log.getvalue()


@pytest.mark.check("client-auth.chain")
def test_a_certificate_for_servers_is_refused(open_bank: Bank) -> None:
    """RFC 8705 section 7.5: extended key usage is part of the verdict."""
    dates = validity(open_bank.now, 30)
    credential = open_bank.ca.issue(profiles.SERVER, NAME, dates)
    assert_refused(open_bank.asked_by(credential, "tpp"))


@pytest.mark.check("client-auth.subject")
def test_the_victims_certificate_in_the_attackers_chain_is_no_match(
    open_bank: Bank,
) -> None:
    """CVE-2023-2422: only the certificate whose key signed the handshake counts."""
    attacker = open_bank.ca.issue_client(
        subject("attacker", "Attacker Ltd"), now=open_bank.now
    )
    credential = Credential((*attacker.chain, open_bank.tpp.leaf), attacker.private_key)
    assert_refused(open_bank.asked_by(credential, "tpp"))
    own = Credential((*attacker.chain, open_bank.own.leaf), attacker.private_key)
    assert_refused(open_bank.asked_by(own, "own"))


@pytest.mark.check("client-auth.subject")
@EACH_KIND_OF_NAME
def test_nor_is_it_by_any_alternative_name(
    parameter: str, value: str, san: x509.GeneralName, bank: Bank
) -> None:
    """RFC 8705 section 2.1.2: the names of the leaf alone, of whatever kind."""
    bank.registered["san"] = tls_client_auth(parameter, value)
    bank.open()
    victim = bank.ca.issue_client(NAME, now=bank.now, sans=[san])
    for sans in ([], [x509.DNSName("attacker.example.com")]):
        thief = bank.ca.issue_client(
            subject("attacker", "Attacker Ltd"), now=bank.now, sans=sans
        )
        chain = (*thief.chain, victim.leaf)
        behind = Credential(chain, thief.private_key)
        assert_refused(bank.asked_by(behind, "san"))


@pytest.mark.check("client-auth.subject")
def test_an_authority_with_the_clients_name_is_no_match(open_bank: Bank) -> None:
    """RFC 8705 section 2.1: the subject of the leaf, and of nothing above it."""
    same_name = open_bank.root.issue_intermediate(NAME, now=open_bank.now)
    credential = same_name.issue_client(subject("other", "X"), now=open_bank.now)
    assert_refused(open_bank.asked_by(credential, "tpp"))


def test_the_certificate_of_one_client_is_not_anothers(open_bank: Bank) -> None:
    """RFC 8705 section 2: whose certificate it is does not say who the client is."""
    assert_refused(open_bank.asked_by(open_bank.tpp, "own"))
    assert_refused(open_bank.asked_by(open_bank.own, "tpp"))


def test_two_connections_are_two_clients(open_bank: Bank) -> None:
    """The certificate is the one of the connection a request came over."""
    tpp, own = open_bank.agent(open_bank.tpp), open_bank.agent(open_bank.own)
    for _ in range(2):
        assert open_bank.ask(tpp, {"client_id": "tpp"}).status == 200
        assert open_bank.ask(own, {"client_id": "own"}).status == 200
        assert_refused(open_bank.ask(tpp, {"client_id": "own"}))
        assert_refused(open_bank.ask(own, {"client_id": "tpp"}))
    assert open_bank.network.connections_made == 2


def test_no_certificate_is_an_answer_and_no_broken_connection(open_bank: Bank) -> None:
    """RFC 8705 section 2: an OAuth error; the log says that the client sent none."""
    assert_refused(open_bank.asked_by(None, "tpp"))
    assert "sent no certificate" in open_bank.log.getvalue()


@pytest.mark.check("client-auth.certificate-presented")
def test_the_wrong_port_is_told_to_the_operator(open_bank: Bank) -> None:
    """RFC 8705 section 5: on the conventional listener nobody has a certificate."""
    agent = open_bank.agent(open_bank.tpp)
    assert_refused(open_bank.ask(agent, {"client_id": "tpp"}, port=9443))
    assert "this listener does not request one" in open_bank.log.getvalue()


def test_the_log_names_the_client(open_bank: Bank) -> None:
    """A refusal of a known client is found under its client_id."""
    open_bank.asked_by(None, "tpp")
    assert "client_id=tpp" in open_bank.log.getvalue()


# By reference.


def test_a_client_rotates_by_changing_its_document(open_bank: Bank) -> None:
    """RFC 8705 section 2.2: nothing is told to the authorization server."""
    old, new = open_bank.self_signed(), open_bank.self_signed()
    open_bank.document = jwk_set([old.leaf])
    assert open_bank.asked_by(old, "by-uri").status == 200
    open_bank.document = jwk_set([old.leaf, new.leaf])
    open_bank.network.reactor.advance(PAUSE_SECONDS)
    assert open_bank.asked_by(new, "by-uri").status == 200
    assert open_bank.asked_by(old, "by-uri").status == 200
    assert len(open_bank.fetches) == 2


@pytest.mark.bound("jwks-uri.pause")
@pytest.mark.check("client-auth.registered-certificate")
def test_an_unknown_certificate_is_refused_after_one_fetch(open_bank: Bank) -> None:
    """However often it is tried, the client's host is left alone."""
    open_bank.document = jwk_set([open_bank.own.leaf])
    stranger = open_bank.self_signed()
    for _ in range(3):
        assert_refused(open_bank.asked_by(stranger, "by-uri"))
    assert len(open_bank.fetches) == 1


@pytest.mark.parametrize("document", [b"", b"{}", b"[" * 50_000])
def test_a_document_without_certificates_is_a_refusal(
    document: bytes, open_bank: Bank
) -> None:
    """What a client's host says cannot break the server; the peer learns nothing."""
    open_bank.document = document
    assert_refused(open_bank.asked_by(open_bank.own, "by-uri"))
    assert "jwks_uri https://127.0.0.1:9446/jwks" in open_bank.log.getvalue()


def test_nothing_is_fetched_for_who_shows_no_certificate(open_bank: Bank) -> None:
    """A fetch needs a client_id that is registered and a certificate."""
    assert_refused(open_bank.asked_by(None, "by-uri"))
    assert_refused(open_bank.asked_by(open_bank.own, "nobody"))
    assert_refused(open_bank.asked_by(open_bank.own, "tpp"))
    assert open_bank.fetches == []
