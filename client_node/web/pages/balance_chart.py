"""A balance over time as a picture: SVG, with its words beside it."""

from collections.abc import Sequence
from decimal import Decimal

from twisted.web.template import Flattenable, tags

from client_node.open_banking.money import Money
from client_node.web.pages.balance_history import EndOfDay
from client_node.web.pages.formatting import spoken_day
from pki.html.templates import filled, template

_CHART = template(__file__, "balance_chart")

WIDTH, HEIGHT = 1000, 320  # the picture's own units; it is stretched to its place
_INTERVALS = 4
_STEPS = (1, 2, 5)


def balance_chart(history: Sequence[EndOfDay], currency: str) -> Flattenable:
    """
    The picture of *history*, which has one day or more.

    The labels are text of the page and not of the picture: they keep their size
    on a telephone. What a sighted reader sees at a glance is said in `desc`, and
    the weekly figures follow as a table.
    """
    amounts = [each.amount for each in history]
    bottom, step = scale(min(amounts), max(amounts))
    ticks = [bottom + step * number for number in range(_INTERVALS, -1, -1)]
    return filled(
        _CHART,
        **_words(history, currency),
        **_paths(history, bottom, bottom + _INTERVALS * step),
        labels=[tags.span(_short(Money(tick, currency))) for tick in ticks],
        rows=_weekly(history, currency),
    )


def _words(history: Sequence[EndOfDay], currency: str) -> dict[str, Flattenable]:
    """How it began and stands, its ends, and the days of these and of the middle."""
    shown = {
        "first": history[0],
        "last": history[-1],
        "lowest": min(history, key=lambda each: each.amount),
        "highest": max(history, key=lambda each: each.amount),
    }
    middle = history[len(history) // 2]
    return {
        **{name: str(Money(each.amount, currency)) for name, each in shown.items()},
        **{f"{name}_day": spoken_day(each.day) for name, each in shown.items()},
        "middle_day": spoken_day(middle.day, with_year=False),
    }


def _paths(
    history: Sequence[EndOfDay], bottom: Decimal, top: Decimal
) -> dict[str, Flattenable]:
    line = _line(history, bottom, top)
    floor = _y(min(max(Decimal(0), bottom), top), bottom, top)
    return {
        "line": line,
        "area": f"{line} V{floor} H0 Z",
        "grid": _grid(),
        "zero": _zero(bottom, top),
    }


def scale(lowest: Decimal, highest: Decimal) -> tuple[Decimal, Decimal]:
    """
    The lowest line of the picture, and how far its lines are apart.

    Round numbers: the smallest of 1, 2, 5, 10, … whose intervals hold both.
    """
    power = Decimal(1)
    while True:
        for digit in _STEPS:
            step = digit * power
            bottom = (lowest / step).to_integral_value("ROUND_FLOOR") * step
            if bottom + _INTERVALS * step >= highest:
                return bottom, step
        power *= 10


def _line(history: Sequence[EndOfDay], bottom: Decimal, top: Decimal) -> str:
    """Steps: a balance stays what it is until something is booked."""
    width = Decimal(WIDTH) / len(history)
    path = [f"M0 {_y(history[0].amount, bottom, top)}"]
    for number, each in enumerate(history):
        path.append(f"V{_y(each.amount, bottom, top)} H{(number + 1) * width:.1f}")
    return " ".join(path)


def _y(amount: Decimal, bottom: Decimal, top: Decimal) -> str:
    return f"{HEIGHT * (top - amount) / (top - bottom):.1f}"


def _grid() -> str:
    apart = HEIGHT / _INTERVALS
    return " ".join(
        f"M0 {apart * number:g} H{WIDTH}" for number in range(_INTERVALS + 1)
    )


def _zero(bottom: Decimal, top: Decimal) -> str:
    """The line below which money is owed, where it is in sight."""
    return f"M0 {_y(Decimal(0), bottom, top)} H{WIDTH}" if bottom < 0 < top else "M0 0"


def _short(money: Money) -> str:
    """Without the pence, which round numbers do not have."""
    return str(money).replace(".00", "")


def _weekly(history: Sequence[EndOfDay], currency: str) -> Flattenable:
    """The last day and each seventh before it, the latest first."""
    return [
        tags.tr(
            tags.th(spoken_day(each.day), scope="row"),
            tags.td(str(Money(each.amount, currency)), class_="number"),
        )
        for each in history[::-1][::7]
    ]
