"""What a server decided, check by check, as a terminal tells it."""

from itertools import groupby

from scripts.telling.columns import columns, folded, visible
from scripts.telling.holder_colours import Ink
from scripts.telling.terminal import Styled, dim, styled
from scripts.telling.thumbprints import (
    find_comparison,
    tell_comparison,
    without_mistake,
)
from scripts.walkthrough.story.story import Decision, Exchange

ISSUED_TO = "x5t#S256 of this connection"
"""What a decision expects that binds what is issued."""


def mark(*, passed: bool) -> Styled:
    """A sign, so that it is seen without colour as well."""
    return styled("✓", "green", "bold") if passed else styled("✗", "red", "bold")


class DecisionTeller:
    """Tells each kind of check once; whatever decides a binding, every time."""

    def __init__(self, ink: Ink) -> None:
        self._ink = ink
        self._told: dict[tuple[str, str, str], str] = {}

    def tell(self, number: str, exchange: Exchange, indent: int) -> None:
        """The decisions of an exchange of step *number*."""
        if exchange.decisions:
            server = exchange.handshake.server_certificate.holder
            name = styled(exchange.server, *self._ink.styles(server), "bold")
            self._ink.line(indent, name, styled(" decides", "bold"))
        sent = exchange.handshake.client_certificate
        of_connection = "" if sent is None else sent.x5t_s256
        judged = [(self._told_at(each), each) for each in exchange.decisions]
        for known, run in groupby(judged, key=lambda pair: bool(pair[0])):
            decisions = list(run)
            if known and len(decisions) > 1:
                self._as_before([at for at, _ in decisions], indent + 2)
                continue
            for at, decision in decisions:
                if at:
                    self._head(decision, _in_words(decision), indent + 2)
                else:
                    self.tell_one(decision, of_connection, indent + 2)
        for each in exchange.decisions:
            self._told.setdefault(_kind(each), number)

    def _told_at(self, decision: Decision) -> str:
        """The step that told this kind of check, or empty if it is to be told."""
        binds = decision.expected == ISSUED_TO
        if not decision.accepted or binds or find_comparison(decision, ""):
            return ""
        return self._told.get(_kind(decision), "")

    def _as_before(self, steps: list[str], indent: int) -> None:
        where = " and ".join(dict.fromkeys(steps))
        text = dim(f"{len(steps)} checks as in {where}")
        self._ink.line(indent, mark(passed=True), " ", text)

    def tell_one(self, decision: Decision, of_connection: str, indent: int) -> None:
        """A check with what it compared; *of_connection* is a thumbprint, or empty."""
        compared = find_comparison(decision, of_connection)
        check = _in_words(decision)
        if compared is not None:
            check = without_mistake(check)
        self._head(decision, check, indent)
        if compared is not None:
            tell_comparison(self._ink, compared, indent + 2)
        elif decision.expected == ISSUED_TO:
            issued_to = decision.presented
            holder = self._ink.holder_of(issued_to)
            self._ink.belonging(issued_to, holder, indent + 2, dim("cnf    "))
        elif decision.expected and decision.expected == decision.presented:
            self._ink.row("both", decision.expected, indent + 2)
        else:
            self._row("expected", decision.expected, indent + 2)
            style = "" if decision.accepted else "red"
            self._row("presented", decision.presented, indent + 2, style)

    def _head(self, decision: Decision, check: str, indent: int) -> None:
        """The check in words, and its rule at the right."""
        room = self._ink.width - indent - 4 - columns(decision.rule)
        first = folded(check, max(room, 24))[0]
        style = "" if decision.accepted else "red"
        sign = mark(passed=decision.accepted)
        left = (" " * indent, sign, " ", styled(first, style))
        self._ink.terminal.spread(left, decision.rule, indent + 2)
        rest = visible(check)[len(first) :].strip()
        self._ink.terminal.paragraph(rest, indent + 2, style)

    def _row(self, label: str, value: str, indent: int, style: str = "") -> None:
        if value:
            self._ink.row(label, value, indent, style)


def _kind(decision: Decision) -> tuple[str, str, str]:
    return decision.node, decision.rule, decision.check


def _in_words(decision: Decision) -> str:
    """The check in words, without the values that are shown below it."""
    check, told, _ = decision.check.partition(": expected ")
    return check if told and decision.expected else decision.check
