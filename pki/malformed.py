"""What `cryptography` raises for certificates and CRLs that are not well-formed."""

from cryptography import x509

UNREADABLE = (
    ValueError,
    TypeError,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)
"""
At loading or only at the first use of a field, for it parses lazily. They have no
base in common. Found by mutating certificates: a version nobody knows is
`InvalidVersion`, a common name that is a BIT STRING is `TypeError`.
"""
