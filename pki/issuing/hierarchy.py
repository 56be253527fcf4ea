"""
The three authorities of the deployment: one for servers, two for clients.

They are kept from one issue to the next, so that a browser which has imported the
server root goes on trusting, and what an outsider was issued goes on working. One
is replaced when it is missing, when it would end before the leaves it is about to
issue, or when the host names it is good for have changed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509

from pki import pem
from pki.issuing import authority, profiles
from pki.issuing.authority import Authority
from pki.issuing.config import Config
from pki.issuing.layout import Layout, NotLaidDown
from pki.issuing.parties import BANK
from pki.pem import PemError

_SERVER_ROOT, _CLIENT_ROOT = "server-root", "client-root"
_CLIENT_INTERMEDIATE = "client-intermediate"

AUTHORITIES = (_SERVER_ROOT, _CLIENT_ROOT, _CLIENT_INTERMEDIATE)
"""Their names under `Layout.authorities`."""


@dataclass(frozen=True, slots=True)
class Authorities:
    """
    Who signs for whom.

    Servers and clients have separate roots: to be trusted as a client must never
    make anybody a server, and the other way round (RFC 8705 section 7.4).
    """

    server_root: Authority
    client_root: Authority
    client_intermediate: Authority


def load_authorities(layout: Layout) -> Authorities:
    """
    The authorities of a PKI that has been laid down.

    Raises:
        NotLaidDown: it has not.
        PemError: a file of it is missing or unreadable.
    """
    if not layout.authorities.exists():
        raise NotLaidDown(f"nothing is laid down in {layout.directory}")
    stored = Layout(layout.authorities)
    return Authorities(
        Authority(stored.load(_SERVER_ROOT)),
        Authority(stored.load(_CLIENT_ROOT)),
        Authority(stored.load(_CLIENT_INTERMEDIATE)),
    )


def write_authorities(layout: Layout, authorities: Authorities) -> None:
    """Lay the authorities down, and the roots where everybody looks for them."""
    layout.authorities.mkdir(mode=0o700)
    stored = Layout(layout.authorities)
    stored.write(_SERVER_ROOT, authorities.server_root.credential)
    stored.write(_CLIENT_ROOT, authorities.client_root.credential)
    stored.write(_CLIENT_INTERMEDIATE, authorities.client_intermediate.credential)
    for path, root in (
        (layout.server_roots, authorities.server_root),
        (layout.client_roots, authorities.client_root),
    ):
        roots = pem.certificates_to_pem([root.certificate])
        pem.write_new(path, roots, mode=0o644)


def kept_or_new(layout: Layout, config: Config, now: float) -> Authorities:
    """The authorities to issue with at *now* (seconds since the epoch)."""
    days = config.lifetimes.authority
    server_root = _find_server_root(layout, config, now)
    client_root = _find_usable(layout, _CLIENT_ROOT, config, now)
    if client_root is None:
        name = profiles.subject("Client Root CA", BANK)
        client_root = authority.client_root(name, now=now, days=days)
    intermediate = _find_usable(layout, _CLIENT_INTERMEDIATE, config, now)
    if intermediate is None or not client_root.has_issued(intermediate.certificate):
        name = profiles.subject("Client Issuing CA", BANK)
        intermediate = client_root.issue_intermediate(name, now=now, days=days)
    return Authorities(
        server_root or _new_server_root(config, now), client_root, intermediate
    )


def _new_server_root(config: Config, now: float) -> Authority:
    return authority.server_root(
        profiles.subject("Server Root CA (test bed)", BANK),
        config.host_names,
        now=now,
        days=config.lifetimes.authority,
    )


def _find_server_root(layout: Layout, config: Config, now: float) -> Authority | None:
    found = _find_usable(layout, _SERVER_ROOT, config, now)
    if found is None or not _is_good_for(found.certificate, config.host_names):
        return None
    return found


def _find_usable(
    layout: Layout, name: str, config: Config, now: float
) -> Authority | None:
    """The stored authority, if it outlives what it would issue at *now*."""
    try:
        found = Authority(Layout(layout.authorities).load(name))
    except PemError:
        return None
    first = datetime.fromtimestamp(now, UTC)
    last = first + timedelta(days=config.lifetimes.leaf)
    certificate = found.certificate
    is_usable = (
        certificate.not_valid_before_utc <= first
        and last <= certificate.not_valid_after_utc
    )
    return found if is_usable else None


def _is_good_for(root: x509.Certificate, names: Iterable[str]) -> bool:
    """Whether a server root is constrained as a new one for *names* would be."""
    found = {(extension.value, extension.critical) for extension in root.extensions}
    return found.issuperset(profiles.server_root(names).extensions)
