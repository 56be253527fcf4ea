"""The revocation lists of the clients' path, and how they go on from day to day."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography import x509

from pki import pem
from pki.issuing.config import Config
from pki.issuing.hierarchy import Authorities, load_authorities
from pki.issuing.layout import Layout, Refused
from pki.node.replaced_directory import locked, replace_file
from pki.pem import PemError


@dataclass(frozen=True, slots=True)
class Revocations:
    """What the intermediate has revoked so far, and the number of its last list."""

    since: dict[int, datetime] = field(default_factory=dict)
    number: int = 0

    def adding(self, serial_number: int, now: float) -> "Revocations":
        """The same and one more; an earlier date of revocation stays."""
        today = datetime.fromtimestamp(int(now), UTC)
        return Revocations({serial_number: today, **self.since}, self.number)


def previous_revocations(layout: Layout, authorities: Authorities) -> Revocations:
    """
    What was revoked until now; nothing, if the intermediate has no list yet.

    A list by another authority than today's intermediate says nothing about what
    this one issued, and is left out.
    """
    try:
        lists = pem.load_revocation_lists(layout.client_revocation_lists)
    except PemError:
        return Revocations()
    key = authorities.client_intermediate.certificate.public_key()
    for each in lists:
        # Both key kinds of `PrivateKey` verify CRLs; the union says others too.
        if each.is_signature_valid(key):  # type: ignore[arg-type]
            since = {entry.serial_number: entry.revocation_date_utc for entry in each}
            number = each.extensions.get_extension_for_class(x509.CRLNumber).value
            return Revocations(since, number.crl_number)
    return Revocations()


def revocation_lists(
    authorities: Authorities, revocations: Revocations, *, now: float, days: float
) -> bytes:
    """
    The root's list and the intermediate's as PEM.

    The root's is empty, as long as nobody revokes the intermediate; it has to be
    there, for without it nobody could know that.
    """
    number = revocations.number + 1
    root = authorities.client_root.revocation_list(
        {}, now=now, days=days, number=number
    )
    intermediate = authorities.client_intermediate.revocation_list(
        revocations.since, now=now, days=days, number=number
    )
    return pem.revocation_lists_to_pem([root, intermediate])


def revoke(config: Config, clock: Callable[[], float], name: str) -> None:
    """
    Put the certificate of *name* on the intermediate's list; twice is no harm.

    Raises:
        Refused: there is no such certificate, or the intermediate has not issued it.
        PemError: a file is unreadable.
    """
    layout = Layout(config.directory)
    with locked(layout.directory):
        authorities = load_authorities(layout)
        leaf = pem.load_certificates(layout.existing_certificate(name))[0]
        intermediate = authorities.client_intermediate
        if not intermediate.has_issued(leaf):
            raise Refused(f"{name}: not issued by the authority for clients")
        now = clock()
        revocations = previous_revocations(layout, authorities)
        renewed = revocation_lists(
            authorities,
            revocations.adding(leaf.serial_number, now),
            now=now,
            days=config.lifetimes.revocation_list,
        )
        replace_file(layout.client_revocation_lists, renewed)
