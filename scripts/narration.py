"""A story, told in a terminal."""

import json
import re
import textwrap
from collections.abc import Iterable
from urllib.parse import parse_qsl

from client_node.walkthrough.story import (
    Decision,
    Derivation,
    Exchange,
    Message,
    Party,
    Step,
)
from scripts.terminal import Terminal, shortened

_INDENT = 6
_MOST_BODY_LINES = 16
_THIEF = "other-tpp"
_HOLDER_STYLES = (
    "cyan",
    "magenta",
    "yellow",
    "bright blue",
    "bright magenta",
    "bright cyan",
    "bright yellow",
)
_MOST_REASON_LINES = 3
_OUTCOME_WIDTH = 18  # 401 invalid_client
_SHORTEST_CUT = 72  # no thumbprint and no sentence is ever cut
_ROLES = {"as": "authorization server", "rs": "resource server"}

# The messages that make a handshake mutual (RFC 8446 sections 4.3.2 and 4.4), by the
# server's states: it writes the first, the client the others.
_REQUEST = "write certificate request"
_ANSWER = {
    "read client certificate": "Certificate",
    "read certificate verify": "CertificateVerify",
}


class Narration:
    """Tells steps as they come; a handshake is told once, where it happened."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._told: set[tuple[str, str, int]] = set()
        self._colours: dict[str, str] = {}

    def act(self, number: int, title: str, says: str) -> None:
        """The head of an act."""
        heading = f"━━ {number}  {title} "
        self._line()
        self._line(self._styled(heading.ljust(self._terminal.width, "━"), "bold"))
        self._paragraph(says, 4)

    def parties(self, parties: Iterable[Party]) -> None:
        """Who takes part, and which certificate each of them holds."""
        heading = "━━ The parties ".ljust(self._terminal.width, "━")
        self._line(self._styled(heading, "bold"))
        for party in parties:
            facts = party.certificate
            self._line()
            self._line(f"    {self._holder(party.name)}, {party.role}")
            names = (facts.usage, facts.key, *facts.alternative_names)
            self._pair("subject", facts.subject, 6)
            self._pair("issuer", facts.issuer, 6)
            self._pair("good for", ", ".join(filter(None, names)), 6)
            self._pair("until", facts.not_after[:16].replace("T", " "), 6)
            self._pair("x5t#S256", facts.x5t_s256, 6, self._colour(party.name))

    def step(self, number: str, step: Step) -> None:
        """One step: what happened, and whether it is what the rule says."""
        self._line()
        self._head(f"{number}  {step.title}", step.rule)
        self._paragraph(step.says, _INDENT)
        for exchange in step.exchanges:
            self._exchange(exchange, _INDENT)
        if step.derivation is not None:
            self._derivation(step.derivation)
        self._verdict(step)

    def _head(self, title: str, rule: str) -> None:
        """A title with its rule at the right, or below where there is no room."""
        gap = self._terminal.width - len(title) - len(rule) - 2
        if gap >= 2:
            bold = self._styled(title, "bold")
            self._line(f"  {bold}{' ' * gap}{self._dim(rule)}")
            return
        for line in self._terminal.wrapped(title, 2):
            self._line(self._styled(line, "bold"))
        self._line(f"{' ' * _INDENT}{self._dim(rule)}")

    def summary(self, steps: Iterable[tuple[str, Step]]) -> None:
        """Every step on one screen: expected, came."""
        self._line()
        heading = "━━ What was shown ".ljust(self._terminal.width, "━")
        self._line(self._styled(heading, "bold"))
        for number, step in steps:
            mark = self._mark(passed=step.passed)
            room = self._terminal.width - _OUTCOME_WIDTH - 9
            title = (
                step.title if len(step.title) <= room else f"{step.title[: room - 1]}…"
            )
            self._line(f" {mark} {number:<5}{title:<{room}} {_in_brief(step)}")
            if not step.passed:
                self._pair("came", step.came, 8, "red")
                self._pair("expected", step.expected, 8)

    # The parts of a step.

    def _exchange(self, exchange: Exchange, indent: int) -> None:
        self._line()
        client, server = self._holder(exchange.client), self._holder(exchange.server)
        arrow = self._dim("⇄")
        role = _ROLES.get(exchange.server, exchange.server)
        self._line(f"{' ' * indent}{client} {arrow} {server} {self._dim(f'({role})')}")
        self._handshake(exchange, indent + 2)
        self._message(exchange.request, "→", indent + 2)
        for nested in exchange.nested:
            self._paragraph(f"before it answers, {exchange.server} asks:", indent + 2)
            self._exchange(nested, indent + 2)
        if exchange.decisions:
            self._line(f"{' ' * indent}  {server} decides:")
        for decision in exchange.decisions:
            self._decision(decision, indent + 4)
        if exchange.response is not None:
            self._message(exchange.response, "←", indent + 2)
        if exchange.failure is not None:
            self._line(f"{' ' * indent}  ← {self._styled(exchange.failure, 'red')}")

    def _handshake(self, exchange: Exchange, indent: int) -> None:
        handshake = exchange.handshake
        sent = handshake.client_certificate
        thumbprint = "" if sent is None else sent.x5t_s256
        key = (exchange.server, thumbprint, len(handshake.client_sent_after))
        self._pair(
            "presents",
            thumbprint or "no certificate",
            indent,
            self._colour(exchange.client) if sent is not None else "red",
        )
        if key in self._told:
            return
        self._told.add(key)
        terms = (handshake.tls_version, handshake.group, handshake.cipher_suite)
        self._pair("handshake", " · ".join(filter(None, terms)), indent)
        self._pair("asked", _asked(exchange), indent)
        if sent is not None:
            self._pair("sent", sent.subject, indent)
            self._pair("issued by", sent.issuer, indent)
            for each in handshake.client_sent_after:
                self._pair("then sent", each.subject, indent)

    def _message(self, message: Message, arrow: str, indent: int) -> None:
        shown = shortened(f"{arrow} {message.start}", self._terminal.width - indent)
        style = "bold" if arrow == "→" else _status_style(message.start)
        self._line(f"{' ' * indent}{self._styled(shown, style)}")
        room = self._terminal.width - indent - 4
        for name, value in message.headers:
            self._line(
                f"{' ' * indent}    {self._dim(shortened(f'{name}: {value}', room))}"
            )
        lines = _body_lines(message, room)
        if lines:
            self._line()
        for line in lines[:_MOST_BODY_LINES]:
            self._line(f"{' ' * indent}    {line}")
        if len(lines) > _MOST_BODY_LINES:
            more = f"… {len(lines) - _MOST_BODY_LINES} more lines in the walk-through"
            self._line(f"{' ' * indent}    {self._dim(more)}")

    def _decision(self, decision: Decision, indent: int) -> None:
        mark = self._mark(passed=decision.accepted)
        room = self._terminal.width - indent - 4 - len(decision.rule)
        first, *rest = _folded(_reason(decision), room)
        gap = " " * max(2, room - len(first))
        self._line(f"{' ' * indent}{mark} {first}{gap}{self._dim(decision.rule)}")
        if len(rest) >= _MOST_REASON_LINES:
            rest = [*rest[: _MOST_REASON_LINES - 1], "…"]
        for line in rest:
            self._line(f"{' ' * indent}  {line}")
        same = decision.expected == decision.presented
        if decision.expected and same and decision.rule != "RFC 8705 section 3":
            self._pair("both", decision.expected, indent + 2)
            return
        self._pair("expected", decision.expected, indent + 2)
        self._pair("presented", decision.presented, indent + 2)

    def _derivation(self, derivation: Derivation) -> None:
        self._line()
        widest = max(len(name) for name, _ in derivation.lines)
        for name, value in derivation.lines:
            room = self._terminal.width - _INDENT - widest - 4
            first, *rest = _folded(value, room)
            self._line(f"{' ' * _INDENT}  {self._dim(name.ljust(widest))}  {first}")
            for line in rest:
                self._line(f"{' ' * (_INDENT + widest + 4)}{line}")

    def _verdict(self, step: Step) -> None:
        self._line()
        mark = self._mark(passed=step.passed)
        came = self._styled(step.came, "green" if step.passed else "red", "bold")
        if len(step.expected) + len(step.came) + 24 > self._terminal.width:
            self._line(f"    {mark} both in full:")
            self._pair("expected", step.expected, 6)
            self._pair("came", step.came, 6, "green" if step.passed else "red")
        else:
            self._line(f"    {mark} expected {step.expected}, came {came}")

    # Words and colours.

    def _pair(self, label: str, value: str, indent: int, style: str = "") -> None:
        if not value:
            return
        first, *rest = _folded(value, self._terminal.width - indent - 11)
        shown = self._styled(first, style) if style else first
        self._line(f"{' ' * indent}{self._dim(label.ljust(10))} {shown}")
        for line in rest:
            self._line(f"{' ' * (indent + 11)}{line}")

    def _holder(self, name: str) -> str:
        return self._styled(name, self._colour(name), "bold")

    def _colour(self, holder: str) -> str:
        """The same colour for a holder wherever its certificate occurs."""
        if holder == _THIEF or holder.startswith("rogue-"):
            return "bright red"
        next_one = _HOLDER_STYLES[len(self._colours) % len(_HOLDER_STYLES)]
        return self._colours.setdefault(holder, next_one)

    def _mark(self, *, passed: bool) -> str:
        return self._styled("✓", "green") if passed else self._styled("✗", "red")

    def _paragraph(self, text: str, indent: int) -> None:
        for line in self._terminal.wrapped(text, indent):
            self._line(line)

    def _styled(self, text: str, *styles: str) -> str:
        return self._terminal.styled(text, *styles)

    def _dim(self, text: str) -> str:
        return self._styled(text, "dim")

    def _line(self, text: str = "") -> None:
        self._terminal.line(text)


def _status_style(start: str) -> str:
    return "green" if start.startswith("HTTP/1.1 2") else "red"


def _folded(text: str, room: int) -> list[str]:
    """*text* in lines of at most *room* columns; a name is folded after a comma."""
    if "=" in text and "," in text and len(text) > room:
        text = re.sub(r"(?<!\\),(?=\S)", ",\u200b", text)
        lines = textwrap.wrap(
            text.replace(" ", "\u00a0").replace("\u200b", " "),
            room,
            break_on_hyphens=False,
        )
        return [line.replace(", ", ",").replace("\u00a0", " ") for line in lines]
    return textwrap.wrap(text, room, break_on_hyphens=False) or [""]


def _in_brief(step: Step) -> str:
    """What came, for the summary."""
    if not step.passed:
        return "NOT as expected"
    outcome, _, _ = step.came.partition(",")
    return outcome if len(outcome) <= _OUTCOME_WIDTH else "as expected"


def _reason(decision: Decision) -> str:
    """The check in words, without the values that are shown below it."""
    check, told, _ = decision.check.partition(": expected ")
    return check if told and decision.expected else decision.check


def _asked(exchange: Exchange) -> str:
    """Who asked for a certificate, and what came: by the messages of the handshake."""
    handshake = exchange.handshake
    if _REQUEST not in handshake.messages or not handshake.certificate_requested:
        return f"{exchange.server} sent no CertificateRequest"
    sent = [_ANSWER[m] for m in handshake.messages if m in _ANSWER]
    if handshake.client_certificate is None:
        sent = ["an empty Certificate"]
    return (
        f"{exchange.server} sent CertificateRequest, {exchange.client} answered "
        f"{' and '.join(sent)}"
    )


def _body_lines(message: Message, room: int) -> list[str]:
    """A body as it is best read: JSON indented, form parameters one a line."""
    kind = {name.lower(): value for name, value in message.headers}.get(
        "content-type", ""
    )
    if not message.body:
        return []
    if "json" in kind:
        return _json_lines(json.loads(message.body), room)
    if "x-www-form-urlencoded" in kind:
        pairs = parse_qsl(message.body, keep_blank_values=True)
        return [shortened(f"{name}={value}", room) for name, value in pairs]
    if "html" in kind:
        return [f"(a page of {len(message.body)} characters)"]
    return [shortened(line, room) for line in message.body.splitlines()]


def _json_lines(value: object, room: int) -> list[str]:
    text = json.dumps(
        _abbreviated(value, max(room - 24, _SHORTEST_CUT)), indent=2, ensure_ascii=False
    )
    return [part for line in text.splitlines() for part in _hung(line, room)]


def _hung(line: str, room: int) -> list[str]:
    """A line of JSON that is too long goes on below its value."""
    if len(line) <= room:
        return [line]
    indent = len(line) - len(line.lstrip()) + 4
    return textwrap.wrap(
        line, room, subsequent_indent=" " * indent, break_on_hyphens=False
    )


def _abbreviated(value: object, longest: int) -> object:
    """*value* with its long strings shortened, so that JSON stays JSON."""
    match value:
        case str():
            return shortened(value, longest)
        case list():
            return [_abbreviated(each, longest) for each in value]
        case dict():
            return {name: _abbreviated(each, longest) for name, each in value.items()}
        case _:
            return value
