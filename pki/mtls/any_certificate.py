"""
The server's end of a client's certificate in the handshake: any passes that costs no
more than it may.

OpenSSL judges a chain before it asks, and whatever it finds is overruled here, since
the verdict is the application's. So it is to do as little as it can be made to: with a
depth of 0 it goes up to the leaf's issuer and no further, and checks one signature
(measured with OpenSSL 4.0.3: 14 ms for 60 CAs with exponents as long as their moduli,
907 ms with its default of 100). It cannot be told to check none. It asks about that
issuer before it uses the issuer's key, and about the leaf before it uses the leaf's.
"""

from OpenSSL import SSL, crypto

from pki.chain.cost import TooCostly, verify_cost
from pki.mtls.limits import VERIFY_DEPTH

# OpenSSL's obj_mac.h: rsaEncryption, rsa, id-RSASSA-PSS.
_RSA = frozenset({6, 19, 912})


def let_any_certificate_pass(context: SSL.Context) -> None:
    """Request a client's certificate in each handshake, and judge it by its cost."""
    context.set_verify(SSL.VERIFY_PEER, _passes)
    context.set_verify_depth(VERIFY_DEPTH)


def _passes(
    _connection: SSL.Connection,
    certificate: crypto.X509,
    _error: int,
    _depth: int,
    _chain_holds: int,
) -> bool:
    """
    Whatever OpenSSL thinks of it.

    Raises:
        SSL.Error: it costs too much. pyOpenSSL sends the alert and ends the handshake.
    """
    try:
        _verify_cost(certificate)
    except TooCostly as error:
        raise SSL.Error([("", "", f"the client's certificate: {error}")]) from error
    return True


def _verify_cost(certificate: crypto.X509) -> None:
    """An RSA key that OpenSSL can read and we cannot may have any exponent."""
    is_measured = verify_cost(
        crypto.dump_certificate(crypto.FILETYPE_ASN1, certificate)
    )
    if not is_measured and _is_rsa(certificate):
        raise TooCostly("an RSA key that cannot be read")


def _is_rsa(certificate: crypto.X509) -> bool:
    try:
        return certificate.get_pubkey().type() in _RSA
    except crypto.Error:
        return False
