"""All that was shown, on one screen: what was expected, and what came."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from scripts.telling.columns import clipped, folded, padded
from scripts.telling.holder_colours import Ink
from scripts.telling.summary_rows import Row, fullest
from scripts.telling.terminal import dim, styled
from scripts.telling.thumbprints import Compared, is_thumbprint, tell_comparison
from scripts.walkthrough.story.story import Act, Step

_MOST_LINES = 19  # of a screen of 24: the heading takes 2, the end takes 3
_NUMBER, _STEPS, _CAME, _GAP = 2, 5, 10, 2
_WIDEST_OUTCOME = 52  # a count, an error code, two rules


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the table; *steps* of the act only in its first."""

    number: str = ""
    act: str = ""
    steps: str = ""
    expected: str = ""
    came: str = ""
    passed: bool = True


def tell_summary(ink: Ink, acts: Sequence[Act]) -> None:
    """A line or a few for each act, and each step in full that came out otherwise."""
    room = ink.width - 1 - _NUMBER - _STEPS - _CAME - 4 * _GAP
    outcome = min(_WIDEST_OUTCOME, room * 7 // 10)
    widths = (_NUMBER, room - outcome, _STEPS, outcome)

    def table(found: list[list[Row]]) -> list[_Line]:
        return [
            line
            for number, (act, rows) in enumerate(zip(acts, found, strict=True), 1)
            for line in _act_lines(number, act, rows, widths)
        ]

    found = fullest(acts, lambda rows: len(table(rows)) <= _MOST_LINES)
    ink.line(1, dim(_cells(_Line("", "act", "steps", "expected"), widths) + "came"))
    for line in table(found):
        style = "green" if line.passed else "red"
        ink.line(1, _cells(line, widths), styled(line.came, style, "bold"))
    tell_failures(ink, acts)


def tell_failures(ink: Ink, acts: Sequence[Act]) -> None:
    """Each step in full that came out otherwise."""
    for number, step in numbered(acts):
        if not step.passed:
            _tell_failure(ink, number, step)


def tell_verdict(ink: Ink, step: Step, indent: int) -> None:
    """Expected and came, one above the other."""
    style = "green" if step.passed else "red"
    sign = styled("✓ " if step.passed else "✗ ", style, "bold")
    if is_thumbprint(step.expected) and is_thumbprint(step.came):
        compared = Compared(step.expected, step.came, "expected", "came")
        tell_comparison(ink, compared, indent, sign)
        return
    if step.expected:
        ink.row("expected", step.expected, indent, width=8)
    else:
        sign = dim("· ")
    first, *rest = folded(step.came, ink.width - indent - 9)
    ink.line(indent - 2, sign, dim("came     "), styled(first, style, "bold"))
    for each in rest:
        ink.line(indent + 9, styled(each, style, "bold"))


def numbered(acts: Iterable[Act]) -> list[tuple[str, Step]]:
    """Every step with its number, `2.1` for the first of the second act."""
    return [
        (f"{a}.{s}", step)
        for a, act in enumerate(acts, 1)
        for s, step in enumerate(act.steps, 1)
    ]


def _act_lines(
    number: int, act: Act, rows: Sequence[Row], widths: tuple[int, int, int, int]
) -> list[_Line]:
    """The act's title beside its rows, both folded; a title alone is cut."""
    _, title, _, outcome = widths
    told = [
        _Line(expected=text, came=_came(row) if at == 0 else "", passed=row.passed)
        for row in rows
        for at, text in enumerate(_at_most_two(row.expected, outcome))
    ]
    titles = folded(act.title, title)
    if len(titles) > max(len(told), 1):
        kept = max(len(told), 1) - 1
        titles = [*titles[:kept], clipped(" ".join(titles[kept:]), title)]
    return [
        _Line(
            str(number) if at == 0 else "",
            name,
            str(len(act.steps)) if at == 0 else "",
            line.expected,
            line.came,
            line.passed,
        )
        for at, (name, line) in enumerate(_beside(titles, told))
    ]


def _beside(titles: list[str], told: list[_Line]) -> Iterable[tuple[str, _Line]]:
    for name, line in zip_longest(titles, told):
        yield name or "", line or _Line()


def _at_most_two(text: str, room: int) -> list[str]:
    first, *rest = folded(text, room)
    return [first, clipped(" ".join(rest), room)] if rest else [first]


def _came(row: Row) -> str:
    return f"{'✓' if row.passed else '✗'} {row.came} of {row.steps}"


def _cells(line: _Line, widths: tuple[int, int, int, int]) -> str:
    number, title, steps, outcome = widths
    cells = (
        line.number.rjust(number),
        padded(line.act, title),
        line.steps.rjust(steps),
        padded(line.expected, outcome),
        "",
    )
    return (" " * _GAP).join(cells)


def _tell_failure(ink: Ink, number: str, step: Step) -> None:
    ink.line()
    ink.terminal.spread(
        (" ", styled(f"✗ {number}  {step.title}", "red", "bold")), step.rule, 8
    )
    tell_verdict(ink, step, 8)
