"""
What each kind of certificate must be, extension by extension with criticality.

In the manner of trustme's tests. The keys are compared as a whole, so an extension
too many is as much an error as one too few.
"""

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

SERVER_AUTH = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
CLIENT_AUTH = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])

_USES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
)


def assert_is_server_certificate(certificate: x509.Certificate) -> None:
    """It serves TLS under the names it carries, and does nothing else."""
    _assert_is_end_entity(certificate, SERVER_AUTH)
    assert x509.SubjectAlternativeName in _types(certificate)


def assert_is_client_certificate(certificate: x509.Certificate) -> None:
    """It is presented by a TLS client, and does nothing else."""
    _assert_is_end_entity(certificate, CLIENT_AUTH)


def _assert_is_end_entity(
    certificate: x509.Certificate, purpose: x509.ExtendedKeyUsage
) -> None:
    said = _said(certificate)
    assert (x509.BasicConstraints(ca=False, path_length=None), True) in said
    assert (purpose, False) in said
    assert {"digital_signature"} == _uses(certificate)
    assert _critical(certificate) == {x509.BasicConstraints, x509.KeyUsage}
    optional = {x509.SubjectAlternativeName, x509.AuthorityKeyIdentifier}
    assert _types(certificate) - optional == {
        x509.BasicConstraints,
        x509.KeyUsage,
        x509.ExtendedKeyUsage,
        x509.SubjectKeyIdentifier,
    }


def assert_is_ca(
    certificate: x509.Certificate, path_length: int, *more: x509.ExtensionType
) -> None:
    """It signs certificates and revocation lists, and has *more* and nothing else."""
    said = _said(certificate)
    assert (x509.BasicConstraints(ca=True, path_length=path_length), True) in said
    assert {"key_cert_sign", "crl_sign"} == _uses(certificate)
    assert _types(certificate) - {x509.AuthorityKeyIdentifier} == {
        x509.BasicConstraints,
        x509.KeyUsage,
        x509.SubjectKeyIdentifier,
        *(type(each) for each in more),
    }
    assert {each for each, _ in said}.issuperset(more)
    assert _critical(certificate) - {x509.NameConstraints} == {
        x509.BasicConstraints,
        x509.KeyUsage,
    }


def assert_is_issued_by(
    certificate: x509.Certificate, issuer: x509.Certificate
) -> None:
    """RFC 5280 section 4.2.1.1: name, signature and key identifier are the issuer's."""
    certificate.verify_directly_issued_by(issuer)
    authority = certificate.extensions.get_extension_for_class(
        x509.AuthorityKeyIdentifier
    )
    own = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    assert own.value.digest == authority.value.key_identifier
    assert authority.critical is False


def _said(certificate: x509.Certificate) -> set[tuple[x509.ExtensionType, bool]]:
    return {(each.value, each.critical) for each in certificate.extensions}


def _types(certificate: x509.Certificate) -> set[type[x509.ExtensionType]]:
    return {type(each.value) for each in certificate.extensions}


def _critical(certificate: x509.Certificate) -> set[type[x509.ExtensionType]]:
    return {type(each.value) for each in certificate.extensions if each.critical}


def _uses(certificate: x509.Certificate) -> set[str]:
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    return {use for use in _USES if getattr(usage, use)}
