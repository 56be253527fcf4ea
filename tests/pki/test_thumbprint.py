"""The thumbprint, by the vectors of two RFCs, and the mistakes seen in the wild."""

import base64
import hashlib
import json

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwcrypto.jwk import JWK

from pki.pem import Credential
from pki.thumbprint import x5t_s256

APPENDIX_A = b"""\
-----BEGIN CERTIFICATE-----
MIIBBjCBrAIBAjAKBggqhkjOPQQDAjAPMQ0wCwYDVQQDDARtdGxzMB4XDTE4MTAx
ODEyMzcwOVoXDTIyMDUwMjEyMzcwOVowDzENMAsGA1UEAwwEbXRsczBZMBMGByqG
SM49AgEGCCqGSM49AwEHA0IABNcnyxwqV6hY8QnhxxzFQ03C7HKW9OylMbnQZjjJ
/Au08/coZwxS7LfA4vOLS9WuneIXhbGGWvsDSb0tH6IxLm8wCgYIKoZIzj0EAwID
SQAwRgIhAP0RC1E+vwJD/D1AGHGzuri+hlV/PpQEKTWUVeORWz83AiEA5x2eXZOV
bUlJSGQgjwD5vaUaKlLR50Q2DmFfQj1L+SY=
-----END CERTIFICATE-----
"""
APPENDIX_A_JWK = {
    "kty": "EC",
    "x": "1yfLHCpXqFjxCeHHHMVDTcLscpb07KUxudBmOMn8C7Q",
    "y": "8_coZwxS7LfA4vOLS9WuneIXhbGGWvsDSb0tH6IxLm8",
    "crv": "P-256",
    "x5c": [
        (
            "MIIBBjCBrAIBAjAKBggqhkjOPQQDAjAPMQ0wCwYDVQQDDARtdGxzMB4XDTE4MTAx"
            "ODEyMzcwOVoXDTIyMDUwMjEyMzcwOVowDzENMAsGA1UEAwwEbXRsczBZMBMGByqG"
            "SM49AgEGCCqGSM49AwEHA0IABNcnyxwqV6hY8QnhxxzFQ03C7HKW9OylMbnQZjjJ"
            "/Au08/coZwxS7LfA4vOLS9WuneIXhbGGWvsDSb0tH6IxLm8wCgYIKoZIzj0EAwID"
            "SQAwRgIhAP0RC1E+vwJD/D1AGHGzuri+hlV/PpQEKTWUVeORWz83AiEA5x2eXZOV"
            "bUlJSGQgjwD5vaUaKlLR50Q2DmFfQj1L+SY="
        )
    ],
}
APPENDIX_A_THUMBPRINT = "A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0"

RFC_9440 = b"""\
-----BEGIN CERTIFICATE-----
MIIBqDCCAU6gAwIBAgIBBzAKBggqhkjOPQQDAjA6MRswGQYDVQQKDBJMZXQncyBB
dXRoZW50aWNhdGUxGzAZBgNVBAMMEkxBIEludGVybWVkaWF0ZSBDQTAeFw0yMDAx
MTQyMjU1MzNaFw0yMTAxMjMyMjU1MzNaMA0xCzAJBgNVBAMMAkJDMFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAE8YnXXfaUgmnMtOXU/IncWalRhebrXmckC8vdgJ1p
5Be5F/3YC8OthxM4+k1M6aEAEFcGzkJiNy6J84y7uzo9M6NyMHAwCQYDVR0TBAIw
ADAfBgNVHSMEGDAWgBRm3WjLa38lbEYCuiCPct0ZaSED2DAOBgNVHQ8BAf8EBAMC
BsAwEwYDVR0lBAwwCgYIKwYBBQUHAwIwHQYDVR0RAQH/BBMwEYEPYmRjQGV4YW1w
bGUuY29tMAoGCCqGSM49BAMCA0gAMEUCIBHda/r1vaL6G3VliL4/Di6YK0Q6bMje
SkC3dFCOOB8TAiEAx/kHSB4urmiZ0NX5r5XarmPk0wmuydBVoU4hBVZ1yhk=
-----END CERTIFICATE-----
"""
RFC_9440_THUMBPRINT = "v68ffgcPn6jdYpBfFY2nP4ShE2Yk-6_Mk5PI9yh6aes"


def _der(pem: bytes) -> bytes:
    return x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)


def test_rfc_8705_appendix_a() -> None:
    """RFC 8705 appendix A: the certificate there has the thumbprint there."""
    assert x5t_s256(_der(APPENDIX_A)) == APPENDIX_A_THUMBPRINT


