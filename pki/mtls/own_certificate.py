"""
One's own certificate, put into a context: usable, or refused before anybody connects.

OpenSSL takes a certificate that no handshake can use, and then sends none, or fails
every handshake. That is seen here, from the kinds of keys and signatures alone.
"""

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import PublicKeyAlgorithmOID
from OpenSSL import SSL

from pki.malformed import UNREADABLE
from pki.mtls.alerts import alert_text
from pki.names import from_x509
from pki.pem import Credential, PemError

# RFC 8446 section 4.2.3: the curves on which a TLS 1.3 handshake is signed here.
# OpenSSL 4.0.3 has the Brainpool ones of RFC 8734 too, and offers them to nobody. Under
# TLS 1.2 the last is none of `pki.mtls.key_exchange`'s groups, and signs nothing.
_LEAST_RSA_BITS = 2048
_CURVES = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)


def present(context: SSL.Context, credential: Credential) -> None:
    """
    Have *context* present the certificate of *credential* and what comes after it.

    Its dates, and who issued it, are not checked.

    Raises:
        PemError: no handshake can be signed with its key, or OpenSSL holds it or a
            certificate after it for too weak; the text names the file.
    """
    named = "a certificate" if credential.file is None else str(credential.file)
    if fault := _find_fault(credential) or _find_fault_after(credential):
        raise PemError(f"{named}: cannot be used for TLS: {fault}")
    try:
        context.use_certificate(credential.leaf)
        for intermediate in credential.chain[1:]:
            context.add_extra_chain_cert(intermediate)
        context.use_privatekey(credential.private_key)
        context.check_privatekey()
    except (SSL.Error, ValueError, TypeError) as error:
        said = alert_text(error) if isinstance(error, SSL.Error) else str(error)
        raise PemError(f"{named}: cannot be used for TLS: {said}") from error


def _find_fault(credential: Credential) -> str:
    """Why no handshake can be signed with this key; nothing where one can."""
    key = credential.private_key
    if isinstance(key, ec.EllipticCurvePrivateKey):
        if not isinstance(key.curve, _CURVES):
            return f"expected a key on P-256, P-384 or P-521, has {key.curve.name}"
        return ""
    # cryptography 50 reads a key of id-RSASSA-PSS as one of rsaEncryption, and
    # OpenSSL then has a key of another kind than the certificate's.
    if credential.leaf.public_key_algorithm_oid == PublicKeyAlgorithmOID.RSASSA_PSS:
        return "expected an RSA key (rsaEncryption), has one for id-RSASSA-PSS alone"
    return ""


def _find_fault_after(credential: Credential) -> str:
    """
    What is too weak of the certificates sent after the leaf; nothing where all will do.

    OpenSSL measures them in each handshake, and fails it: with less than 112 bits of
    security (SSL_CTX_set_security_level(3), level 2) a peer would refuse them as well.
    """
    for each in credential.chain[1:]:
        try:
            key, name = each.public_key(), from_x509(each.subject)
            hashed = each.signature_hash_algorithm
        except UNREADABLE as error:
            return f"a certificate after the leaf cannot be read: {error}"
        if isinstance(key, rsa.RSAPublicKey) and key.key_size < _LEAST_RSA_BITS:
            return f"{name} after the leaf: RSA of {key.key_size} bits"
        is_root = each.issuer == each.subject  # its signature is nobody's business
        if hashed is not None and hashed.name in ("md5", "sha1") and not is_root:
            return f"{name} after the leaf: signed with {hashed.name}"
    return ""
