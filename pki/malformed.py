"""
What `cryptography` raises for certificates and CRLs that it cannot read, and that it
warns of others.
"""

import sys
import warnings

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

UNREADABLE = (
    ValueError,
    TypeError,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
    UnsupportedAlgorithm,
)
"""
At loading or only at the first use of a field, for it parses lazily. They have no
base in common. Found by mutating certificates: a version nobody knows is
`InvalidVersion`, a common name that is a BIT STRING is `TypeError`. The last is no
fault of the certificate's: a key of a kind that the library has no model of (SM2,
curves over binary fields).
"""


def keep_library_warnings_quiet() -> None:
    """
    For the beginning of a process: libraries warn of nobody's certificates.

    They do it in their own words, with lines of Python, for a country of three letters
    or a serial number of 0: whoever runs a node can do nothing about what peers send.
    What `python -W` asks for is left.
    """
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
