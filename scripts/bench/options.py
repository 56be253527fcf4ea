"""What a person can ask for."""

import argparse
from pathlib import Path

from scripts.bench.cases import CASES, Case
from scripts.bench.contenders import kinds
from scripts.bench.course import Effort
from scripts.bench.growth.kinds import KINDS
from scripts.deployment.configuration import SHIPPED

_FULL = Effort(rounds=5, seconds=2.0, warming=0.5, first_warming=8.0)
_QUICK = Effort(rounds=3, seconds=0.5, warming=0.2, first_warming=2.5)


def command_line(description: str) -> argparse.Namespace:
    """The options, or the end: with help, or with what is wrong (exit 2)."""
    parser = argparse.ArgumentParser(
        prog="make bench",
        description=description,
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


def effort_of(options: argparse.Namespace) -> Effort:
    """How much of it."""
    usual = _QUICK if options.quick else _FULL
    seconds = options.seconds or usual.seconds
    return Effort(
        rounds=options.rounds or usual.rounds,
        seconds=seconds,
        warming=min(usual.warming, seconds),
        first_warming=min(usual.first_warming, 4 * seconds),
    )


def chosen(options: argparse.Namespace) -> list[Case]:
    """The cases."""
    if options.only:
        return [case for case in CASES if case.name in options.only]
    return [case for case in CASES if case.quick or not options.quick]
