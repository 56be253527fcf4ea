"""
`make bench`: how fast the nodes are, beside others that do the same work.

    make bench
    make bench ARGS="--quick"
    make bench ARGS="--only token --only accounts --rounds 9"

Real mutual TLS on loopback; server and load on a core each; every contender loaded
after the other, round by round. Needs two cores that have nothing else to do, and says
so where that is not so. Contenders come as pinned packages from npm, PyPI, Maven
Central and Debian, and are left out, with a word, where they cannot be had.

Writes build/bench.json and build/bench.html.
"""

import argparse
import os
import signal
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

from pki.issuing.layout import Refused
from scripts.bench import cores, noise, probes, table
from scripts.bench.cases import Case
from scripts.bench.contenders import kinds, ours
from scripts.bench.contenders.contender import Running, Skipped
from scripts.bench.contenders.site import Site
from scripts.bench.course import Effort, Outcome, outcome
from scripts.bench.growth import run as growth
from scripts.bench.options import chosen, command_line, effort_of
from scripts.bench.results import Results, write
from scripts.deployment.own_nodes import NotStarted
from scripts.deployment.progress import Progress


def main() -> None:
    """Measure, and say what came of it."""
    options = command_line(__doc__ or "")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    try:
        if options.growth:
            progress = Progress(sys.stdout)
            seconds = effort_of(options).seconds
            path = growth.run(progress, options.build, seconds, options.kind)
            print(f"wrote {path}")
            return
        results = _measured(options)
    except (NotStarted, Refused, Skipped, cores.TooFewCores) as problem:
        sys.exit(f"bench: {problem}")
    except (ValueError, OSError) as problem:
        sys.exit(f"bench: {type(problem).__name__}: {problem}")
    for path in write(results, options.build):
        print(f"wrote {path}")


def _measured(options: argparse.Namespace) -> Results:
    cases, progress = chosen(options), Progress(sys.stdout)
    server, load = cores.two_cores()
    before = noise.measured((server, load))
    print(table.of_the_noise(before), flush=True)
    os.sched_setaffinity(0, {load})
    with ExitStack() as stack:
        progress.begin("starting our nodes")
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        durable = probes.durable_writes(folder)
        nodes = stack.enter_context(ours.nodes(server))
        packages = (options.build / "bench-packages").resolve()
        site = Site(nodes.place.issued, folder, packages, server)
        contenders = {ours.NAME: ours.contender(site, nodes)}
        wanted = kinds.wanted(cases, options.contender, quick=options.quick)
        others, skipped = _started(wanted, site, stack, progress)
        contenders |= others
        progress.done()
        print(table.of_durable_writes(durable))
        for line in filter(None, [table.of_skipped(skipped), table.LEGEND]):
            print(line)
        outcomes = [
            _told(each, contenders, effort_of(options), progress) for each in cases
        ]
        after = noise.measured((server, load))
        print(f"\n{table.of_the_noise(after)}")
    return Results.of(contenders, skipped, outcomes, (before, after), durable)


def _started(
    wanted: kinds.Kinds, site: Site, stack: ExitStack, progress: Progress
) -> tuple[dict[str, Running], dict[str, str]]:
    """Those that run, by their names, and why the others do not."""
    running, skipped = {}, {}
    for name, start in wanted.items():
        progress.begin(f"starting {name}")
        try:
            running[name] = start(site, stack)
        except Skipped as why:
            skipped[name] = str(why)
    return running, skipped


def _told(
    case: Case, contenders: dict[str, Running], effort: Effort, progress: Progress
) -> Outcome:
    progress.begin(f"measuring: {case.title}")
    found = outcome(case, contenders, effort, progress.go_on)
    progress.done()
    print(f"\n{table.of_a_case(found)}", flush=True)
    return found


def _end(number: int, frame: FrameType | None) -> None:
    """Once: what is going on is left, and everything that was begun is ended."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
