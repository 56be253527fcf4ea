"""Pictures of figures, as SVG that needs nothing from anywhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from scripts.bench.ratios import Median

_ROW = 26
_NAMES = 130  # pixels at the left
_VALUES = 120  # at the right
_WIDTH = 720


@dataclass(frozen=True, slots=True)
class Bar:
    """A *value* with its name and its text; *ours* is in another colour."""

    name: str
    value: Median
    text: str
    ours: bool


def bars(title: str, rows: Sequence[Bar]) -> str:
    """
    A bar for each of *rows*, with a line from the least to the most of its rounds.

    *title* is what somebody is told who does not see it.
    """
    most = max((row.value.most for row in rows), default=0) or 1
    height = _ROW * len(rows) + 4
    scale = (_WIDTH - _NAMES - _VALUES) / most
    drawn = "".join(_bar(row, number, scale) for number, row in enumerate(rows))
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(title)}">'
        f"{drawn}</svg>"
    )


def _bar(row: Bar, number: int, scale: float) -> str:
    top = number * _ROW + 4
    middle = top + (_ROW - 8) / 2
    end = _NAMES + row.value.middle * scale
    least, most = (_NAMES + v * scale for v in (row.value.least, row.value.most))
    kind = "ours" if row.ours else "theirs"
    return (
        f'<text class="name" x="{_NAMES - 8}" y="{middle + 4:.1f}">{escape(row.name)}'
        f'</text><rect class="{kind}" x="{_NAMES}" y="{top}"'
        f' width="{max(end - _NAMES, 1):.1f}" height="{_ROW - 8}" rx="2"/>'
        f'<path class="rounds" d="M{least:.1f} {middle:.1f}H{most:.1f}"/>'
        f'<text class="value" x="{max(end, most) + 8:.1f}" y="{middle + 4:.1f}">'
        f"{escape(row.text)}</text>"
    )
