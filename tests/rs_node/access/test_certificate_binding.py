"""The comparison that the whole deployment is about, with the vectors of the RFCs."""

from base64 import b64decode, urlsafe_b64encode
from hashlib import sha256

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from pki.http.journal import Journal
from pki.peer import PeerCertificate
from rs_node.access.certificate_binding import verify_binding
from rs_node.access.challenges import InvalidToken
from rs_node.access.wrong_thumbprints import recognised

# RFC 8705 Appendix A: the certificate, and its thumbprint.
APPENDIX_A = b"""-----BEGIN CERTIFICATE-----
MIIBBjCBrAIBAjAKBggqhkjOPQQDAjAPMQ0wCwYDVQQDDARtdGxzMB4XDTE4MTAx
ODEyMzcwOVoXDTIyMDUwMjEyMzcwOVowDzENMAsGA1UEAwwEbXRsczBZMBMGByqG
SM49AgEGCCqGSM49AwEHA0IABNcnyxwqV6hY8QnhxxzFQ03C7HKW9OylMbnQZjjJ
/Au08/coZwxS7LfA4vOLS9WuneIXhbGGWvsDSb0tH6IxLm8wCgYIKoZIzj0EAwID
SQAwRgIhAP0RC1E+vwJD/D1AGHGzuri+hlV/PpQEKTWUVeORWz83AiEA5x2eXZOV
bUlJSGQgjwD5vaUaKlLR50Q2DmFfQj1L+SY=
-----END CERTIFICATE-----
"""
V1 = "A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0"

# RFC 9440 Appendix A: its thumbprint has letters of base64url that base64 lacks.
RFC_9440 = b"""-----BEGIN CERTIFICATE-----
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
V11 = "v68ffgcPn6jdYpBfFY2nP4ShE2Yk-6_Mk5PI9yh6aes"


def peer_of(pem: bytes) -> PeerCertificate:
    """The peer that proved this certificate."""
    der = x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)
    return PeerCertificate(der)


PEER = peer_of(APPENDIX_A)


def cnf(value: object) -> dict[str, object]:
    """Claims that are bound to *value*."""
    return {"cnf": {"x5t#S256": value}}


@pytest.mark.parametrize(
    ("pem", "thumbprint"), [(APPENDIX_A, V1), (RFC_9440, V11)], ids=["V1", "V11"]
)
def test_the_right_certificate(pem: bytes, thumbprint: str, journal: Journal) -> None:
    """RFC 8705 section 3: the certificate with the thumbprint in cnf is accepted."""
    verify_binding(cnf(thumbprint), peer_of(pem), journal)
    [decision] = journal.decisions
    assert decision.check.rule == "RFC 8705 section 3"
    assert decision.expected == decision.presented == thumbprint


@pytest.mark.check("binding.certificate-presented")
def test_no_certificate(journal: Journal) -> None:
    """RFC 8705 section 3: no certificate matches nothing."""
    with pytest.raises(InvalidToken, match="no certificate on this connection"):
        verify_binding(cnf(V1), None, journal)


@pytest.mark.check("binding.certificate-presented")
@pytest.mark.parametrize("claims", [{}, cnf(None), {"cnf": None}, cnf("")])
def test_nothing_matches_nothing(claims: dict[str, object], journal: Journal) -> None:
    """RFC 8705 section 3: two absent values are not two equal ones."""
    with pytest.raises(InvalidToken):
        verify_binding(claims, None, journal)


def refused(claims: dict[str, object], peer: PeerCertificate = PEER) -> InvalidToken:
    """The refusal of these claims."""
    journal = Journal()
    with pytest.raises(InvalidToken) as caught:
        verify_binding(claims, peer, journal)
    assert journal.decisions == []
    return caught.value


@pytest.mark.check("binding.confirmation")
def test_no_cnf() -> None:
    """RFC 8705 section 3: a token that is not bound is not accepted either."""
    assert refused({}).detail == "the token has no cnf: it is not bound"


@pytest.mark.check("binding.confirmation")
@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "null"),
        ("x", "of type str"),
        ([V1], "of type list"),
        (True, "of type bool"),
    ],
)
def test_cnf_is_no_object(value: object, kind: str) -> None:
    """RFC 7800 section 3.1: cnf is an object."""
    assert refused({"cnf": value}).detail == f"cnf is {kind}, not an object"


@pytest.mark.check("binding.confirmation")
@pytest.mark.parametrize(
    ("members", "presented"),
    [
        ({}, "nothing"),
        ({"jkt": V1}, "jkt"),
        ({"x5t#s256": V1}, "x5t#s256"),
        ({"x5t": V1}, "x5t"),
        ({"x5t#S256": V1, "jkt": V1}, "jkt, x5t#S256"),
        ({"x5t#S256": V1, "unknown": None}, "unknown, x5t#S256"),
    ],
)
def test_cnf_names_another_method(members: dict[str, object], presented: str) -> None:
    """RFC 7800 section 3.1: what is not understood, or too much, confirms nothing."""
    refusal = refused({"cnf": members})
    assert refusal.expected == "x5t#S256"
    assert refusal.presented == presented


@pytest.mark.check("binding.confirmation")
@pytest.mark.parametrize("value", [None, 1, True, [V1], {"value": V1}])
def test_thumbprint_is_no_string(value: object) -> None:
    """RFC 8705 section 3.1: the value is a string."""
    assert "not a string" in refused(cnf(value)).detail


@pytest.mark.check("binding.thumbprint-form")
@pytest.mark.parametrize(
    "value", ["", V1[:-1], f"{V1}A", f"{V1}\n", f" {V1}", f"{V1[:-1]}+", f"{V1[:-1]}é"]
)
def test_thumbprint_is_not_43_characters_of_base64url(value: str) -> None:
    """RFC 8705 section 3.1: 43 characters of base64url, and nothing about them."""
    refusal = refused(cnf(value))
    assert "not 43 base64url characters" in refusal.detail
    assert refusal.rule == "RFC 8705 section 3.1"


@pytest.mark.check("binding.same-certificate")
def test_another_certificate() -> None:
    """RFC 8705 section 3: a good thumbprint of another certificate does not match."""
    refusal = refused(cnf(V11))
    assert refusal.detail == "the token is bound to another certificate"
    assert (refusal.expected, refusal.presented) == (V11, V1)


def base64url(data: bytes) -> str:
    """Base64url without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


