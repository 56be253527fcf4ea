"""Which method a client is judged by, and that no request decides it."""

import json
from collections.abc import Mapping

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from jwcrypto.common import base64url_encode
from jwcrypto.jwk import JWK

from as_node.clients.client_assertion import ASSERTION_TYPE
from as_node.clients.registry import Client
from as_node.protocol.errors import (
    InvalidClient,
    InvalidClientWithScheme,
    InvalidRequest,
)
from client_node.oauth.token.client_assertion import (
    assertion_parameters,
    client_assertion,
)
from pki.http.messages import Connection, Request
from pki.jwk_set import jwk_set
from pki.peer import PeerCertificate
from pki.pem import Credential
from tests.in_memory.client_authentication import ISSUER, Bank


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


@pytest.mark.check("client-auth.no-authorization-header")
@pytest.mark.parametrize(
    ("scheme", "answered"),
    [
        ("Basic dHBwOng=", "Basic"),
        ("basic dHBwOng=", "basic"),
        ("Bearer x", "Bearer"),
        ("DPoP x", "DPoP"),
        ("Digest username=x", "Digest"),
        ("", "Basic"),
        (" Bearer x", "Basic"),
        ('x", Bearer realm="y" z', "Basic"),
        ("x\tBearer", "Basic"),
        ("\N{SNOWMAN} x", "Basic"),
        ("x" * 21, "Basic"),
    ],
)
def test_an_authorization_header_is_refused_with_a_scheme(
    scheme: str, answered: str, bank: Bank
) -> None:
    """RFC 6749 section 5.2: 401 with the scheme that was used, certificate or not."""
    asked = request(bank.tpp, {"authorization": (scheme,)})
    with pytest.raises(InvalidClientWithScheme) as refused:
        authenticate(bank, asked, client_id="tpp")
    assert refused.value.response().status == 401
    challenge = dict(refused.value.response().headers)["WWW-Authenticate"]
    assert challenge == f'{answered} realm="client authentication"'
    with pytest.raises(InvalidClientWithScheme):
        authenticate(bank, request(None, {"authorization": (scheme,)}))


def signed(bank: Bank, client_id: str, *, key: JWK | None = None) -> str:
    """A good assertion of this client's, signed with the key of `signing`."""
    now = bank.network.clock()
    return client_assertion(key or bank.key, client_id, ISSUER, now)


@pytest.mark.check("client-auth.one-mechanism")
def test_a_secret_beside_a_certificate_is_refused(bank: Bank) -> None:
    """RFC 6749 section 5.2: more than one mechanism is an invalid request."""
    with pytest.raises(InvalidRequest, match="more than one mechanism") as refused:
        authenticate(bank, request(bank.tpp), client_id="tpp", client_secret="hidden")
    assert "hidden" not in refused.value.detail + refused.value.presented


@pytest.mark.check("client-auth.one-mechanism")
def test_a_secret_beside_an_assertion_is_refused(bank: Bank) -> None:
    """RFC 6749 section 5.2: two mechanisms, even if the assertion is good."""
    parameters = assertion_parameters(signed(bank, "signing"))
    with pytest.raises(InvalidRequest, match="client_secret beside client_assertion"):
        authenticate(bank, request(), client_secret="hidden", **parameters)


@pytest.mark.check("client-auth.no-secret")
@pytest.mark.parametrize("client_id", ["tpp", "app", "signing", "nobody"])
def test_a_secret_alone_is_refused(client_id: str, bank: Bank) -> None:
    """RFC 8705 section 2: the registered method decides, and it is no secret."""
    with pytest.raises(InvalidClient, match="no client is registered for it"):
        authenticate(bank, request(), client_id=client_id, client_secret="hidden")


@pytest.mark.check("client-auth.no-assertion")
@pytest.mark.parametrize("client_id", ["tpp", "own", "app"])
def test_an_assertion_does_not_authenticate_a_client_of_another_method(
    client_id: str, bank: Bank
) -> None:
    """RFC 8705 section 2: nor does a good certificate help it then."""
    parameters = assertion_parameters(signed(bank, client_id))
    certificate = {"tpp": bank.tpp, "own": bank.own}.get(client_id)
    for asked in (request(), request(certificate)):
        with pytest.raises(InvalidClient, match="registered for another method"):
            authenticate(bank, asked, client_id=client_id, **parameters)
        with pytest.raises(InvalidClient):
            authenticate(bank, asked, client_id=client_id, client_assertion="x")


@pytest.mark.check("client-auth.known-client")
def test_a_client_is_not_guessed_from_its_certificate(bank: Bank) -> None:
    """RFC 8705 section 2: client_id is required."""
    with pytest.raises(InvalidClient, match="client_id is missing"):
        authenticate(bank, request(bank.tpp))


@pytest.mark.check("client-auth.known-client")
@pytest.mark.parametrize("client_id", ["nobody", "TPP", "tpp ", "x\ny", "x" * 60_000])
def test_an_unknown_client_is_refused(client_id: str, bank: Bank) -> None:
    """The log shows the client_id escaped and cut, and never as a known one."""
    asked = request(bank.tpp)
    with pytest.raises(InvalidClient, match="no client of this") as refused:
        authenticate(bank, asked, client_id=client_id)
    assert "\n" not in refused.value.presented
    assert len(refused.value.presented) < 130
    assert asked.journal.facts == {}


