"""New private keys, of the two kinds this deployment uses."""

from cryptography.hazmat.primitives.asymmetric import ec, rsa


def new_p256_key() -> ec.EllipticCurvePrivateKey:
    """A new key on P-256, the curve that everybody's TLS has."""
    return ec.generate_private_key(ec.SECP256R1())


def new_rsa_key() -> rsa.RSAPrivateKey:
    """A new RSA key of 2048 bits, the least that FAPI 2.0 section 5.4 allows."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)
