"""The figures as lines for a person."""

from collections.abc import Iterator, Mapping

from scripts.bench import ratios
from scripts.bench.cases import OURS
from scripts.bench.course import Outcome
from scripts.bench.figures import MICROSECONDS
from scripts.bench.noise import Noise
from scripts.bench.probes import DurableWrites
from scripts.bench.ratios import Median, Rounds

_MIB = 1024 * 1024
_MS = 1000

LEGEND = """\
Medians of the rounds. "CPU" is the server's processor time for each, the steadier
figure; "x" is ours by theirs in the same round, by rate and by CPU (more is better for
us in both), and in brackets the least and the most of the rounds. "load" is the share
of its core that the generator needed; a rate with * is its own, since it had no more:
the server could do more. ~ marks rounds that differ by more than a
quarter of their median: that figure says little."""

_HEAD = (
    f"  {'':<16}{'per second':>12}{'CPU us':>9}{'p50 ms':>9}{'p99 ms':>9}"
    f"{'MiB':>12}{'load':>7}"
)


def of_a_case(outcome: Outcome) -> str:
    """All contenders of a case, and how ours compares."""
    names = [n for n in outcome.case.works if any(n in r for r in outcome.rounds)]
    lines = [outcome.case.title, _HEAD]
    lines += [_contender(outcome.rounds, name) for name in names]
    lines += _ratios(outcome)
    lines += _failures(outcome.rounds)
    lines += [f"  NOT LOADED: {trouble}" for trouble in outcome.troubles]
    return "\n".join(lines)


def of_the_noise(noise: Noise) -> str:
    """What the machine is like; with a warning where it is busy."""
    lost = ", ".join(f"core {core} {share:.0%}" for core, share in noise.lost.items())
    line = f"not ours: {lost}; load average {noise.load:.1f}"
    if noise.is_busy:
        line += "\nTHE MACHINE IS BUSY: these figures are worth little."
    return line


def of_durable_writes(durable: DurableWrites) -> str:
    """What the disk does, one page after the other."""
    return (
        f"durable writes: {durable.rate:,.0f}/s, p50 {durable.p50 * _MS:.2f} ms, "
        f"p99 {durable.p99 * _MS:.2f} ms"
    )


def of_skipped(skipped: Mapping[str, str]) -> str:
    """Who is not there, and why."""
    return "\n".join(f"without {name}: {why}" for name, why in skipped.items())


def ratio_text(ratio: Median | None) -> str:
    """A ratio with the least and the most of its rounds."""
    if ratio is None:
        return "-"
    mark = "~" if ratio.is_doubtful else ""
    return f"{ratio.middle:.2f}{mark} ({ratio.least:.2f}-{ratio.most:.2f})"


def marks(rounds: Rounds, name: str) -> str:
    """What is to be known of a rate: `~` and `*` as in `LEGEND`."""
    rate = ratios.of(rounds, name, lambda sample: sample.rate)
    bound = any(each[name].is_bound_by_the_load for each in rounds if name in each)
    return f"{'~' if rate.is_doubtful else ''}{'*' if bound else ''}"


def _contender(rounds: Rounds, name: str) -> str:
    rate = ratios.of(rounds, name, lambda sample: sample.rate)
    cpu = ratios.of(rounds, name, lambda sample: sample.cpu)
    p50 = ratios.of(rounds, name, lambda sample: sample.p50)
    p99 = ratios.of(rounds, name, lambda sample: sample.p99)
    load = ratios.of(rounds, name, lambda sample: sample.load)
    samples = [each[name] for each in rounds if name in each]
    memory = f"{samples[0].memory[0] // _MIB}->{samples[-1].memory[1] // _MIB}"
    return (
        f"  {name:<16}{f'{marks(rounds, name)}{rate.middle:,.0f}':>12}"
        f"{cpu.middle * MICROSECONDS:>9,.0f}"
        f"{p50.middle * _MS:>9.2f}{p99.middle * _MS:>9.2f}"
        f"{memory:>12}{load.middle:>7.0%}"
    )


def _ratios(outcome: Outcome) -> Iterator[str]:
    for other in outcome.case.against:
        by_rate = ratios.ratio(outcome.rounds, OURS, other, lambda s: s.rate)
        by_cpu = ratios.ratio(outcome.rounds, other, OURS, lambda s: s.cpu)
        p99 = ratios.ratio(outcome.rounds, OURS, other, lambda s: s.p99)
        if by_rate is not None:
            yield (
                f"  x {other}: by rate {ratio_text(by_rate)}, "
                f"by CPU {ratio_text(by_cpu)}, p99 {ratio_text(p99)}"
            )


def _failures(rounds: Rounds) -> Iterator[str]:
    for each in rounds:
        for name, sample in each.items():
            if sample.failures:
                yield f"  {name}: {sample.failures} FAILED: {sample.failure:.150}"
