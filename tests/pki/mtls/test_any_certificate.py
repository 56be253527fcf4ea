"""Client chains that would cost a listener dearly."""

import json

import pytest
from OpenSSL import SSL, crypto

from pki.chain.limits import LARGEST_CERTIFICATE, MOST_CERTIFICATES
from pki.keys import new_p256_key
from pki.mtls import any_certificate
from pki.mtls.contexts import ServerContext
from pki.mtls.server import Listener
from pki.pem import Credential
from tests.in_memory.hostile_certificates import (
    chain_of,
    costly_key,
    self_signed_with,
)
from tests.in_memory.listeners import MUTUAL_TLS, Bench, peer_of
from tests.in_memory.raw_tls import RawPeer, outsider_context

GET = b"GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n"
VERSIONS = {"TLSv1.2": SSL.TLS1_2_VERSION, "TLSv1.3": SSL.TLS1_3_VERSION}

every_version = pytest.mark.parametrize("version", VERSIONS.values(), ids=VERSIONS)


class SignatureChecks:
    """How many signatures OpenSSL says that it has checked, in all handshakes."""

    def __init__(self, place: Bench, server: Credential) -> None:
        self.count = 0
        context = ServerContext(server, request_certificate=True)
        context._context.set_verify(SSL.VERIFY_PEER, self._ask)
        listener = Listener(
            place.network.reactor, place.witness, peer_of, request_certificate=True
        )
        place.network.listen("localhost", MUTUAL_TLS, listener, context)

    def _ask(self, *asked: object) -> bool:
        *_, chain_holds = asked
        passes = any_certificate._passes(*asked)  # type: ignore[arg-type]
        # It asks again with 1 when a certificate is done with, its signature checked;
        # that of a self-signed root is not.
        self.count += bool(chain_holds)
        return passes


@pytest.fixture
def checks(place: Bench, server_credential: Credential) -> SignatureChecks:
    """Counts from now on."""
    return SignatureChecks(place, server_credential)


def refused_in_the_handshake(place: Bench, peer: RawPeer, reason: str) -> None:
    """By an alert, and a line in the log that says why."""
    assert peer.ended
    assert place.requests == []
    (line,) = place.lines()
    assert line.startswith("as     warning TLS handshake with 127.0.0.1:50001 failed: ")
    assert reason in line


@pytest.mark.bound("handshake.signatures")
@every_version
def test_one_signature_of_a_chain_is_checked(
    place: Bench, checks: SignatureChecks, version: int, now: float
) -> None:
    """OpenSSL is kept from a judgement that nobody asks for."""
    chain = chain_of(MOST_CERTIFICATES - 1, new_p256_key(), now)
    peer = place.dial(context=outsider_context(chain, version=version))
    peer.send(GET)
    assert peer.answers[0].status == 200
    assert checks.count == 1


@every_version
@pytest.mark.parametrize("many", [1, 4, 60])
def test_costly_authorities(
    place: Bench, checks: SignatureChecks, version: int, many: int, now: float
) -> None:
    """Not one signature is checked with a key that takes too long."""
    chain = chain_of(many, costly_key(), now)
    peer = place.dial(context=outsider_context(chain, version=version))
    refused_in_the_handshake(place, peer, "of an RSA key")
    assert checks.count == 0


@every_version
def test_costly_key_of_ones_own(
    place: Bench, checks: SignatureChecks, version: int, now: float
) -> None:
    """A self-signed client is no exception; its handshake's signature is not either."""
    own = self_signed_with(costly_key(), now)
    peer = place.dial(context=outsider_context(own, version=version))
    refused_in_the_handshake(place, peer, "of an RSA key")


@every_version
def test_large_certificate(place: Bench, version: int, now: float) -> None:
    """What is larger than is looked at is not looked at."""
    own = self_signed_with(new_p256_key(), now, padding=LARGEST_CERTIFICATE)
    peer = place.dial(context=outsider_context(own, version=version))
    refused_in_the_handshake(place, peer, "bytes, expected at most 8192")


def refused_by_an_answer(place: Bench, peer: RawPeer, reason: str) -> None:
    """What OpenSSL did not show before the handshake was over."""
    peer.send(GET)
    assert peer.answers[0].status == 400
    assert json.loads(peer.answers[0].body) == {"error": "invalid_request"}
    assert peer.ended
    assert place.requests == []
    (line,) = place.lines()
    about = "as     warning 400 to 127.0.0.1:50001: what the client sent: "
    assert line.startswith(about + reason)


@every_version
def test_costly_key_further_up(
    place: Bench, version: int, now: float, client_credential: Credential
) -> None:
    """A key that the handshake does not need is not there for anybody else."""
    costly = self_signed_with(costly_key(), now).leaf
    chain = Credential(
        (*client_credential.chain, costly), client_credential.private_key
    )
    peer = place.dial(context=outsider_context(chain, version=version))
    refused_by_an_answer(
        place, peer, "certificate 3: the public exponent of an RSA key"
    )


@every_version
def test_many_certificates(
    place: Bench, version: int, now: float, client_credential: Credential
) -> None:
    """A peer sends a chain, and not a collection."""
    chain = chain_of(MOST_CERTIFICATES, new_p256_key(), now)
    peer = place.dial(context=outsider_context(chain, version=version))
    refused_by_an_answer(place, peer, "11 certificates, expected at most 10")


def test_key_that_only_openssl_reads(
    place: Bench, now: float, checks: SignatureChecks
) -> None:
    """An RSA key that cannot be measured is not used."""
    der = bytearray(self_signed_with(costly_key(), now).leaf_der)
    der[der.index(b"\xa0\x03\x02\x01\x02") + 4] = 9  # a version that nobody knows
    unreadable = crypto.load_certificate(crypto.FILETYPE_ASN1, bytes(der))
    with pytest.raises(SSL.Error, match="an RSA key that cannot be read"):
        any_certificate._passes(None, unreadable, 0, 0, 1)  # type: ignore[arg-type]
