"""
When is an ordinary client starved? Ratios to what it meets alone, no absolute times.

A node does one thing after another on one core. So beside N connections that each
have something for it to do, a request waits for at most one piece of work of each of
them, and none of these may cost more than what an ordinary newcomer costs: a handshake
and a request. What would cost more has to be refused, or done elsewhere and bounded.
That is the fair share; and since the flood and the ordinary client themselves need
processor time, on the cores on which the nodes run, a node is taken to have half a one.

    bound = 2 * (own + N * newcomer)      as multiples of own

where `own` is the median of the kind of request when alone, `newcomer` that of a
request with a connection of its own. A failed request is starved whatever the others
met: no ordinary client deserves it.

Memory: a connection may hold what it is allowed to send, 64 KiB and its headers, in
the buffers of Python and of OpenSSL; 256 KiB is more than that, whatever it asks for.
Beside that a node may grow by 64 MiB: each of the two threads that hash passwords comes
to keep 38 MiB, and one of them has hashed for the ordinary client before.
"""

from collections.abc import Mapping

from scripts.soak.figures import KINDS, NEW, Figures

HALF_A_CORE = 2
RECOVERED = 2
"""The multiple of the yardstick that is still as before, alone on a machine at work."""

MIB = 1024 * 1024
GROWTH_OF_ITS_OWN = 64 * MIB
GROWTH_BY_CONNECTION = 256 * 1024


def bound(yardstick: Figures, kind: str, at_a_time: int) -> float:
    """The largest fair multiple beside *at_a_time* connections with work to do."""
    own, newcomer = yardstick.median(kind), yardstick.median(NEW)
    return HALF_A_CORE * (own + at_a_time * newcomer) / own


def multiple(yardstick: Figures, figures: Figures, kind: str) -> float:
    """The median of *figures* as a multiple of the yardstick's."""
    return figures.median(kind) / yardstick.median(kind)


def starved(yardstick: Figures, beside: Figures, at_a_time: int) -> list[str]:
    """Why the ordinary client is; nothing where it is not."""
    reasons = _failed(beside)
    for kind in KINDS:
        found = multiple(yardstick, beside, kind)
        fair = bound(yardstick, kind, at_a_time)
        if found > fair:
            reasons.append(f"{kind}: {found:.1f} times, fair is {fair:.1f}")
    return reasons


def not_recovered(yardstick: Figures, afterwards: Figures) -> list[str]:
    """Why things are not as before, when the flood is over."""
    reasons = [f"afterwards: {each}" for each in _failed(afterwards)]
    for kind in KINDS:
        found = multiple(yardstick, afterwards, kind)
        if found > RECOVERED:
            reasons.append(f"afterwards: {kind}: {found:.1f} times the yardstick")
    return reasons


def too_large(growth: Mapping[str, int], connections: int) -> list[str]:
    """Which node has grown more than *connections* may make it, and by how much."""
    most = GROWTH_OF_ITS_OWN + connections * GROWTH_BY_CONNECTION
    return [
        f"memory of {name}: +{grown / MIB:.0f} MiB, bound +{most / MIB:.0f}"
        for name, grown in growth.items()
        if grown > most
    ]


def _failed(figures: Figures) -> list[str]:
    if not figures.failures:
        return []
    count, first = len(figures.failures), figures.failures[0]
    return [f"{count} of {figures.asked} requests failed, the first: {first}"]
