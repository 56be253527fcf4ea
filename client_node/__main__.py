"""
The banking client's command line, and its web process: `python -m client_node`, or
`client-node`.

Exit status: 0 done, 1 a server refused or answered what cannot be used, 2 the
command, the configuration or a certificate file is wrong, 3 no connection, or TLS
refused. That of `serve` is `pki.node.process`'s.
"""

import io
import os
import sys
import time
from collections.abc import Sequence
from typing import Any, NoReturn

from twisted.internet import task
from twisted.internet.defer import Deferred
from twisted.logger import globalLogBeginner

from client_node.cli.command_line import Options, command_parser, parse
from client_node.cli.run import Console, run
from client_node.config import SHIPPED, Config
from client_node.web.wiring import assemble
from pki.malformed import keep_library_warnings_quiet
from pki.node import process
from pki.node.monotonic_reactor import count_monotonically
from pki.observability.operator_log import OperatorLog

WEB = process.Program(
    name="client",
    purpose="The banking client's web process.",
    config=Config,
    shipped_config=SHIPPED,
    assemble=assemble,
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Do what the command line says, and end the process with its exit status."""
    options = parse(arguments)
    if not options.command:
        command_parser().print_help()
    elif options.command == "serve":
        serve(options)
    else:
        keep_library_warnings_quiet()
        _print_whatever_comes()
        console = Console(environment=os.environ)
        task.react(_react, (options, console))


def serve(options: Options) -> NoReturn:
    """Run the web process until a signal comes."""
    arguments = ["--config", str(options.config)]
    if options.recording is not None:
        arguments += ["--recording", str(options.recording)]
    if options.until_stdin_closes:
        arguments.append("--until-stdin-closes")
    process.run(WEB, arguments)


def _print_whatever_comes() -> None:
    """A terminal of another encoding gets an escape, and no traceback."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _react(reactor: Any, options: Options, console: Console) -> Deferred[None]:
    count_monotonically(reactor)
    log = OperatorLog("client")
    globalLogBeginner.beginLoggingTo([log], redirectStandardIO=False)
    return Deferred.fromCoroutine(_exit_with_status(reactor, options, console))


async def _exit_with_status(reactor: Any, options: Options, console: Console) -> None:
    try:
        status = await run(options, console, reactor, time.time)
        sys.stdout.flush()
    except BrokenPipeError:  # `| head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    raise SystemExit(status)


if __name__ == "__main__":
    main()
