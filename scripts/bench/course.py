"""The course of a run: case by case, and in each round all contenders in turn."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from scripts.bench import cores
from scripts.bench.cases import Case
from scripts.bench.contenders.contender import Running, Skipped
from scripts.bench.figures import Sample, percentile
from scripts.bench.load.connection import Broken
from scripts.bench.load.loading import Loading, Measured

_UNTIL_DONE = 60.0  # seconds, when the work has an end of its own
_WARM_AFTER = 15_000  # pieces of work: V8's figures no longer fall then
_WARMING_STEP = 0.5  # seconds
_REST = 0.05  # seconds in which a server closes what it has to close


@dataclass(frozen=True, slots=True)
class Effort:
    """
    *seconds* is how long a contender is loaded in a round, after *warming*.

    The first round of a case begins with *first_warming* at most, until as much was
    done as Node and Java take to compile what they run: before they are several times
    slower.
    """

    rounds: int
    seconds: float
    warming: float
    first_warming: float


@dataclass
class Outcome:
    """
    The rounds of a case: each contender's sample by its name.

    *troubles* say who could not be loaded in a round, and why.
    """

    case: Case
    rounds: list[dict[str, Sample]] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)


def outcome(
    case: Case,
    contenders: Mapping[str, Running],
    effort: Effort,
    say: Callable[[str], None],
) -> Outcome:
    """
    Go through the rounds of *case*; *say* is told what is going on.

    A contender that gives no tokens, or takes no connections, has no sample.
    """
    found = Outcome(case)
    names = [name for name in case.works if name in contenders]
    for number in range(effort.rounds):
        samples = {}
        for name in turned(names, number):
            say(f"round {number + 1} of {effort.rounds}: {name}")
            warming = effort.warming if number else effort.first_warming
            try:
                samples[name] = _sample(
                    case, name, contenders[name], effort.seconds, warming
                )
            except (Skipped, Broken) as problem:
                found.troubles.append(f"{name}, round {number + 1}: {problem}")
        found.rounds.append(samples)
    return found


def turned(names: Sequence[str], number: int) -> list[str]:
    """Another is the first in each round: nobody is always the one after the start."""
    first = number % len(names) if names else 0
    return [*names[first:], *names[:first]]


def _sample(
    case: Case, name: str, running: Running, seconds: float, warming: float
) -> Sample:
    callers = running.work[case.works[name]]()
    loading = Loading(callers, case.at_a_time, anew=case.anew)
    try:
        if case.until_done:
            loading.open()
        else:
            _warm(loading, warming)
        before = cores.resident(running.sessions)
        used, own = cores.seconds_used(running.sessions), time.process_time()
        measured = loading.run(_UNTIL_DONE if case.until_done else seconds)
        own = time.process_time() - own
        used = cores.seconds_used(running.sessions) - used
        after = cores.resident(running.sessions)
    finally:
        loading.close()
    time.sleep(_REST)
    return _figures(measured, used, own, (before, after))


def _warm(loading: Loading, seconds: float) -> None:
    done, end = 0, time.monotonic() + seconds
    while done < _WARM_AFTER and time.monotonic() < end:
        done += loading.run(min(seconds, _WARMING_STEP)).done


def _figures(
    measured: Measured, used: float, own: float, memory: tuple[int, int]
) -> Sample:
    return Sample(
        rate=len(measured.seconds) / measured.lasted,
        p50=percentile(measured.seconds, 50),
        p99=percentile(measured.seconds, 99),
        cpu=used / max(measured.done, 1),
        load=own / measured.lasted,
        memory=memory,
        done=measured.done,
        failures=len(measured.failures),
        failure=measured.failures[0] if measured.failures else "",
    )
