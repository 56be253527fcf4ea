"""
Run a node as a process: arguments, configuration, listeners, signals.

`python -m as_node --config as_node/as.toml`. Exit codes: 0 stopped by SIGINT or
SIGTERM, 1 a port is taken, 2 the configuration cannot be used.
"""

import argparse
import errno
import json
import os
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, NoReturn, TypeVar

from twisted.internet import task
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import (
    TCP4ServerEndpoint,
    TCP6ServerEndpoint,
    serverFromString,
)
from twisted.internet.error import CannotListenError
from twisted.internet.interfaces import IStreamServerEndpoint
from twisted.internet.protocol import Protocol, connectionDone
from twisted.internet.stdio import StandardIO
from twisted.logger import globalLogBeginner
from twisted.python.failure import Failure

from pki.malformed import keep_library_warnings_quiet
from pki.mtls.contexts import ServerContext
from pki.mtls.handshakes import address_text
from pki.mtls.server import Listener
from pki.mtls.wire_tap import over_tls
from pki.node import configuration
from pki.node.invocation import program_name
from pki.node.monotonic_reactor import count_monotonically
from pki.node.signals import hear_no_more, stop_now, stop_once
from pki.node.standard_output import say
from pki.observability.layouts import layout_for
from pki.observability.lines import Descriptor
from pki.observability.operator_log import OperatorLog
from pki.observability.recording import Recording
from pki.observability.witness import Witness

LAST_LINES_WITHIN = 1.0  # seconds that the end waits for whoever reads the log

Config = TypeVar("Config")


@dataclass(frozen=True, slots=True)
class Service:
    """
    One listener of a node.

    *key* is the configuration key that says where it listens, *where* its value:
    a Twisted endpoint string for TCP, such as `tcp:9444:interface=127.0.0.1`.
    """

    key: str
    where: str
    context: ServerContext
    listener: Listener


async def _nothing_to_close() -> None:
    pass


@dataclass(frozen=True, slots=True)
class Node:
    """What a process serves, and what it does before it ends."""

    services: Sequence[Service]
    close: Callable[[], Awaitable[None]] = field(default=_nothing_to_close)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """
    What a node is given by the process it runs in, or by a test.

    *clock* gives seconds since the epoch. *reactor* is for time-outs and
    connections, and never for the time of day: it goes on evenly when that is set.
    """

    reactor: Any
    clock: Callable[[], float]
    witness: Witness

    def monotonic(self) -> float:
        """
        Seconds since some moment, for waits and ages: a clock that is set moves none.
        """
        seconds: float = self.reactor.seconds()
        return seconds

    @property
    def trace_handshakes(self) -> bool:
        """Whether contexts shall keep each handshake's messages and secrets."""
        return self.witness.recording is not None


@dataclass(frozen=True, slots=True)
class Program(Generic[Config]):
    """
    A node as a program.

    *assemble* may raise `ConfigurationError` or another `ValueError` of one line;
    it runs before anything is served. *module* follows `python -m`; it is the folder
    of the shipped configuration if it is not given. One that *records* can be told to.
    """

    name: str
    purpose: str
    config: type[Config]
    shipped_config: Path
    assemble: Callable[[Config, Surroundings], Node]
    module: str = ""
    records: bool = True


def run(program: Program[Config], arguments: Sequence[str] | None = None) -> NoReturn:
    """Serve until a signal comes. Never returns."""
    options = _options(program, arguments)
    keep_library_warnings_quiet()
    try:
        config = configuration.read(options.config, program.config)
    except configuration.ConfigurationError as error:
        _exit(2, f"{program.name}: {error}")
    layout = layout_for(2)
    log = OperatorLog(program.name, Descriptor(2), in_background=True, layout=layout)
    globalLogBeginner.beginLoggingTo([log], redirectStandardIO=False)
    try:
        task.react(_serve, (program, config, options, log))
    finally:
        log.finish(LAST_LINES_WITHIN)
        hear_no_more()


