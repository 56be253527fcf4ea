"""
The three nodes, and who observes them, as child processes.

Each child stops by itself when its standard input ends, so none outlives this
process, however this process ends.
"""

import json
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from twisted.internet.defer import Deferred, DeferredList
from twisted.internet.protocol import ProcessProtocol
from twisted.python.failure import Failure

from scripts.deployment.configuration import ROOT, Deployment

STOPPED_WITHIN = 4.0  # seconds, then SIGKILL


class NotStarted(Exception):
    """A node ended before it was ready; it has said why on its standard error."""

    def __init__(self, name: str, exit_code: int | None) -> None:
        super().__init__(f"{name} did not start")
        self.exit_code = exit_code or 1


class _Child(ProcessProtocol):
    """One node: its ready line, and its end."""

    transport: Any

    def __init__(self, name: str) -> None:
        self._name = name
        self._said = b""
        self.ready: Deferred[Mapping[str, str]] = Deferred()
        self.ended: Deferred[int | None] = Deferred()

    def outReceived(self, data: bytes) -> None:
        """Standard output holds one line: the listeners' addresses, when they are."""
        self._said += data
        line, newline, _ = self._said.partition(b"\n")
        if newline and not self.ready.called:
            self.ready.callback(json.loads(line)["listening"])

    def processEnded(self, reason: Failure) -> None:
        """The process is gone."""
        exit_code = getattr(reason.value, "exitCode", None)  # None: by a signal
        if not self.ready.called:
            self.ready.errback(NotStarted(self._name, exit_code))
        self.ended.callback(exit_code)


@dataclass(slots=True)
class Processes:
    """The nodes that run, by name."""

    reactor: Any
    stopping: bool = False
    _children: dict[str, _Child] = field(default_factory=dict)

    async def start(
        self, name: str, arguments: list[str], *, log: int = 2
    ) -> Mapping[str, str]:
        """
        Start one node, and wait until it accepts connections.

        *arguments* follow `python`; *log* is the descriptor its log goes to.
        Returns the addresses it listens on, by their configuration keys.

        Raises:
            NotStarted: it ended instead.
        """
        child = self._children[name] = _Child(name)
        self.reactor.spawnProcess(
            child,
            sys.executable,
            [sys.executable, *arguments, "--until-stdin-closes"],
            env=None,
            path=str(ROOT),
            childFDs={0: "w", 1: "r", 2: log},
        )
        return await child.ready

    async def first_to_end(self) -> tuple[str, int | None]:
        """The name of the first node that ends, and its exit code."""
        ended = [child.ended for child in self._children.values()]
        exit_code, index = await DeferredList(
            [_watched(each) for each in ended], fireOnOneCallback=True
        )
        return list(self._children)[index], exit_code

    async def stop(self) -> None:
        """
        Stop all nodes, and wait until they are gone.

        By the end of their input, and not by a signal: after Ctrl-C they have one.
        """
        self.stopping = True
        running = [c for c in self._children.values() if not c.ended.called]
        for child in running:
            child.transport.closeStdin()
        kill = self.reactor.callLater(STOPPED_WITHIN, _kill, running)
        for child in running:
            await _watched(child.ended)
        if kill.active():
            kill.cancel()


def node_arguments(
    deployment: Deployment, recordings: Path | None
) -> dict[str, list[str]]:
    """How each node is started; *recordings* is a folder for their recordings."""
    commands = {
        "as": ["-m", "as_node", "--config", str(deployment.authorization_server)],
        "rs": ["-m", "rs_node", "--config", str(deployment.resource_server)],
        "client": ["-m", "client_node", "serve", "--config", str(deployment.client)],
    }
    if recordings is None:
        return commands
    return {
        name: [*command, "--recording", str(recordings / f"{name}.jsonl")]
        for name, command in commands.items()
    }


def observer_arguments(deployment: Deployment) -> list[str]:
    """How the walk-through is started that shows what the nodes record."""
    return ["-m", "scripts.walkthrough", "--config", str(deployment.walkthrough)]


def _kill(children: list[_Child]) -> None:
    for child in children:
        if not child.ended.called:
            child.transport.signalProcess(signal.SIGKILL)


def _watched(source: Deferred[Any]) -> Deferred[Any]:
    """The outcome of *source*, to wait for without taking it from others."""
    watched: Deferred[Any] = Deferred()

    def passed_on(outcome: Any) -> Any:
        watched.callback(outcome)
        return outcome

    source.addCallback(passed_on)
    return watched
