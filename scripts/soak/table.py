"""The figures as lines for a person."""

from collections.abc import Mapping

from scripts.soak import verdict
from scripts.soak.figures import KINDS, Figures
from scripts.soak.floods.flood import Flood
from scripts.soak.rows import Row

LEGEND = """\
Each figure is the ordinary client's median (and its 99th percentile) as a multiple of
what it meets alone, and "of" the largest median that is fair: scripts/soak/verdict.py
says why. Memory is what each node had grown by at most, and what was left of it."""


def of_the_yardstick(yardstick: Figures, sizes: Mapping[str, int | None]) -> str:
    """What 1.0 is on this machine."""
    times = ", ".join(
        f"{kind} {_ms(yardstick.median(kind))} ({_ms(yardstick.p99(kind))})"
        for kind in KINDS
    )
    known = {name: size for name, size in sizes.items() if size is not None}
    memory = ", ".join(f"{name} {_mib(size)}" for name, size in known.items())
    lines = [f"{'alone':<12}{yardstick.asked} requests: {times}"]
    lines.append(f"{'':<12}memory in MiB: {memory or 'not known here'}")
    return "\n".join(lines)


def announcement(flood: Flood) -> str:
    """Before it begins."""
    return f"{flood.name:<12}{flood.connections} connections: {flood.what}"


def of_a_row(row: Row, yardstick: Figures) -> str:
    """What came of a flood, in some lines."""
    did = f"{row.outcome.done} done, {row.outcome.refused} refused"
    failed = len(row.beside.failures)
    lines = [
        f"{did}; beside it {row.beside.asked} ordinary requests, {failed} failed",
        "beside:     " + "   ".join(_beside(row, yardstick, kind) for kind in KINDS),
        "afterwards: "
        + "   ".join(_multiples(row.afterwards, yardstick, kind) for kind in KINDS),
    ]
    if row.most:
        grown = (
            f"{name} {_mib(most):+} ({_mib(row.left[name]):+})"
            for name, most in row.most.items()
        )
        lines.append("memory, MiB: " + ", ".join(grown))
    lines.append("FAILED" if row.reasons else "ok")
    lines.extend(f"  {reason}" for reason in row.reasons)
    return "\n".join(f"{'':<12}{line}" for line in lines)


def _beside(row: Row, yardstick: Figures, kind: str) -> str:
    fair = verdict.bound(yardstick, kind, row.flood.at_a_time)
    return f"{_multiples(row.beside, yardstick, kind)} of {fair:.1f}"


def _multiples(figures: Figures, yardstick: Figures, kind: str) -> str:
    median = verdict.multiple(yardstick, figures, kind)
    p99 = figures.p99(kind) / yardstick.median(kind)
    return f"{kind} {median:.1f} ({p99:.1f})"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


def _mib(size: int) -> int:
    return round(size / verdict.MIB)