FINGERPRINT = "0380ED2F626650C840B2F263E6D2B29FAE12AB39AE5DB32B25AD27EFAD72E6FD"

WRONG = [
    # V3 to V9 for RFC 8705 Appendix A, then other spellings of the same mistakes
    (
        "0380ed2f626650c840b2f263e6d2b29fae12ab39ae5db32b25ad27efad72e6fd",
        "the SHA-256 thumbprint in hex",
    ),
    ("4fc429f1f3e6558a9bf621f2cd051a01bc4179d6", "the SHA-1 thumbprint in hex"),
    (
        "45953289dd1c51058438dbf6baba028928ba0aa01775566e7909a4c41789d207",
        "the SHA-256 of the PEM text, in hex",
    ),
    (
        "Wfn777VsDXE-cW3Wvzm7CuMw6D6h15KRhVqq3o80H48",
        "the SHA-256 of the public key",
    ),
    (
        "Fvi_j8Immo6AlgIwpZKqaXnNP_9b09pLKkQHObRebQY",
        "the JWK thumbprint (jkt) of the key",
    ),
    ("A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0=", "the thumbprint with padding"),
    ("a4dtl2jmumhasvjj5tkyn64sqzmuxbmrja0n761y5v0", "the thumbprint in another case"),
    (
        base64url(FINGERPRINT.lower().encode()),
        "base64url of the hex digits",
    ),
    ("T8Qp8fPmVYqb9iHyzQUaAbxBedY", "the SHA-1 thumbprint (x5t)"),
    (
        bytes.fromhex(FINGERPRINT).hex(":").upper(),
        "the SHA-256 thumbprint in hex",
    ),
    (
        "4F:C4:29:F1:F3:E6:55:8A:9B:F6:21:F2:CD:05:1A:01:BC:41:79:D6",
        "the SHA-1 thumbprint in hex",
    ),
    ("RZUyid0cUQWEONv2uroCiSi6CqAXdVZueQmkxBeJ0gc", "the SHA-256 of the PEM text"),
    (
        base64url(b64decode(FINGERPRINT)),
        "its hex fingerprint, read as base64",
    ),
    (
        base64url(sha256(b64decode(FINGERPRINT)).digest()),
        "the SHA-256 of its fingerprint",
    ),
]


@pytest.mark.check("binding.thumbprint-form", "binding.same-certificate")
@pytest.mark.parametrize(("value", "name"), WRONG, ids=[name for _, name in WRONG])
def test_wrong_computations(value: str, name: str) -> None:
    """RFC 8705 section 3.1: a thumbprint got wrong is refused, and named in the log."""
    refusal = refused(cnf(value))
    assert refusal.detail.endswith(f": it is {name} of this very certificate")


@pytest.mark.check("binding.thumbprint-form")
@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("v68ffgcPn6jdYpBfFY2nP4ShE2Yk+6/Mk5PI9yh6aes=", "in standard base64"),
        ("v68ffgcPn6jdYpBfFY2nP4ShE2Yk+6/Mk5PI9yh6aes", "in standard base64, unpadded"),
    ],
)
def test_the_standard_alphabet(value: str, name: str) -> None:
    """RFC 8705 section 3.1: base64url, whose last two letters differ from base64's."""
    refusal = refused(cnf(value), peer_of(RFC_9440))
    assert f"the thumbprint {name} of this very certificate" in refusal.detail


def test_the_right_one_is_no_mistake() -> None:
    """RFC 8705 section 3.1: neither the right one nor a stranger's is a mistake."""
    assert recognised(V1, PEER) is None
    assert recognised(V11, PEER) is None


@pytest.mark.parametrize("der", [b"", b"no certificate", PEER.der[:-40]])
def test_a_certificate_that_cannot_be_read(der: bytes) -> None:
    """RFC 8705 section 3: bytes that nothing parses have a thumbprint all the same."""
    peer = PeerCertificate(der)
    refusal = refused(cnf(V1), peer)
    assert refusal.detail == "the token is bound to another certificate"
    verify_binding(cnf(peer.x5t_s256), peer, Journal())
