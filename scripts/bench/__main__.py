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
from scripts.bench.cases import CASES, Case
from scripts.bench.contenders import kinds, ours
from scripts.bench.contenders.contender import Running, Skipped
from scripts.bench.contenders.site import Site
from scripts.bench.course import Effort, Outcome, outcome
from scripts.bench.growth import run as growth
from scripts.bench.growth.kinds import KINDS
from scripts.bench.results import Results, write
from scripts.deployment.configuration import SHIPPED
from scripts.deployment.own_nodes import NotStarted
from scripts.deployment.progress import Progress

_FULL = Effort(rounds=5, seconds=2.0, warming=0.5, first_warming=8.0)
_QUICK = Effort(rounds=3, seconds=0.5, warming=0.2, first_warming=2.5)


def main() -> None:
    """Measure, and say what came of it."""
    options = _options()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    try:
        if options.growth:
            progress = Progress(sys.stdout)
            seconds = options.seconds or _FULL.seconds
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


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    names = [case.name for case in CASES]
    parser.add_argument(
        "--only",
        action="append",
        choices=names,
        metavar="CASE",
        help=f"this case, and those of further --only: {', '.join(names)}",
    )
    parser.add_argument(
        "--contender",
        action="append",
        choices=kinds.CONTENDERS,
        metavar="NAME",
        help=f"ours and this one alone: {', '.join(map(repr, kinds.CONTENDERS))}",
    )
    parser.add_argument("--quick", action="store_true", help="in under two minutes")
    parser.add_argument("--rounds", type=int, metavar="N", help="default 5, quick 3")
    parser.add_argument(
        "--seconds",
        type=float,
        metavar="N",
        help="how long each contender is loaded in a round, default 2, quick 0.5",
    )
    parser.add_argument(
        "--growth",
        action="store_true",
        help="instead: what becomes of ours when there is a lot of something",
    )
    kinds_of_growth = [kind.name for kind in KINDS]
    parser.add_argument(
        "--kind",
        action="append",
        choices=kinds_of_growth,
        metavar="KIND",
        help=f"with --growth, of this alone: {', '.join(kinds_of_growth)}",
    )
    parser.add_argument(
        "--build",
        type=Path,
        default=SHIPPED.build,
        metavar="FOLDER",
        help="where the results go, default build",
    )
    return parser.parse_args()


def _effort(options: argparse.Namespace) -> Effort:
    usual = _QUICK if options.quick else _FULL
    seconds = options.seconds or usual.seconds
    return Effort(
        rounds=options.rounds or usual.rounds,
        seconds=seconds,
        warming=min(usual.warming, seconds),
        first_warming=min(usual.first_warming, 4 * seconds),
    )


def _chosen(options: argparse.Namespace) -> list[Case]:
    if options.only:
        return [case for case in CASES if case.name in options.only]
    return [case for case in CASES if case.quick or not options.quick]


def _measured(options: argparse.Namespace) -> Results:
    chosen, progress = _chosen(options), Progress(sys.stdout)
    server, load = cores.two_cores()
    before = noise.measured((server, load))
    print(table.of_the_noise(before), flush=True)
    os.sched_setaffinity(0, {load})
    with ExitStack() as stack:
        progress.begin("starting our nodes")
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        durable = probes.durable_writes(folder)
        nodes = stack.enter_context(ours.nodes(server))
        packages = options.build / "bench-packages"
        site = Site(nodes.place.issued, folder, packages, server)
        contenders = {ours.NAME: ours.contender(site, nodes)}
        wanted = kinds.wanted(chosen, options.contender, quick=options.quick)
        others, skipped = _started(wanted, site, stack, progress)
        contenders |= others
        progress.done()
        print(table.of_durable_writes(durable))
        for line in filter(None, [table.of_skipped(skipped), table.LEGEND]):
            print(line)
        outcomes = [
            _told(case, contenders, _effort(options), progress) for case in chosen
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
