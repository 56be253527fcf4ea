from collections.abc import Mapping

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from as_node.clients import Client
from as_node.errors import InvalidClient, InvalidClientWithScheme, InvalidRequest
from pki.jwk_set import jwk_set
from pki.mtls.messages import Connection, Request
from pki.peer import PeerCertificate
from pki.pem import Credential
from tests.bank_in_memory import Bank


@pytest.fixture
def bank() -> Bank:
    return Bank()


# Refusals that need no connection, in the order of the checks.


def request(
    credential: Credential | None = None,
    headers: Mapping[str, tuple[str, ...]] | None = None,
    *,
    certificate_requested: bool = True,
) -> Request:
    """A request over a connection with this certificate."""
    peer = None
    if credential is not None:
        peer = PeerCertificate(
            credential.leaf_der,
            tuple(c.public_bytes(Encoding.DER) for c in credential.chain[1:]),
        )
    connection = Connection(
        number=1,
        client_address="127.0.0.1:50000",
        tls_version="TLSv1.3",
        certificate_requested=certificate_requested,
        peer=peer,
    )
    return Request("POST", "/token", "", headers or {}, b"", connection)


def authenticate(bank: Bank, asked: Request, **parameters: str) -> Client:
    """The client of a request; raises its refusal."""
    return bank.network.run(bank.authentication().authenticate(asked, parameters))


@pytest.mark.parametrize("scheme", ["Basic dHBwOng=", "Bearer x", ""])
def test_an_authorization_header_is_refused_with_a_scheme(
    scheme: str, bank: Bank
) -> None:
    """RFC 6749 section 5.2: 401 with WWW-Authenticate, certificate or not."""
    asked = request(bank.tpp, {"authorization": (scheme,)})
    with pytest.raises(InvalidClientWithScheme) as refused:
        authenticate(bank, asked, client_id="tpp")
    assert refused.value.response().status == 401
    assert "WWW-Authenticate" in dict(refused.value.response().headers)
    with pytest.raises(InvalidClientWithScheme):
        authenticate(bank, request(None, {"authorization": (scheme,)}))


OTHER_MECHANISMS = ["client_secret", "client_assertion", "client_assertion_type"]


@pytest.mark.parametrize("name", OTHER_MECHANISMS)
def test_another_mechanism_beside_a_certificate_is_refused(
    name: str, bank: Bank
) -> None:
    """RFC 6749 section 5.2: more than one mechanism is an invalid request."""
    with pytest.raises(InvalidRequest, match="more than one mechanism") as refused:
        authenticate(bank, request(bank.tpp), client_id="tpp", **{name: "hidden"})
    said = refused.value.detail + refused.value.presented
    assert "hidden" not in said


@pytest.mark.parametrize("name", OTHER_MECHANISMS)
def test_another_mechanism_alone_is_refused(name: str, bank: Bank) -> None:
    """RFC 8705 section 2: the registered method decides, and it is mutual TLS."""
    with pytest.raises(InvalidClient, match="no client is registered for it"):
        authenticate(bank, request(), client_id="tpp", **{name: "hidden"})


@pytest.mark.parametrize("client_id", ["tpp", "nobody", ""])
def test_more_than_one_mechanism_does_not_tell_who_is_registered(
    client_id: str, bank: Bank
) -> None:
    """The one answer that is no invalid_client comes before the client is looked up."""
    with pytest.raises(InvalidRequest):
        authenticate(
            bank, request(bank.own), client_id=client_id, client_secret="hidden"
        )


def test_a_client_is_not_guessed_from_its_certificate(bank: Bank) -> None:
    """RFC 8705 section 2: client_id is required."""
    with pytest.raises(InvalidClient, match="client_id is missing"):
        authenticate(bank, request(bank.tpp))


@pytest.mark.parametrize("client_id", ["nobody", "TPP", "tpp ", "x\ny", "x" * 60_000])
def test_an_unknown_client_is_refused(client_id: str, bank: Bank) -> None:
    """The log shows the client_id escaped and cut, and never as a known one."""
    asked = request(bank.tpp)
    with pytest.raises(InvalidClient, match="no client of this") as refused:
        authenticate(bank, asked, client_id=client_id)
    assert "\n" not in refused.value.presented
    assert len(refused.value.presented) < 130
    assert asked.journal.facts == {}


@pytest.mark.parametrize(
    ("requested", "why"),
    [(True, "though this listener requests one"), (False, "mtls_endpoint_aliases")],
)
def test_no_certificate_is_refused(requested: bool, why: str, bank: Bank) -> None:  # noqa: FBT001 - a parameter of the test
    """RFC 8705 section 2: the detail tells a lack of certificate from a wrong port."""
    asked = request(certificate_requested=requested)
    with pytest.raises(InvalidClient, match=why) as refused:
        authenticate(bank, asked, client_id="tpp")
    assert refused.value.detail.startswith("tls_client_auth: ")
    assert asked.journal.facts == {"client_id": "tpp"}


@pytest.mark.parametrize("client_id", ["tpp", "own"])
@pytest.mark.parametrize("der", [b"", b"\x30\x82\x01\x01", b"-----BEGIN"])
def test_a_certificate_that_cannot_be_read_is_refused(
    der: bytes, client_id: str, bank: Bank
) -> None:
    """OpenSSL lets certificates pass that cryptography cannot parse: never a 500."""
    asked = request()
    connection = Connection(1, "", "TLSv1.3", True, PeerCertificate(der, (der,)))  # noqa: FBT003 - positional for brevity
    with pytest.raises(InvalidClient):
        authenticate(
            bank,
            Request(asked.method, asked.path, "", {}, b"", connection),
            client_id=client_id,
        )


def test_certificates_in_headers_are_not_looked_at(bank: Bank) -> None:
    """RFC 8705 section 2: what was not in the handshake proves nothing."""
    pem = jwk_set([bank.own.leaf]).decode()
    names = ("client-cert", "x-ssl-client-cert", "x-forwarded-client-cert")
    headers = dict.fromkeys(names, (pem,))
    with pytest.raises(InvalidClient, match="sent no certificate"):
        authenticate(bank, request(None, headers), client_id="own", client_cert=pem)


def test_the_client_is_given_back(bank: Bank) -> None:
    """What a grant needs to know of the client is what it registered."""
    asked = request(bank.tpp)
    client = authenticate(bank, asked, client_id="tpp")
    assert client.client_id == "tpp"
    assert client.token_endpoint_auth_method == "tls_client_auth"
    assert asked.journal.facts == {"client_id": "tpp"}
