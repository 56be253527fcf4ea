"""The rows as lines for a person."""

from collections.abc import Iterable

from scripts.bench.figures import MICROSECONDS
from scripts.bench.growth.kinds import Kind
from scripts.bench.growth.rows import Row

_MIB = 1024 * 1024
_MS = 1000

_HEAD = (
    f"  {'':>10}{'start s':>9}{'per second':>12}{'CPU us':>9}{'p50 ms':>9}{'p99 ms':>9}"
    f"{'longest ms':>12}{'MiB AS':>9}{'MiB RS':>9}"
)


def of_a_kind(kind: Kind, rows: Iterable[Row]) -> str:
    """What grows, and what is measured beside it."""
    connections = "new connections" if kind.anew else "kept connections"
    title = f"{kind.what}; {kind.work} on {connections}"
    return "\n".join([title, _HEAD, *map(_line, rows)])


def _line(row: Row) -> str:
    return (
        f"  {row.size:>10,}{row.starting:>9.1f}{row.rate:>12,.0f}"
        f"{row.cpu * MICROSECONDS:>9,.0f}{row.p50 * _MS:>9.2f}{row.p99 * _MS:>9.2f}"
        f"{row.longest * _MS:>12.1f}"
        f"{row.memory['as'] / _MIB:>9,.0f}{row.memory['rs'] / _MIB:>9,.0f}"
    )