@pytest.mark.check("client-auth.certificate-presented")
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


@pytest.mark.check("client-auth.certificate-presented")
def test_certificates_in_headers_are_not_looked_at(bank: Bank) -> None:
    """RFC 8705 section 2: what was not in the handshake proves nothing."""
    pem = jwk_set([bank.own.leaf]).decode()
    names = ("client-cert", "x-ssl-client-cert", "x-forwarded-client-cert")
    headers = dict.fromkeys(names, (pem,))
    with pytest.raises(InvalidClient, match="sent no certificate"):
        authenticate(bank, request(None, headers), client_id="own", client_cert=pem)


# Clients that are not known by a certificate.


@pytest.mark.parametrize("certificate", ["none", "its own", "another's"])
@pytest.mark.parametrize("says_so", [True, False])
def test_an_assertion_says_who_the_client_is(
    certificate: str,
    says_so: bool,  # noqa: FBT001 - a parameter of the test
    bank: Bank,
) -> None:
    """RFC 7521 section 4.2: whatever the certificate, and without client_id as well."""
    credential = {"none": None, "its own": bank.self_signed(), "another's": bank.tpp}
    parameters = assertion_parameters(signed(bank, "signing"))
    if says_so:
        parameters["client_id"] = "signing"
    asked = request(credential[certificate])
    client = authenticate(bank, asked, **parameters)
    assert client.client_id == "signing"
    assert asked.journal.facts == {"client_id": "signing"}


@pytest.mark.check("client-auth.assertion-presented")
def test_a_certificate_does_not_stand_in_for_an_assertion(bank: Bank) -> None:
    """RFC 8705 section 2: whoever issued it, the registered method decides."""
    for asked in (request(bank.tpp), request(bank.own), request()):
        with pytest.raises(InvalidClient, match="no client_assertion"):
            authenticate(bank, asked, client_id="signing")


def test_a_client_id_beside_an_assertion_is_its_subject(bank: Bank) -> None:
    """RFC 7521 section 4.2: MUST identify the same client."""
    now = bank.network.clock()
    bank.registered["second"] = bank.registered["signing"]
    assertion = client_assertion(bank.key, "signing", ISSUER, now)
    with pytest.raises(InvalidClient, match="another iss"):
        authenticate(
            bank, request(), client_id="second", **assertion_parameters(assertion)
        )


@pytest.mark.parametrize("sub", [None, 7, "", "nobody", ["signing"]])
def test_an_assertion_of_nobody_is_refused(sub: object, bank: Bank) -> None:
    """Never a 500, and never as another client."""
    claims = base64url_encode(json.dumps({"sub": sub}))
    parameters = assertion_parameters(f"e30.{claims}.AAAA")
    with pytest.raises(InvalidClient, match="client_id"):
        authenticate(bank, request(), **parameters)


@pytest.mark.check("assertion.signature")
def test_an_assertion_of_another_key_is_refused(bank: Bank) -> None:
    """RFC 7523 section 3: it says a client_id, and does not prove it."""
    key = JWK.generate(kty="EC", crv="P-256", kid="first")
    parameters = assertion_parameters(signed(bank, "signing", key=key))
    with pytest.raises(InvalidClient, match="signature"):
        authenticate(bank, request(), **parameters)


@pytest.mark.check("assertion.used-once")
def test_an_assertion_is_good_for_one_request(bank: Bank) -> None:
    """RFC 7523 section 3: whoever has overheard it is too late."""
    parameters = assertion_parameters(signed(bank, "signing"))
    authenticate(bank, request(), **parameters)
    with pytest.raises(InvalidClient, match="used before"):
        authenticate(bank, request(), **parameters)


def test_a_public_client_is_who_it_says(bank: Bank) -> None:
    """RFC 8705 section 4: with any certificate, or with none."""
    for asked in (request(), request(bank.self_signed()), request(bank.tpp)):
        assert authenticate(bank, asked, client_id="app").is_public


def test_a_public_client_with_more_than_its_name_is_refused(bank: Bank) -> None:
    """RFC 6749 section 2.1: it has no credentials, so they are somebody else's."""
    with pytest.raises(InvalidClientWithScheme):
        authenticate(
            bank, request(None, {"authorization": ("Basic YXBwOng=",)}), client_id="app"
        )
    for parameters in (
        {"client_secret": "hidden"},
        {"client_assertion_type": ASSERTION_TYPE},
        assertion_parameters(signed(bank, "app")),
    ):
        with pytest.raises(InvalidClient):
            authenticate(bank, request(), client_id="app", **parameters)


def test_the_client_is_given_back(bank: Bank) -> None:
    """What a grant needs to know of the client is what it registered."""
    asked = request(bank.tpp)
    client = authenticate(bank, asked, client_id="tpp")
    assert client.client_id == "tpp"
    assert client.token_endpoint_auth_method == "tls_client_auth"
    assert asked.journal.facts == {"client_id": "tpp"}
