"""Whose certificate is it? By the names of the files that lie in a folder."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from pki import pem
from pki.malformed import UNREADABLE
from pki.thumbprint import x5t_s256

_Stamp = tuple[int, int, int]


class CertificateHolders:
    """
    The holders' names, by the x5t#S256 of their certificates.

    A name that was found stays: a certificate that has been replaced is still its
    holder's.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: dict[Path, _Stamp] = {}
        self._names: dict[str, str] = {}
        self.names: Mapping[str, str] = MappingProxyType(self._names)

    def know(self, thumbprint: str) -> None:
        """Look at the folder again, if *thumbprint* is nobody's so far."""
        if thumbprint not in self._names:
            self._look()

    def _look(self) -> None:
        """Only at files that are new: any peer can bring an unknown certificate."""
        for path in sorted(self._folder.glob("*.pem")):
            if path.stem.endswith("-key"):
                continue
            stamp = _stamp(path)
            if stamp is None or self._seen.get(path) == stamp:
                continue
            self._seen[path] = stamp
            leaf = _leaf(path)
            if leaf is not None:
                thumbprint = x5t_s256(leaf.public_bytes(Encoding.DER))
                self._names.setdefault(thumbprint, path.stem)


def _stamp(path: Path) -> _Stamp | None:
    try:
        stat = path.stat()
    except OSError:
        return None  # it has just been replaced
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


def _leaf(path: Path) -> x509.Certificate | None:
    """The first certificate of a file, unless it is an authority's."""
    try:
        first = pem.load_certificates(path)[0]
        return None if _is_an_authority(first) else first
    except UNREADABLE:  # a revocation list; what is not finished yet
        return None


def _is_an_authority(certificate: x509.Certificate) -> bool:
    try:
        extensions = certificate.extensions
        return extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False
