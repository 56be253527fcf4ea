"""
Handshakes that our own client never makes: another's certificate, an older version.

What they are made with is a `ClientContext` like any other, with something changed in
it that `pki.mtls` has no way to ask for.
"""

from collections.abc import Sequence
from tempfile import NamedTemporaryFile

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from OpenSSL import SSL, crypto

from pki.mtls.contexts import ClientContext
from pki.pem import Credential


def only_tls_1_2(
    credential: Credential, server_roots: Sequence[x509.Certificate], *, trace: bool
) -> ClientContext:
    """The same client, as if TLS 1.3 had not been invented."""
    context = ClientContext(credential, server_roots, trace=trace)
    context.openssl.set_max_proto_version(SSL.TLS1_2_VERSION)
    return context


def without_its_key(
    stolen: Sequence[x509.Certificate],
    own: Credential,
    server_roots: Sequence[x509.Certificate],
    *,
    trace: bool,
) -> ClientContext:
    """
    A thief, who sends *stolen* certificates and signs with the key of his *own*.

    Raises:
        ValueError: the keys of both are not on one curve.
    """
    context = ClientContext(None, server_roots, trace=trace)
    context.openssl.use_certificate(stolen[0])
    for intermediate in stolen[1:]:
        context.openssl.add_extra_chain_cert(intermediate)
    # pyOpenSSL takes no such key as a value: cryptography sees that it is none.
    with NamedTemporaryFile(suffix=".der") as file:  # 0600
        file.write(_passed_off(own, stolen[0]))
        file.flush()
        context.openssl.use_privatekey_file(file.name, crypto.FILETYPE_ASN1)
    return context


def _passed_off(own: Credential, victim: x509.Certificate) -> bytes:
    """
    The private key of *own* in DER (RFC 5915), with the public key of *victim* in it.

    OpenSSL compares that public key with the certificate's, and takes them for a pair.
    """
    key, wanted = own.private_key, victim.public_key()
    if not (
        isinstance(key, ec.EllipticCurvePrivateKey)
        and isinstance(wanted, ec.EllipticCurvePublicKey)
        and key.curve.name == wanted.curve.name
    ):
        raise ValueError("expected two keys on one curve")
    der = key.private_bytes(
        Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption()
    )
    point, other = (
        each.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        for each in (key.public_key(), wanted)
    )
    return der.replace(point, other)
