"""One run of the command line, from its options to its exit status."""

import sys
import webbrowser
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TextIO

from client_node.cli import own_credentials
from client_node.cli.command_line import FROM_STDIN, Options
from client_node.cli.commands import COMMANDS, Errand
from client_node.cli.explanations import Refused, explanation
from client_node.cli.printer import Printer, printer, safe
from client_node.cli.shown_exchanges import ShownExchanges
from client_node.config import Config
from client_node.oauth.mutual_tls_identity import mutual_tls_identity
from client_node.oauth.requests.errors import (
    AuthorizationRefused,
    ErrorResponse,
    ResourceRefused,
    Unavailable,
    UnusableAnswer,
)
from pki import pem
from pki.http.answers import NoAnswer
from pki.mtls.client import Endpoint
from pki.node import configuration
from pki.observability.operator_log import OperatorLog
from pki.observability.recording import Recording
from pki.observability.witness import Witness

DONE, REFUSED, WRONG, NO_CONNECTION = 0, 1, 2, 3

LONGEST_TOKEN = 16_384  # characters that are read from standard input


@dataclass(frozen=True, slots=True)
class Console:
    """
    Where a run gets its input and leaves its output.

    *open_browser* shows a URL to the person in front of it.
    """

    stdin: TextIO = field(default_factory=lambda: sys.stdin)
    stdout: TextIO = field(default_factory=lambda: sys.stdout)
    stderr: TextIO = field(default_factory=lambda: sys.stderr)
    environment: Mapping[str, str] = field(default_factory=dict)
    open_browser: Callable[[str], object] = webbrowser.open


async def run(
    options: Options,
    console: Console,
    reactor: Any,
    clock: Callable[[], float],
    *,
    endpoint: Endpoint | None = None,
) -> int:
    """
    Do what *options* say; the exit status.

    Never raises for what a server or a file may do wrong: that is told on
    *console*'s stderr in a line, and in a second where a rule may explain it.
    """
    err = printer(console.stderr, console.environment)
    try:
        config = configuration.read(options.config, Config)
        witness = _witness(options, err, clock)
        roots = pem.load_certificates(config.server_roots)
        identity = mutual_tls_identity(
            options.client_id,
            own_credentials.credential(config, options, clock),
            roots,
            reactor,
            witness,
            endpoint=endpoint,
        ).signing(own_credentials.assertions(config, options, clock))
    except (ValueError, OSError) as error:  # ConfigurationError, PemError: a line each
        return _complain(err, f"{error}", WRONG)
    token = _given_token(options, console)
    out = printer(console.stdout, console.environment)
    errand = Errand(
        config, options, token, identity, clock, out, reactor, console.open_browser
    )
    try:
        return await _run(errand, err)
    finally:
        await identity.close()
        if witness.recording is not None:
            witness.recording.close()


async def _run(  # noqa: PLR0911 - one for each way in which it can end
    errand: Errand, err: Printer
) -> int:
    config = errand.config
    try:
        await COMMANDS[errand.options.command](errand)
    except AuthorizationRefused as error:
        text = f"the authorization server {config.issuer} gave no access: {error}"
        return _complain(err, text, REFUSED)
    except ErrorResponse as error:
        where = f" (at {error.url})" if error.url else ""
        text = f"the authorization server {config.issuer}{where} refused: {error}"
        return _complain(err, text, REFUSED, _why(errand, error))
    except ResourceRefused as error:
        text = f"the resource server {config.resource} refused: {error}"
        return _complain(err, text, REFUSED, _why(errand, error))
    except Unavailable as error:
        return _complain(err, f"{error}", REFUSED)
    except UnusableAnswer as error:
        return _complain(err, f"an answer that cannot be used: {error}", REFUSED)
    except NoAnswer as error:
        return _complain(err, f"{error}", NO_CONNECTION, _why(errand, error))
    except pem.PemError as error:
        return _complain(err, f"{error}", WRONG)
    return DONE


def _why(errand: Errand, error: Refused) -> str:
    return explanation(error, errand.identity, errand.token, errand.clock())


def _complain(err: Printer, text: str, status: int, why: str = "") -> int:
    err.line(f"{err.bad('client_node:')} {safe(text)}")
    if why:
        err.line(f"  {safe(why)}")
    return status


def _witness(options: Options, err: Printer, clock: Callable[[], float]) -> Witness:
    """For what is shown and recorded; the log has nothing to say here."""
    kept = (
        None
        if options.recording is None
        else Recording(options.recording, "client", clock)
    )
    recording = ShownExchanges(err, kept) if options.verbose else kept
    return Witness(OperatorLog("client", err.stream, clock), recording)


def _given_token(options: Options, console: Console) -> str | None:
    if options.token == FROM_STDIN:
        return console.stdin.readline(LONGEST_TOKEN).strip()
    return options.token
