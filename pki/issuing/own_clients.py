"""
Certificates for clients that are not part of the deployment.

They lie beside the deployment's own, survive its being reissued, and are reissued
by nobody: who asked for one asks again.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from cryptography import x509

from pki import pem
from pki.issuing import profiles
from pki.issuing.ageing import DEPLOYED, SIGNING, find_end
from pki.issuing.config import Config
from pki.issuing.credentials import issue_to
from pki.issuing.hierarchy import load_authorities
from pki.issuing.layout import Layout, Refused
from pki.issuing.parties import Client
from pki.issuing.revocation import previous_revocations, revocation_lists
from pki.jwk_set import jwk_set
from pki.node.replaced_directory import locked, replace_file
from pki.pem import Credential, PemError

# A file name, a client_id and a common name at once. Lower case only: names that
# differ in case are one name to distinguishedNameMatch and to some file systems.
_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")

# Names that the deployment gives to files of its own, or will give to clients.
_SET_ASIDE = {
    "server-roots",
    "client-roots",
    "client-crls",
    "authorities",
    "mobile-app",
}


def outsider(
    name: str,
    san: x509.GeneralName | None = None,
    *,
    self_signed: bool = False,
    rsa: bool = False,
) -> Client:
    """
    A client that is not on our list, recognised by *san* if it has one.

    Raises:
        Refused: the name is no file name, or the deployment needs it.
    """
    _verify_name(name)
    subject = profiles.subject(name, f"Outsider {name}", "PSDGB-FCA-999999")
    sans = (san,) if san is not None else ()
    return Client(name, subject, sans, self_signed=self_signed, rsa=rsa)


def issue_to_outsider(
    config: Config, clock: Callable[[], float], client: Client
) -> Credential:
    """
    Issue a certificate to *client* and lay it down with its key.

    That no other client has the same subjectAltName is not checked.

    Raises:
        Refused: the name is taken, or the deployment is not laid down.
        PemError: a file of the deployment is unreadable.
    """
    layout, name = Layout(config.directory), client.name
    with locked(layout.directory):
        authorities, now = load_authorities(layout), clock()
        _verify_free(layout, name)
        days = config.lifetimes.leaf
        credential = issue_to(
            client, authorities.client_intermediate, now=now, days=days
        )
        layout.write(name, credential)
        if client.self_signed:
            registered = jwk_set([credential.leaf])
            pem.write_new(layout.jwk_set(name), registered, mode=0o644)
        lists = revocation_lists(  # which must outlive this leaf, too
            authorities,
            previous_revocations(layout, authorities),
            now=now,
            days=config.lifetimes.revocation_list,
        )
        replace_file(layout.client_revocation_lists, lists)
    return credential


def find_outsider(config: Config, name: str) -> x509.Certificate:
    """
    The certificate that was issued to an outsider of this name.

    Raises:
        Refused: there is none, or the name is no outsider's.
        PemError: it is unreadable.
    """
    _verify_name(name)
    path = Layout(config.directory).existing_certificate(name)
    return pem.load_certificates(path)[0]


def _verify_name(name: str) -> None:
    if not _NAME.fullmatch(name) or name.endswith("-key"):
        raise Refused(
            f"{name!r}: a name has 1 to 40 letters a-z, digits and hyphens,"
            " begins with a letter and does not end with -key"
        )
    if name in {*DEPLOYED, *_SET_ASIDE} or name.startswith("rogue-"):
        raise Refused(f"{name}: this name is the deployment's own")


def _verify_free(layout: Layout, name: str) -> None:
    files = (layout.certificate(name), layout.key(name), layout.jwk_set(name))
    if taken := [str(path) for path in files if path.exists()]:
        raise Refused(
            f"{name} is there already: `python -m pki table {name}` prints its table;"
            f" to have it issued again remove {' and '.join(taken)}"
        )


def outsiders_to_be_told(layout: Layout, now: float) -> tuple[str, ...]:
    """Which of their certificates are of no use any more, a line each."""
    return tuple(_stale(layout, datetime.fromtimestamp(now, UTC)))


def _stale(layout: Layout, today: datetime) -> Iterator[str]:
    intermediate = load_authorities(layout).client_intermediate
    signing_keys = {layout.signing_key(name) for name in SIGNING}
    for key in sorted(layout.directory.glob("*-key.pem")):
        name = key.name.removesuffix("-key.pem")
        if name in DEPLOYED or key in signing_keys:
            continue
        try:
            chain = layout.load(name).chain
        except PemError as error:
            yield str(error)
            continue
        is_self_signed = chain[0].issuer == chain[0].subject
        if not is_self_signed and not intermediate.has_issued(chain[0]):
            yield f"{name} was issued by an authority that is gone: issue it again"
        elif end := find_end(chain, today):
            yield f"{name} ends at {end:%Y-%m-%d %H:%M} UTC: issue it again"
