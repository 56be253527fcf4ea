"""Certificates, connections and TLS alerts, as a client meets them."""

import pytest
from OpenSSL import SSL
from OpenSSL.crypto import X509

from pki.http.answers import HandshakeRefused, NoAnswer
from pki.mtls.contexts import ServerContext
from tests.client_node.in_memory.bank import RESOURCE, Bank, FakeServer, serve

URL = f"{RESOURCE}/accounts"


def demanding(bank: Bank) -> ServerContext:
    """
    A server that wants a certificate of an authority of its own, or none of us.

    Unlike our own nodes: it lists the authority in its CertificateRequest, and
    refuses in the handshake.
    """
    context = ServerContext(bank.pki.server, request_certificate=True)
    root = bank.pki.client_authority.certificate
    store = context._context.get_cert_store()
    assert store is not None
    store.add_cert(X509.from_cryptography(root))
    context._context.add_client_ca(root)
    context._context.set_verify(
        SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, lambda *args: bool(args[4])
    )
    return context


@pytest.mark.parametrize("version", [SSL.TLS1_2_VERSION, SSL.TLS1_3_VERSION])
def test_a_refused_certificate_is_told_as_one_thing(bank: Bank, version: int) -> None:
    """RFC 8446 section 4.4.2.4: in the handshake or at the first read, it is told."""
    context = demanding(bank)
    context._context.set_max_proto_version(version)
    serve(bank.network, FakeServer(), RESOURCE, context)
    identity = bank.identity(bank.pki.self_signed)
    with pytest.raises(HandshakeRefused, match=f"^{URL}: TLS: .*alert") as refused:
        bank.network.run(identity.send("GET", URL))
    assert "\n" not in str(refused.value)
    assert bank.network.connections_made == 1


def test_a_missing_certificate_is_told(bank: Bank) -> None:
    """RFC 8446 section 6.2: `certificate_required`, at the first read."""
    serve(bank.network, FakeServer(), RESOURCE, demanding(bank))
    with pytest.raises(HandshakeRefused, match="certificate required"):
        bank.network.run(bank.identity(None).send("GET", URL))


def test_a_certificate_is_sent_whatever_authorities_the_server_lists(
    bank: Bank,
) -> None:
    """RFC 8705 section 6.2: a self-signed certificate is of no authority on a list."""
    context = ServerContext(bank.pki.server, request_certificate=True)
    context._context.add_client_ca(bank.pki.client_authority.certificate)
    serve(bank.network, bank.resource, RESOURCE, context)
    identity = bank.identity(bank.pki.self_signed)
    bank.network.run(identity.send("GET", URL))
    (request,) = bank.resource.asked
    assert request.peer is not None
    assert request.peer.x5t_s256 == identity.x5t_s256


def test_two_identities_share_no_connection(bank: Bank) -> None:
    """RFC 8705 section 3: each request comes over its own certificate's connection."""
    identities = [
        bank.identity(credential)
        for credential in (bank.pki.client, bank.pki.other, None)
    ]
    for identity in [*identities, *identities]:
        bank.network.run(identity.send("GET", URL))
    seen = [r.peer and r.peer.x5t_s256 for r in bank.resource.asked]
    assert seen == [identity.x5t_s256 for identity in identities] * 2
    assert bank.network.connections_made == 3


def test_a_server_that_is_not_there_is_named(bank: Bank) -> None:
    """The reader learns which of the URLs it was."""
    bank.network.close("localhost", 9445)
    with pytest.raises(NoAnswer, match=f"^{URL}: no connection"):
        bank.network.run(bank.identity(None).send("GET", URL))


def test_a_closed_identity_keeps_no_connection(bank: Bank) -> None:
    """A later request makes a connection of its own."""
    identity = bank.identity(bank.pki.client)
    for _ in range(2):
        bank.network.run(identity.send("GET", URL))
        bank.network.run(identity.close())
    assert bank.network.connections_made == 2
