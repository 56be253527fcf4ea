"""What `python -m client_node` is told: arguments into one frozen value."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from client_node.config import SHIPPED
from pki.node.invocation import program_name

FROM_STDIN = "-"
MOBILE_APP = "mobile-app"

_EXAMPLES = """\
examples:
  %(prog)s accounts                 the accounts, as a table
  %(prog)s accounts --json          the same, as the bank sent them
  %(prog)s balances ACCOUNT
  %(prog)s token                    a token, decoded, and its binding
  %(prog)s accounts -v              with handshakes and messages
  %(prog)s accounts --as tpp-opaque
  %(prog)s mobile --open            a customer signs in, RFC 8705 section 4

be the thief:
  TOKEN=$(%(prog)s token --raw)
  %(prog)s accounts --as other-tpp --token "$TOKEN"
  %(prog)s accounts --no-certificate --token "$TOKEN"
  %(prog)s token --certificate pki/issued/rogue-unknown-ca.pem \\
      --key pki/issued/rogue-unknown-ca-key.pem

exit status:
  0  done
  1  a server refused, or answered what cannot be used
  2  the command, the configuration or a certificate file is wrong
  3  no connection, or TLS refused
"""

_COMMANDS = (
    ("accounts", "the accounts this client may see"),
    ("balances", "the balances of one account"),
    ("transactions", "the transactions of one account"),
    ("token", "obtain an access token and show it, decoded"),
    ("revoke", "end a token (RFC 7009)"),
    ("introspect", "ask what a token is worth, --as accounts-rs (RFC 7662)"),
    ("metadata", "what the authorization server says about itself (RFC 8414)"),
    ("assertion", "sign a client assertion, --as tpp-private-key-jwt (RFC 7523)"),
    ("mobile", "sign in as a native application with a certificate of its own making"),
    ("serve", "run the web process: pages and the jwks_uri document"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """
    The command line.

    *command* is empty where none was given. *token* is the one to use instead of
    obtaining one, or the one to revoke, introspect or show; `-` stands for the
    first line of standard input.
    """

    command: str = ""
    config: Path = SHIPPED
    recording: Path | None = None
    client_id: str = "banking-client"
    certificate: Path | None = None
    key: Path | None = None
    no_certificate: bool = False
    token: str | None = None
    account: str = ""
    json: bool = False
    raw: bool = False
    verbose: bool = False
    open_browser: bool = False
    until_stdin_closes: bool = False


def parse(arguments: Sequence[str] | None = None) -> Options:
    """
    The options among *arguments*, those of the process by default.

    Raises:
        SystemExit: 0 after `--help`, 2 after one line about what is wrong.
    """
    parser = command_parser()
    given = vars(parser.parse_args(arguments))
    if given["command"] == "mobile":
        given.setdefault("client_id", MOBILE_APP)
    options = Options(**given)
    if (options.certificate is None) != (options.key is None):
        parser.error("--certificate and --key go together")
    if options.no_certificate and options.certificate is not None:
        parser.error("--no-certificate and --certificate exclude each other")
    return options


def command_parser() -> argparse.ArgumentParser:
    """The parser; options may stand before the command and after it."""
    process, client = _process_options(), _client_options()
    parser = argparse.ArgumentParser(
        prog=program_name("client_node"),
        description="The banking client: it obtains certificate-bound access tokens"
        " (RFC 8705) and uses them at the bank.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[process, client],
    )
    commands = parser.add_subparsers(
        title="commands", metavar="COMMAND", dest="command"
    )
    parser.set_defaults(command="")
    for name, what in _COMMANDS:
        parents = [process] if name == "serve" else [process, client]
        command = commands.add_parser(
            name, help=what, description=what, parents=parents
        )
        _add_arguments(command, name)
    return parser


def _add_arguments(command: argparse.ArgumentParser, name: str) -> None:
    """What one command takes besides the options of all."""
    if name in ("balances", "transactions"):
        command.add_argument("account", metavar="ACCOUNT", help="as `accounts` says it")
    if name in ("revoke", "introspect"):
        command.add_argument("token", metavar="TOKEN", help="a token, or - for stdin")
    if name == "token":
        _flag(command, "--raw", "print the token and nothing else")
    if name == "mobile":
        _flag(command, "--open", "open the browser, too", dest="open_browser")
    if name == "serve":
        _flag(command, "--until-stdin-closes", "stop when standard input ends")


def _process_options() -> argparse.ArgumentParser:
    # SUPPRESS: else a subcommand's default hides what was given before the command.
    options = argparse.ArgumentParser(
        add_help=False, argument_default=argparse.SUPPRESS
    )
    options.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help="configuration (default: the shipped client_node/client.toml)",
    )
    options.add_argument(
        "--recording",
        type=Path,
        metavar="FILE",
        help="append every message to FILE, tokens included",
    )
    return options


def _client_options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(
        add_help=False, argument_default=argparse.SUPPRESS
    )
    who = options.add_argument_group("who the client is")
    who.add_argument(
        "--as",
        dest="client_id",
        metavar="CLIENT_ID",
        help="whose client_id and certificate to use (default: banking-client)",
    )
    who.add_argument(
        "--certificate", type=Path, metavar="FILE", help="another certificate"
    )
    who.add_argument("--key", type=Path, metavar="FILE", help="and its private key")
    _flag(who, "--no-certificate", "present none")
    who.add_argument(
        "--token", metavar="TOKEN", help="use this token; - reads it from stdin"
    )
    output = options.add_argument_group("output")
    _flag(output, "--json", "as the server sent it")
    _flag(output, "--verbose", "show each handshake and message, on stderr", "-v")
    return options


def _flag(
    parser: argparse._ActionsContainer,
    name: str,
    what: str,
    *short: str,
    dest: str | None = None,
) -> None:
    parser.add_argument(
        *short,
        name,
        action="store_true",
        default=argparse.SUPPRESS,
        help=what,
        dest=dest or name.removeprefix("--").replace("-", "_"),
    )
