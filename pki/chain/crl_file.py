"""The file of certificate revocation lists, read again when it has changed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509

from pki.malformed import UNREADABLE
from pki.pem import PemError, load_revocation_lists


@dataclass(frozen=True, slots=True, eq=False)
class RevocationList:
    """
    One CRL, read once; the times are seconds since the epoch.

    *fault* says why it must not be used, and is empty otherwise. Whether its
    signature is genuine is not known before its CA is.
    """

    crl: x509.CertificateRevocationList
    issuer: x509.Name
    this_update: float
    next_update: float
    serials: frozenset[int]
    fault: str


@dataclass(frozen=True, slots=True, eq=False)
class RevocationLists:
    """
    What one reading of the file gave. Two readings are two objects, so identity
    tells whether an earlier answer was about the same lists.

    *problem* says why the file gave nothing, and is empty otherwise.
    """

    lists: tuple[RevocationList, ...] = ()
    problem: str = ""


class CrlFile:
    """
    A PEM file of CRLs, one for each CA.

    It is looked at when it is asked for, and at most once in *check_seconds*: that
    is how long a replaced file can go unnoticed.
    """

    def __init__(
        self, path: Path, *, check_seconds: float, clock: Callable[[], float]
    ) -> None:
        self._path = path
        self._check_seconds = check_seconds
        self._clock = clock
        self._checked_at = float("-inf")
        self._stamp: tuple[int, ...] | None = None
        self._current = RevocationLists()

    def current(self) -> RevocationLists:
        """
        The lists of the file as it was at the last look.

        A file that is missing, unreadable or half written gives a `problem`, and
        not the lists of before: whoever can make it go away must not be able to
        keep a revoked certificate alive.
        """
        now = self._clock()
        # The lower bound is for a clock that was set back.
        if not self._checked_at <= now < self._checked_at + self._check_seconds:
            self._checked_at = now
            self._look()
        return self._current

    def _look(self) -> None:
        try:
            # Before the reading: a file replaced in between is read twice, and not
            # overlooked.
            stamp = _stamp(self._path)
            if stamp != self._stamp:
                self._current = RevocationLists(_read(self._path))
                self._stamp = stamp
        except OSError as error:
            self._refuse(f"{self._path}: {error.strerror}")
        except PemError as error:
            self._refuse(str(error))
        except UNREADABLE as error:
            self._refuse(f"{self._path}: no readable revocation list: {error}")

    def _refuse(self, problem: str) -> None:
        self._stamp = None
        self._current = RevocationLists(problem=problem)


def _read(path: Path) -> tuple[RevocationList, ...]:
    return tuple(_parsed(crl) for crl in load_revocation_lists(path))


def _parsed(crl: x509.CertificateRevocationList) -> RevocationList:
    next_update = crl.next_update_utc
    return RevocationList(
        crl=crl,
        issuer=crl.issuer,
        this_update=crl.last_update_utc.timestamp(),
        next_update=next_update.timestamp() if next_update else float("-inf"),
        serials=frozenset(entry.serial_number for entry in crl),
        fault=next(_faults(crl), ""),
    )


def _faults(crl: x509.CertificateRevocationList) -> Iterator[str]:
    """
    Why this list must not be used: it says less, or something else, than "these are
    all the certificates of my issuer that are revoked".

    RFC 5280 sections 5.2 and 5.3: a CRL with a critical extension that is not
    understood is not used to tell what is revoked. None is understood here: lists
    that are partial (`issuingDistributionPoint`), changes to others
    (`deltaCRLIndicator`) or about other CAs' certificates (`certificateIssuer`).
    """
    if crl.next_update_utc is None:
        yield "no nextUpdate"  # RFC 5280 section 5.1.2.5 requires one
    partial = (x509.IssuingDistributionPoint, x509.DeltaCRLIndicator)
    for extension in crl.extensions:
        if extension.critical or isinstance(extension.value, partial):
            yield f"extension {extension.oid.dotted_string}"
    for entry in crl:
        for extension in entry.extensions:
            if extension.critical:
                yield f"extension {extension.oid.dotted_string} of an entry"


def _stamp(path: Path) -> tuple[int, ...]:
    status = path.stat()
    return status.st_mtime_ns, status.st_size, status.st_ino
