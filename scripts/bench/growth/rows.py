"""Nodes of their own for each amount, and what is measured of them."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.bench import cores
from scripts.bench.cases import KEPT, NEW
from scripts.bench.contenders import ours, requests
from scripts.bench.contenders.contender import Skipped
from scripts.bench.contenders.site import Site
from scripts.bench.figures import percentile
from scripts.bench.growth.kinds import Kind
from scripts.bench.load.callers import Caller, Once
from scripts.bench.load.loading import Loading
from scripts.deployment import memory
from scripts.deployment.configuration import Deployment
from scripts.deployment.place import port_of

_PATIENCE = 120.0  # seconds, for connections that are to be idle
_AT_ONCE = 16  # of them under way


@dataclass(frozen=True, slots=True)
class Row:
    """
    With *size* of a kind: *starting* is seconds until the nodes were ready, *rate*
    pieces of work a second, *cpu*, *p50*, *p99* and *longest* seconds, *memory* bytes
    by node.
    """

    size: int
    starting: float
    rate: float
    cpu: float
    p50: float
    p99: float
    longest: float
    memory: dict[str, int]


def row(kind: Kind, size: int, core: int, folder: Path, seconds: float) -> Row:
    """
    Start the nodes with so much of *kind*, and load them for *seconds*.

    Raises:
        NotStarted, ConfigurationError, Refused, OSError: as `own_nodes.running`.
        Skipped: they do not do their work.
    """
    with ExitStack() as stack:
        preparing = _Preparing(kind, size)
        nodes = stack.enter_context(ours.nodes(core, preparing))
        starting = time.monotonic() - preparing.done_at
        site = Site(nodes.place.issued, folder, folder, core)
        running = ours.contender(site, nodes)
        if kind.prepare is None:
            stack.enter_context(_idle(site, port_of(nodes.place.mtls), size))
        callers = running.work[kind.work]()
        loading = Loading(callers, NEW if kind.anew else KEPT, anew=kind.anew)
        stack.callback(loading.close)
        loading.run(seconds / 4)
        used = cores.seconds_used(running.sessions)
        measured = loading.run(seconds)
        used = cores.seconds_used(running.sessions) - used
        return Row(
            size,
            starting,
            rate=len(measured.seconds) / measured.lasted,
            cpu=used / max(measured.done, 1),
            p50=percentile(measured.seconds, 50),
            p99=percentile(measured.seconds, 99),
            longest=percentile(measured.seconds, 100),
            memory={
                name: memory.resident(pid) or 0 for name, pid in nodes.pids.items()
            },
        )


@dataclass
class _Preparing:
    """Brings *size* of *kind* about, and notes when that is done."""

    kind: Kind
    size: int
    done_at: float = 0.0

    def __call__(self, deployment: Deployment) -> None:
        if self.kind.prepare is not None:
            self.kind.prepare(deployment, self.size)
        self.done_at = time.monotonic()


@contextmanager
def _idle(site: Site, port: int, count: int) -> Iterator[None]:
    """*count* connections that have asked for something once, and say nothing more."""
    door, request = site.door(port, None), requests.get(port, "/jwks")
    callers: list[Caller] = [Once(door, [request]) for _ in range(count)]
    loading = Loading(callers, _AT_ONCE)
    try:
        failures = loading.run(_PATIENCE).failures
        if failures:
            raise Skipped(f"{len(failures)} connections are missing: {failures[0]}")
        yield
    finally:
        loading.close()
