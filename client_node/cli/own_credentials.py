"""With what this run proves who the client is: a certificate, and a key that signs."""

from collections.abc import Callable, Mapping

from client_node.cli.command_line import Options
from client_node.cli.mobile import own_certificate
from client_node.config import Config
from client_node.oauth.token.client_assertion import (
    assertion_parameters,
    client_assertion,
    load_signing_key,
)
from pki import pem
from pki.issuing.layout import Layout
from pki.issuing.parties import SERVERS
from pki.pem import Credential, PemError


def credential(
    config: Config, options: Options, clock: Callable[[], float]
) -> Credential | None:
    """
    Read for this run, so a renewed certificate is picked up by the next.

    A native application makes its own instead.

    Raises:
        PemError: see `pki.pem`.
    """
    if options.no_certificate:
        return None
    if options.certificate is not None and options.key is not None:
        return pem.load_credential(options.certificate, options.key)
    if options.command == "mobile":
        return own_certificate(options.client_id, clock())
    layout = Layout(config.credentials)
    if not layout.certificate(options.client_id).exists():
        raise PemError(_nobody(layout, options.client_id))
    return layout.load(options.client_id)


def assertions(
    config: Config, options: Options, clock: Callable[[], float]
) -> Callable[[], Mapping[str, str]] | None:
    """
    What makes the parameters of a new assertion for each request, for a client that
    has a key to sign with (`private_key_jwt`); None for any other.

    Raises:
        PemError: there is such a key, and it is of no use.
    """
    path = Layout(config.credentials).signing_key(options.client_id)
    if options.command == "mobile" or not path.exists():
        return None
    key = load_signing_key(path)

    def made() -> Mapping[str, str]:
        signed = client_assertion(key, options.client_id, config.issuer, clock())
        return assertion_parameters(signed)

    return made


def _nobody(layout: Layout, client_id: str) -> str:
    """Who there is, where somebody is meant who is not."""
    names = [
        name
        for key in sorted(layout.directory.glob("*-key.pem"))
        if layout.certificate(name := key.name.removesuffix("-key.pem")).exists()
        and name not in SERVERS
        and not name.startswith("rogue-")
    ]
    path = layout.certificate(client_id)
    return (
        f"{client_id}: there is no such client here: {path}: No such file;"
        f" there are {', '.join(names) or 'none'}"
        " (`python -m pki client NAME` makes another)"
    )
