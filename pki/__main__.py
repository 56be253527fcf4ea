"""
`python -m pki`: the certificates of the deployment, and those of outsiders.

Exit status: 0 done, 1 refused, 2 the command or the configuration is wrong.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from cryptography import x509

from pki import pem
from pki.alternative_names import (
    dns_entry,
    email_entry,
    ip_entry,
    lower_ascii,
    uri_entry,
    with_host_in_lower_case,
)
from pki.issuing.config import SHIPPED, Config
from pki.issuing.deployment import ensure, renew
from pki.issuing.facts import facts, subject
from pki.issuing.layout import Layout, NotLaidDown, Refused
from pki.issuing.own_clients import find_outsider, issue_to_outsider, outsider
from pki.issuing.registration import as_folder, registration_table
from pki.issuing.revocation import revoke
from pki.malformed import UNREADABLE, keep_library_warnings_quiet
from pki.node import configuration
from pki.node.configuration import ConfigurationError
from pki.pem import PemError


def main(
    arguments: Sequence[str] | None = None, clock: Callable[[], float] = time.time
) -> int:
    """Do what the command line says; the exit status."""
    options = _parser().parse_args(arguments)
    path = options.config = vars(options).get("config", SHIPPED)
    try:
        config = configuration.read(path, Config)
        for line in options.run(config, clock, options):
            print(line)
    except ConfigurationError as error:
        return _complain(error, 2)
    except NotLaidDown as error:
        given = "" if path == SHIPPED else f" --config {path}"
        return _complain(f"{error}: run python -m pki{given}", 1)
    except (Refused, PemError, OSError) as error:
        return _complain(error, 1)
    return 0


def _complain(error: Exception | str, status: int) -> int:
    print(f"pki: {error}", file=sys.stderr)
    return status


def _parser() -> argparse.ArgumentParser:
    # SUPPRESS: else a subcommand's default hides what was given before the command.
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        default=argparse.SUPPRESS,
        help="configuration (default: the shipped pki/pki.toml)",
    )
    parser = argparse.ArgumentParser(
        prog="python -m pki",
        description="Lay down the certificates of the deployment, if any is missing,"
        " has changed or ends within 24 hours. Without need nothing is touched.",
        parents=[shared],
    )
    parser.add_argument(
        "--renew", action="store_true", help="issue all anew, under the same roots"
    )
    parser.set_defaults(run=_lay_down)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for name, run, what in (
        ("client", _client, "issue a certificate for a client of one's own"),
        ("revoke", _revoke, "put the certificate of a client on the revocation list"),
        ("show", _show, "say what a certificate says"),
        ("table", _table, "print again how a client of one's own is registered"),
    ):
        command = commands.add_parser(
            name, parents=[shared], help=what, description=what
        )
        holder = "NAME or FILE" if run is _show else "NAME"
        command.add_argument("name", metavar=holder)
        command.set_defaults(run=run)
        if name == "client":
            _add_client_options(command)
    return parser


def _add_client_options(command: argparse.ArgumentParser) -> None:
    kinds = command.add_mutually_exclusive_group()
    kinds.add_argument(
        "--subject-dn",
        action="store_true",
        help="known by its subject distinguished name (the default)",
    )
    for option, entry in (
        ("--san-dns", lambda name: dns_entry(lower_ascii(name))),
        ("--san-uri", uri_entry),
        ("--san-ip", ip_entry),
        ("--san-email", lambda text: email_entry(with_host_in_lower_case(text))),
    ):
        kinds.add_argument(
            option,
            dest="san",
            type=_explained(entry),
            metavar="VALUE",
            help="known by this entry of its subjectAltName",
        )
    kinds.add_argument(
        "--self-signed",
        action="store_true",
        help="vouched for by nobody; registered by the certificate itself",
    )
    command.add_argument(
        "--rsa", action="store_true", help="RSA of 2048 bits instead of P-256"
    )


def _explained(
    entry: Callable[[str], x509.GeneralName],
) -> Callable[[str], x509.GeneralName]:
    """*entry* with its complaint in argparse's words."""

    def convert(value: str) -> x509.GeneralName:
        try:
            return entry(value)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from error

    return convert


def _lay_down(
    config: Config, clock: Callable[[], float], options: argparse.Namespace
) -> list[str]:
    act = renew if options.renew else ensure
    return act(config, clock).lines()


def _client(
    config: Config, clock: Callable[[], float], options: argparse.Namespace
) -> list[str]:
    client = outsider(
        options.name, options.san, self_signed=options.self_signed, rsa=options.rsa
    )
    leaf = issue_to_outsider(config, clock, client).leaf
    layout = Layout(config.directory)
    return [
        f"# {layout.certificate(options.name)} and {layout.key(options.name)}",
        "# For the authorization server's configuration:",
        registration_table(layout, options.name, leaf, as_folder(options.config)),
    ]


def _table(
    config: Config, _clock: Callable[[], float], options: argparse.Namespace
) -> list[str]:
    leaf, layout = find_outsider(config, options.name), Layout(config.directory)
    return [registration_table(layout, options.name, leaf, as_folder(options.config))]


def _revoke(
    config: Config, clock: Callable[[], float], options: argparse.Namespace
) -> list[str]:
    revoke(config, clock, options.name)
    lists = Layout(config.directory).client_revocation_lists
    return [f"{options.name} is revoked, says {lists}"]


def _show(
    config: Config, clock: Callable[[], float], options: argparse.Namespace
) -> list[str]:
    """The leaf in full, what is sent after it by its subject only."""
    try:
        path = Layout(config.directory).existing_certificate(options.name)
    except Refused:
        path = Path(options.name)
        if not path.is_file():
            raise
    leaf, *after = pem.load_certificates(path)
    try:
        said = [*facts(leaf), *(("sent after it", subject(c)) for c in after)]
    except UNREADABLE as error:
        raise PemError(f"{path}: {error}") from error
    return [f"{name:15} {value}" for name, value in said]


if __name__ == "__main__":
    keep_library_warnings_quiet()
    sys.exit(main())