def _options(
    program: Program[Config], arguments: Sequence[str] | None
) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog=program_name(program.module or program.shipped_config.parent.name),
        description=program.purpose,
    )
    parser.add_argument(
        "--config",
        type=Path,
        default=program.shipped_config,
        help="TOML file; the shipped one serves on loopback",
    )
    if program.records:
        parser.add_argument(
            "--recording",
            type=Path,
            metavar="FILE",
            help="append every message and decision to FILE, tokens included",
        )
    parser.add_argument(
        "--until-stdin-closes",
        action="store_true",
        help="stop when standard input ends: no orphan outlives its parent",
    )
    parser.set_defaults(recording=None)
    return parser.parse_args(arguments)


async def _serve(
    reactor: Any,
    program: Program[Config],
    config: Config,
    options: argparse.Namespace,
    log: OperatorLog,
) -> None:
    count_monotonically(reactor)
    # `react` installs the signal handlers after its first turn; a SIGTERM before
    # that would kill the process with -15 instead of ending it.
    await task.deferLater(reactor, 0)
    stop_once(reactor)
    node = _assembled(program, config, options, reactor, log)
    reactor.addSystemEventTrigger(
        "before", "shutdown", lambda: Deferred.fromCoroutine(_close(node))
    )
    listening = {}
    for service in node.services:
        listening[service.key] = await _listen(reactor, service, program, options)
    if unheard := say(json.dumps({"ready": program.name, "listening": listening})):
        log.warning(f"nobody was told that all listen: {unheard}")
    if options.until_stdin_closes:
        # Given the real standard output, Twisted would make it non-blocking, and the
        # log with it where both are one terminal: lines would be lost.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        StandardIO(  # type: ignore[call-arg] # mypy reads the one for Windows
            _StopsAtTheEnd(reactor), stdout=nowhere, reactor=reactor
        )
    await Deferred()


def _assembled(
    program: Program[Config],
    config: Config,
    options: argparse.Namespace,
    reactor: Any,
    log: OperatorLog,
) -> Node:
    witness = Witness(log, _recording(program, options))
    try:
        return program.assemble(config, Surroundings(reactor, time.time, witness))
    except (ValueError, OSError) as error:
        _exit(2, f"{program.name}: {options.config}: {error}")


def _recording(
    program: Program[Config], options: argparse.Namespace
) -> Recording | None:
    if options.recording is None:
        return None
    try:
        return Recording(options.recording, program.name, time.time)
    except OSError as error:
        _exit(2, f"{program.name}: {options.recording}: {error.strerror}")


async def _close(node: Node) -> None:
    await node.close()


async def _listen(
    reactor: Any,
    service: Service,
    program: Program[Config],
    options: argparse.Namespace,
) -> str:
    factory = over_tls(service.listener, service.context, reactor)
    try:
        port: Any = await _endpoint(reactor, service.where).listen(factory)
    except CannotListenError as error:
        place = f"port {error.port} ({service.key} in {options.config})"
        _exit(1, f"{program.name}: {place}: {_not_listening(error)}")
    except (ValueError, TypeError, OverflowError) as error:
        place = f"{options.config}: key {service.key!r}"
        _exit(2, f"{program.name}: {place}: {service.where!r}: {error}")
    return address_text(port.getHost())


def _not_listening(error: CannotListenError) -> str:
    """Why; and where the port is taken, by whom most likely, and what to do."""
    reason = str(error.socketError.strerror)
    if error.socketError.errno != errno.EADDRINUSE:
        return reason
    return (
        f"{reason}; is another `make up` or `make demo` running? Stop it, or give "
        "that key another port"
    )


def _endpoint(reactor: Any, where: str) -> IStreamServerEndpoint:
    """
    What an endpoint string describes.

    Raises:
        ValueError, TypeError: it is none, or not one of TCP; a port that does not
            exist is an OverflowError when somebody listens.
    """
    endpoint = serverFromString(reactor, where)
    if not isinstance(endpoint, TCP4ServerEndpoint | TCP6ServerEndpoint):
        raise ValueError("neither tcp: nor tcp6:")  # noqa: TRY004 - a value of a file
    return endpoint


class _StopsAtTheEnd(Protocol):
    """Standard input, of which only the end matters."""

    def __init__(self, reactor: Any) -> None:
        self._reactor = reactor

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """The parent has gone."""
        stop_now(self._reactor)


def _exit(code: int, line: str) -> NoReturn:
    with suppress(OSError):
        os.write(2, f"{' '.join(line.split())}\n".encode())
    raise SystemExit(code)
