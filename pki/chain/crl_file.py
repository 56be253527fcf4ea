"""The file of certificate revocation lists, read again when it has changed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from pki.chain.revocation_blocks import (
    BrokenList,
    find_issuer,
    revocation_list_blocks,
)
from pki.malformed import UNREADABLE
from pki.names import from_x509


@dataclass(frozen=True, slots=True, eq=False)
class RevocationList:
    """
    One CRL, read once; the times are seconds since the epoch.

    *fault* says why it must not be used, and is empty otherwise. Whether its
    signature is genuine is not known before its CA is; `is_signed_by` keeps what it
    has found out.
    """

    crl: x509.CertificateRevocationList
    issuer: x509.Name
    this_update: float
    next_update: float
    serials: frozenset[int]
    fault: str
    _signed_by: dict[bytes, bool] = field(default_factory=dict, init=False)

    def is_signed_by(self, ca: x509.Certificate) -> bool:
        """
        Whether this list is that CA's, by its signature.

        Verified once for each CA of a path, of which there are few: they are the
        configuration's, or were issued by one that is.
        """
        der = ca.public_bytes(Encoding.DER)
        known = self._signed_by.get(der)
        if known is None:
            known = self._signed_by[der] = _is_signed_by(ca, self.crl)
        return known


@dataclass(frozen=True, slots=True, eq=False)
class RevocationLists:
    """
    What one reading of the file gave. Two readings are two objects, so identity
    tells whether an earlier answer was about the same lists.

    *broken* are those that cannot be read: they are of no use to the clients of their
    CA, and no matter to those of others. *problem* says why the file gave nothing at
    all, and is empty otherwise.
    """

    lists: tuple[RevocationList, ...] = ()
    broken: tuple[BrokenList, ...] = ()
    problem: str = ""

    def complaints(self) -> Iterator[str]:
        """What an operator should know of it, each in a line."""
        if self.problem:
            yield self.problem
            return
        for each in self.broken:
            yield each.problem
        for known in self.lists:
            if known.fault:
                name = from_x509(known.issuer)
                yield f"CRL of {name}: cannot be used: {known.fault}"


def _tell_nobody(_complaint: str) -> None:
    pass


class CrlFile:
    """
    A PEM file of CRLs, one for each CA.

    It is looked at when it is asked for, and at most once in *check_seconds*: that
    is how long a replaced file can go unnoticed. *tell* takes a line for the operator
    about each list that is of no use, once until that changes.
    """

    def __init__(
        self,
        path: Path,
        *,
        check_seconds: float,
        clock: Callable[[], float],
        tell: Callable[[str], None] = _tell_nobody,
    ) -> None:
        self._path = path
        self._check_seconds = check_seconds
        self._clock = clock
        self._tell = tell
        self._told: frozenset[str] = frozenset()
        self._checked_at = float("-inf")
        self._stamp: tuple[int, ...] | None = None
        self._current = RevocationLists()

    def verify_readable(self) -> None:
        """
        For the start of a node: a file that would refuse everybody is a mistake now.

        Raises:
            ValueError: it gives no list at all; the text names the file.
        """
        if problem := self.current().problem:
            raise ValueError(problem)

    def current(self) -> RevocationLists:
        """
        The lists of the file as it was at the last look.

        A file that is missing or unreadable gives a `problem`, and not the lists of
        before: whoever can make it go away must not be able to keep a revoked
        certificate alive.
        """
        now = self._clock()
        # The lower bound is for a clock that was set back.
        if not self._checked_at <= now < self._checked_at + self._check_seconds:
            self._checked_at = now
            self._look()
            self._tell_what_is_new()
        return self._current

    def _look(self) -> None:
        try:
            # Before the reading: a file replaced in between is read twice, and not
            # overlooked.
            stamp = _stamp(self._path)
            if stamp != self._stamp:
                self._current = _read(self._path)
                # A file of which nothing could be read may be one that is being
                # written: the next look reads it again, whatever its stamp.
                self._stamp = None if self._current.problem else stamp
        except OSError as error:
            self._stamp = None
            problem = f"{self._path}: {error.strerror}"
            self._current = RevocationLists(problem=problem)

    def _tell_what_is_new(self) -> None:
        told = frozenset(self._current.complaints())
        for complaint in sorted(told - self._told):
            self._tell(complaint)
        self._told = told


def _read(path: Path) -> RevocationLists:
    text = path.read_bytes()
    lists: list[RevocationList] = []
    broken: list[BrokenList] = []
    for block in revocation_list_blocks(text):
        read = _parsed(block) if isinstance(block, bytes) else block
        if isinstance(read, RevocationList):
            lists.append(read)
        else:
            broken.append(BrokenList(read.issuer, f"{path}: {read.problem}"))
    if lists:
        return RevocationLists(tuple(lists), tuple(broken))
    # The first octets of DER: a SEQUENCE of more than 255 of them.
    if text[:2] == b"\x30\x82" or text[:2] == b"\x30\x81":
        convert = "openssl crl -inform DER -in FILE"
        return RevocationLists(
            problem=f"{path}: no PEM revocation list, but DER: convert it ({convert})"
        )
    problems = "; ".join(each.problem for each in broken)
    return RevocationLists(problem=problems or f"{path}: no PEM revocation list")


def _parsed(der: bytes) -> RevocationList | BrokenList:
    try:
        crl = x509.load_der_x509_crl(der)
        next_update = crl.next_update_utc
        return RevocationList(
            crl=crl,
            issuer=crl.issuer,
            this_update=crl.last_update_utc.timestamp(),
            next_update=next_update.timestamp() if next_update else float("-inf"),
            serials=frozenset(entry.serial_number for entry in crl),
            fault=next(_faults(crl), ""),
        )
    except UNREADABLE as error:
        problem = f"no readable revocation list: {error}"
        return BrokenList(find_issuer(der), problem)


def _faults(crl: x509.CertificateRevocationList) -> Iterator[str]:
    """
    Why this list must not be used: it says less, or something else, than "these are
    all the certificates of my issuer that are revoked".

    RFC 5280 sections 5.2 and 5.3: a CRL with a critical extension that is not
    understood is not used to tell what is revoked. None is understood here: lists
    that are partial (`issuingDistributionPoint`), changes to others
    (`deltaCRLIndicator`) or about other CAs' certificates (`certificateIssuer`). Nor is
    one with an entry that cannot be read, such as a reason nobody has defined.
    """
    if crl.next_update_utc is None:
        yield "no nextUpdate"  # RFC 5280 section 5.1.2.5 requires one
    partial = (x509.IssuingDistributionPoint, x509.DeltaCRLIndicator)
    for extension in crl.extensions:
        if extension.critical or isinstance(extension.value, partial):
            yield f"extension {extension.oid.dotted_string}"
    for entry in crl:
        try:
            extensions = entry.extensions
        except UNREADABLE as error:
            yield f"entry 0x{entry.serial_number:x} cannot be read: {error}"
            continue
        for extension in extensions:
            if extension.critical:
                yield f"extension {extension.oid.dotted_string} of an entry"


# What the library lets a CA on a path have, and what can have signed a CRL.
_CaKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey | ed25519.Ed25519PublicKey


def _is_signed_by(ca: x509.Certificate, crl: x509.CertificateRevocationList) -> bool:
    key = ca.public_key()
    try:
        return isinstance(key, _CaKey) and crl.is_signature_valid(key)
    except UNREADABLE:  # an algorithm that nobody knows
        return False


def _stamp(path: Path) -> tuple[int, ...]:
    status = path.stat()
    return status.st_mtime_ns, status.st_size, status.st_ino
