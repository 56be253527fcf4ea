"""
Distinguished names: RFC 4514 strings, certificate subjects, and whether they match.

A registration holds a string (`tls_client_auth_subject_dn`, RFC 8705 section 2.1.2),
a certificate holds DER, and the two write the same name in many ways: short names or
OIDs, `PrintableString` or `UTF8String`, upper or lower case, one space or two.
Comparing texts therefore locks out the right client, and comparing with a regular
expression lets in the wrong one. Here both sides become a `DistinguishedName`, and
`distinguished_name_match` decides as RFC 4517 section 4.2.15 says.

    registered = parse("CN=tpp, 2.5.4.97=PSDGB-FCA-123456, O=Example TPP Ltd, C=GB")
    presented = from_x509(certificate.subject)
    distinguished_name_match(registered, presented)

The files: `rfc4514` reads strings, `distinguished_name` compares, `writing` writes
values, `attribute_types` is the table of types, `preparation` is RFC 4518. They need
`cryptography` and nothing else of this repository.
"""

from pki.names.distinguished_name import (
    DistinguishedName,
    describe_mismatch,
    distinguished_name_match,
    from_x509,
)
from pki.names.rfc4514 import NameSyntaxError, parse

__all__ = [
    "DistinguishedName",
    "NameSyntaxError",
    "describe_mismatch",
    "distinguished_name_match",
    "from_x509",
    "parse",
]