def test_rfc_8705_appendix_a_jwk() -> None:
    """RFC 8705 appendix A: the x5c of the JWK there is the same certificate."""
    der = base64.b64decode(APPENDIX_A_JWK["x5c"][0])
    assert x5t_s256(der) == APPENDIX_A_THUMBPRINT
    key = x509.load_der_x509_certificate(der).public_key()
    assert isinstance(key, EllipticCurvePublicKey)
    stated = JWK.from_json(json.dumps(APPENDIX_A_JWK)).get_op_key("verify")
    assert key.public_numbers() == stated.public_numbers()


def test_rfc_9440_appendix_a() -> None:
    """RFC 8705 section 3.1: base64url, of which this certificate's has both signs."""
    thumbprint = x5t_s256(_der(RFC_9440))
    assert thumbprint == RFC_9440_THUMBPRINT
    assert "-" in thumbprint
    assert "_" in thumbprint


def test_encoding_alone() -> None:
    """RFC 8705 section 3.1: a published SHA-256 digest, and how it is to be written."""
    digest = "9a0c3570ac7392bee14a408ecb38978852a86d38cbc087feeeeaab2c9a07b9f1"
    written = base64.urlsafe_b64encode(bytes.fromhex(digest)).rstrip(b"=").decode()
    assert written == "mgw1cKxzkr7hSkCOyziXiFKobTjLwIf-7uqrLJoHufE"
    assert written == _as_x5t_s256_writes(bytes.fromhex(digest))


def _as_x5t_s256_writes(digest: bytes) -> str:
    """The same steps as in RFC 7515 section 2, spelled without `base64`'s url form."""
    standard = base64.b64encode(digest).decode()
    return standard.split("=")[0].replace("+", "-").replace("/", "_")


def test_any_certificate(client_credential: Credential) -> None:
    """RFC 8705 section 3.1: 43 characters, for a certificate made today too."""
    thumbprint = x5t_s256(client_credential.leaf_der)
    fingerprint = client_credential.leaf.fingerprint(SHA256())
    assert thumbprint == _as_x5t_s256_writes(fingerprint)
    assert len(thumbprint) == 43


def _spki(pem: bytes) -> bytes:
    key = x509.load_pem_x509_certificate(pem).public_key()
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _base64url(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


WRONG = {
    "SHA-256 in hex": (
        "0380ed2f626650c840b2f263e6d2b29fae12ab39ae5db32b25ad27efad72e6fd",
        hashlib.sha256(_der(APPENDIX_A)).hexdigest(),
    ),
    "SHA-1, which is x5t": (
        "4fc429f1f3e6558a9bf621f2cd051a01bc4179d6",
        hashlib.sha1(_der(APPENDIX_A), usedforsecurity=False).hexdigest(),
    ),
    "of the PEM": (
        "45953289dd1c51058438dbf6baba028928ba0aa01775566e7909a4c41789d207",
        hashlib.sha256(APPENDIX_A).hexdigest(),
    ),
    "of the public key": (
        "Wfn777VsDXE-cW3Wvzm7CuMw6D6h15KRhVqq3o80H48",
        _base64url(hashlib.sha256(_spki(APPENDIX_A)).digest()),
    ),
    "of the JWK, which is jkt": (
        "Fvi_j8Immo6AlgIwpZKqaXnNP_9b09pLKkQHObRebQY",
        JWK.from_json(json.dumps(APPENDIX_A_JWK)).thumbprint(),
    ),
    "with padding": (
        "A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0=",
        base64.urlsafe_b64encode(hashlib.sha256(_der(APPENDIX_A)).digest()).decode(),
    ),
    "in lower case": (
        "a4dtl2jmumhasvjj5tkyn64sqzmuxbmrja0n761y5v0",
        APPENDIX_A_THUMBPRINT.lower(),
    ),
    "in the standard alphabet": (
        "v68ffgcPn6jdYpBfFY2nP4ShE2Yk+6/Mk5PI9yh6aes",
        RFC_9440_THUMBPRINT.replace("-", "+").replace("_", "/"),
    ),
    "of the hex": (
        (
            "MDM4MGVkMmY2MjY2NTBjODQwYjJmMjYzZTZkMmIyOWZhZTEyYWIzOWFlNWRiMzJi"
            "MjVhZDI3ZWZhZDcyZTZmZA"
        ),
        _base64url(hashlib.sha256(_der(APPENDIX_A)).hexdigest().encode()),
    ),
}


@pytest.mark.parametrize(("published", "computed"), WRONG.values(), ids=WRONG)
def test_wrong_computations(published: str, computed: str) -> None:
    """RFC 8705 section 3.1: what others computed is none of our values."""
    assert published == computed
    assert computed not in {x5t_s256(_der(APPENDIX_A)), x5t_s256(_der(RFC_9440))}
