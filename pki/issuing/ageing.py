"""
When the deployment's certificates must be issued (again).

They must when one is missing, is unreadable, ends within 24 hours, or says
something else than the configuration and `pki.issuing.parties` say. The rogues that are
expired or not yet valid on purpose are left out of account.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

from cryptography import x509

from pki import pem
from pki.alternative_names import find_sans, host_names
from pki.issuing.config import Config
from pki.issuing.hierarchy import AUTHORITIES
from pki.issuing.layout import Layout
from pki.issuing.parties import CLIENTS, SERVERS, Client, server_subject
from pki.issuing.rogues import EXPIRED, NOT_YET_VALID, ROGUES
from pki.pem import PemError

MARGIN = timedelta(hours=24)

DEPLOYED = (*SERVERS, *(client.name for client in CLIENTS), *ROGUES)
"""Every name that the deployment itself gives a certificate."""

SIGNING = tuple(client.name for client in CLIENTS if client.signs_jwts)
"""Every name that has a key to sign JWTs with, too."""


def find_reason(
    config: Config,
    now: float,
    *,
    deployed: Sequence[str] = DEPLOYED,
    authorities: Sequence[str] = AUTHORITIES,
    clients: Sequence[Client] = CLIENTS,
) -> str | None:
    """
    Why certificates must be issued at *now* (seconds since the epoch), or None.

    Only the first reason is given. Whether the files fit each other is not checked:
    they are only ever laid down together.
    """
    layout = Layout(config.directory)
    if not layout.directory.exists():
        return "there were none"
    today = datetime.fromtimestamp(now, UTC)
    try:
        return next(
            chain(
                _missing(layout, deployed, authorities, clients),
                _out_of_date(layout, today, deployed, authorities),
                _changed(layout, config, clients),
            ),
            None,
        )
    except PemError as error:
        return str(error)


def find_end(
    certificates: Sequence[x509.Certificate], today: datetime
) -> datetime | None:
    """When the first of them ends, if that is within 24 hours, or past."""
    end = min(certificate.not_valid_after_utc for certificate in certificates)
    return end if end <= today + MARGIN else None


def _missing(
    layout: Layout,
    deployed: Sequence[str],
    authorities: Sequence[str],
    clients: Sequence[Client],
) -> Iterator[str]:
    expected: list[Path] = [
        layout.server_roots,
        layout.client_roots,
        layout.client_revocation_lists,
        *(Layout(layout.authorities).certificate(name) for name in authorities),
        *(Layout(layout.authorities).key(name) for name in authorities),
        *(layout.certificate(name) for name in deployed),
        *(layout.key(name) for name in deployed),
        *(layout.signing_key(name) for name in SIGNING),
        *(layout.jwk_set(each.name) for each in clients if each.registers_jwk_set),
    ]
    return (f"{path.name} is missing" for path in expected if not path.exists())


def _out_of_date(
    layout: Layout,
    today: datetime,
    deployed: Sequence[str],
    authorities: Sequence[str],
) -> Iterator[str]:
    for name in deployed:
        certificates = layout.load(name).chain
        if name not in (EXPIRED, NOT_YET_VALID):
            yield from _dated(name, certificates, today)
    for name in SIGNING:
        pem.load_private_key(layout.signing_key(name))  # which has no dates
    for name in authorities:
        yield from _dated(name, Layout(layout.authorities).load(name).chain, today)
    for roots in (layout.server_roots, layout.client_roots):
        yield from _dated(roots.name, pem.load_certificates(roots), today)
    for each in pem.load_revocation_lists(layout.client_revocation_lists):
        if each.next_update_utc is None or each.next_update_utc <= today + MARGIN:
            yield "a revocation list ends within 24 hours"


def _dated(
    name: str, certificates: Sequence[x509.Certificate], today: datetime
) -> Iterator[str]:
    if end := find_end(certificates, today):
        yield f"{name} ends at {end:%Y-%m-%d %H:%M} UTC"
    elif max(c.not_valid_before_utc for c in certificates) > today:
        yield f"{name} is not valid yet: was the clock set back?"


def _changed(
    layout: Layout, config: Config, clients: Sequence[Client]
) -> Iterator[str]:
    """What no longer says what it would say if it were issued now."""
    for name, server in config.servers.items():
        sans = host_names(server.names)
        if _says_otherwise(layout, name, server_subject(name), sans):
            yield f"{name} is to have other names"
    for client in clients:
        if _says_otherwise(layout, client.name, client.subject, client.sans):
            yield f"{client.name} is to have another subject"


def _says_otherwise(
    layout: Layout,
    name: str,
    subject: x509.Name,
    sans: Sequence[x509.GeneralName],
) -> bool:
    leaf = layout.load(name).leaf
    return leaf.subject != subject or find_sans(leaf) != list(sans)
