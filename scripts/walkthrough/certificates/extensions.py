"""The extensions of a certificate in words: RFC 5280 section 4.2."""

from collections.abc import Callable, Iterable
from typing import Any

from cryptography import x509

from pki.names import from_x509
from scripts.walkthrough.certificates.abbreviation import abbreviated

_NAMES = {
    "1.3.6.1.5.5.7.1.1": "authorityInfoAccess",
    "1.3.6.1.5.5.7.1.3": "qcStatements",
    "2.5.29.14": "subjectKeyIdentifier",
    "2.5.29.15": "keyUsage",
    "2.5.29.17": "subjectAltName",
    "2.5.29.18": "issuerAltName",
    "2.5.29.19": "basicConstraints",
    "2.5.29.30": "nameConstraints",
    "2.5.29.31": "cRLDistributionPoints",
    "2.5.29.32": "certificatePolicies",
    "2.5.29.35": "authorityKeyIdentifier",
    "2.5.29.37": "extKeyUsage",
    "2.5.29.46": "freshestCRL",
}
_PURPOSES = {
    "1.3.6.1.5.5.7.3.1": "serverAuth",
    "1.3.6.1.5.5.7.3.2": "clientAuth",
    "1.3.6.1.5.5.7.3.3": "codeSigning",
    "1.3.6.1.5.5.7.3.4": "emailProtection",
    "1.3.6.1.5.5.7.3.8": "timeStamping",
    "1.3.6.1.5.5.7.3.9": "OCSPSigning",
    "2.5.29.37.0": "anyExtendedKeyUsage",
}
_USAGES = (
    ("digital_signature", "digitalSignature"),
    ("content_commitment", "contentCommitment"),
    ("key_encipherment", "keyEncipherment"),
    ("data_encipherment", "dataEncipherment"),
    ("key_agreement", "keyAgreement"),
    ("key_cert_sign", "keyCertSign"),
    ("crl_sign", "cRLSign"),
)
_KINDS = {
    x509.DNSName: "DNS",
    x509.RFC822Name: "email",
    x509.UniformResourceIdentifier: "URI",
    x509.IPAddress: "IP",
}


def extension_name(extension: x509.Extension[Any]) -> str:
    """RFC 5280's name of an extension, or its OID."""
    oid = extension.oid.dotted_string
    return _NAMES.get(oid, oid)


def extension_words(extension: x509.Extension[Any]) -> str:
    """
    What an extension says; one that is not known here is told by its octets.

    Raises:
        ValueError and others, see `pki.malformed`: a name in it cannot be read.
    """
    words = _WORDS.get(type(extension.value))
    if words is not None:
        return words(extension.value)
    return abbreviated(extension.value.public_bytes())


def purposes(usage: x509.ExtendedKeyUsage) -> str:
    """What extKeyUsage allows."""
    return ", ".join(_PURPOSES.get(u.dotted_string, u.dotted_string) for u in usage)


def general_name(name: x509.GeneralName) -> str:
    """An entry of subjectAltName and of where else such names stand."""
    match name:
        case x509.DirectoryName():
            return f"DN:{from_x509(name.value)}"
        case x509.RegisteredID():
            return f"OID:{name.value.dotted_string}"
        case x509.OtherName():
            return f"{name.type_id.dotted_string}:{abbreviated(name.value)}"
        case _:
            return f"{_KINDS[type(name)]}:{name.value}"


def _general_names(names: Iterable[x509.GeneralName]) -> str:
    return ", ".join(general_name(name) for name in names)


def _basic_constraints(value: x509.BasicConstraints) -> str:
    if not value.ca:
        return "not a CA"
    if value.path_length is None:
        return "a CA, any number of CAs below it"
    return f"a CA, at most {value.path_length} CAs below it"


def _key_usage(value: x509.KeyUsage) -> str:
    names = [name for member, name in _USAGES if getattr(value, member)]
    if value.key_agreement:  # otherwise these two are undefined
        names += ["encipherOnly"] * value.encipher_only
        names += ["decipherOnly"] * value.decipher_only
    return ", ".join(names)


def _authority_key_identifier(value: x509.AuthorityKeyIdentifier) -> str:
    parts = []
    if value.key_identifier is not None:
        parts.append(value.key_identifier.hex())
    if value.authority_cert_issuer is not None:
        parts.append(f"issued by {_general_names(value.authority_cert_issuer)}")
    if value.authority_cert_serial_number is not None:
        parts.append(f"serial number {value.authority_cert_serial_number:x}")
    return ", ".join(parts)


def _name_constraints(value: x509.NameConstraints) -> str:
    permitted = _general_names(value.permitted_subtrees or ())
    excluded = _general_names(value.excluded_subtrees or ())
    told = (("permitted", permitted), ("excluded", excluded))
    return "; ".join(f"{which} {names}" for which, names in told if names)


def _distribution_points(
    value: x509.CRLDistributionPoints | x509.FreshestCRL,
) -> str:
    return ", ".join(_general_names(point.full_name or ()) for point in value)


def _access(value: x509.AuthorityInformationAccess) -> str:
    return ", ".join(
        f"{each.access_method.dotted_string} {general_name(each.access_location)}"
        for each in value
    )


def _policies(value: x509.CertificatePolicies) -> str:
    return ", ".join(each.policy_identifier.dotted_string for each in value)


_WORDS: dict[type, Callable[[Any], str]] = {
    x509.BasicConstraints: _basic_constraints,
    x509.KeyUsage: _key_usage,
    x509.ExtendedKeyUsage: purposes,
    x509.SubjectAlternativeName: _general_names,
    x509.IssuerAlternativeName: _general_names,
    x509.SubjectKeyIdentifier: lambda value: value.digest.hex(),
    x509.AuthorityKeyIdentifier: _authority_key_identifier,
    x509.NameConstraints: _name_constraints,
    x509.CRLDistributionPoints: _distribution_points,
    x509.FreshestCRL: _distribution_points,
    x509.AuthorityInformationAccess: _access,
    x509.CertificatePolicies: _policies,
}
