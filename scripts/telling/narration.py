"""A story, told in a terminal."""

from collections.abc import Iterable, Sequence

from scripts.telling.columns import columns, folded
from scripts.telling.exchanges import ExchangeTeller
from scripts.telling.holder_colours import Ink
from scripts.telling.summary import tell_summary, tell_verdict
from scripts.telling.terminal import Terminal, dim, styled
from scripts.walkthrough.story.story import Act, Derivation, Party, Step

_INDENT = 6


class Narration:
    """Tells steps as they come; what was told before is not told again."""

    def __init__(self, terminal: Terminal) -> None:
        self._ink = Ink(terminal)
        self._exchanges = ExchangeTeller(self._ink)

    def act(self, number: int, act: Act) -> None:
        """The head of an act."""
        self._ink.line()
        self._ink.banner(f"{number}  {act.title}")
        self._ink.terminal.paragraph(act.says, _INDENT)

    def parties(self, parties: Iterable[Party]) -> None:
        """Who takes part, and which certificate each of them holds."""
        self._ink.banner("The parties, and the thumbprints of their certificates")
        everybody = list(parties)
        widest = max((columns(party.name) for party in everybody), default=0)
        for party in everybody:
            facts = party.certificate
            self._ink.know_certificate(facts)
            name = self._ink.name(party.name)
            gap = " " * (widest - columns(party.name) + 2)
            room = self._ink.width - _INDENT - widest
            first, *rest = folded(party.role, max(room, 30))
            self._ink.line(4, name, gap, first)
            for line in rest:
                self._ink.line(_INDENT + widest, line)
            thumbprint = styled(facts.x5t_s256, *self._ink.styles(facts.holder))
            self._ink.line(_INDENT + widest, thumbprint, dim(f"  {facts.key}"))

    def know(self, parties: Iterable[Party]) -> None:
        """Whose each certificate is; nothing is told of it."""
        for party in parties:
            self._ink.know_certificate(party.certificate)

    def step(self, number: str, step: Step) -> None:
        """One step: what happened, and whether it is what the rule says."""
        self._ink.line()
        self._head(number, step)
        self._ink.terminal.paragraph(step.says, _INDENT)
        for exchange in step.exchanges:
            self._exchanges.tell(number, exchange, _INDENT)
        if step.derivation is not None and not _is_told(step, step.derivation):
            self._derivation(step.derivation)
        self._ink.line()
        tell_verdict(self._ink, step, _INDENT)

    def hear(self, step: Step) -> None:
        """A step that is not told: whose its certificates and tokens are."""
        for exchange in step.exchanges:
            self._ink.know_exchange(exchange)

    def summary(self, acts: Sequence[Act]) -> None:
        """Every act on one screen: expected, came."""
        self._ink.line()
        self._ink.banner("What was shown")
        tell_summary(self._ink, acts)

    def _head(self, number: str, step: Step) -> None:
        """A title with its rule at the right, or below where there is no room."""
        first, *rest = folded(step.title, self._ink.width - _INDENT)
        left = ("  ", styled(f"{number:<3} {first}", "bold"))
        self._ink.terminal.spread(left, step.rule, _INDENT)
        for line in rest:
            self._ink.line(_INDENT, styled(line, "bold"))

    def _derivation(self, derivation: Derivation) -> None:
        self._ink.line()
        widest = max((columns(name) for name, _ in derivation.lines), default=0)
        width = min(widest, self._ink.width // 3)
        for name, value in derivation.lines:
            self._ink.row(name, value, _INDENT + 2, width=width + 1)


def _is_told(step: Step, derivation: Derivation) -> bool:
    """Whether a decision of this very step has said the same."""
    decisions = [each for e in step.exchanges for each in e.decisions]
    told = {value for each in decisions for value in (each.expected, each.presented)}
    sent = (each.handshake.client_certificate for each in step.exchanges)
    told |= {certificate.x5t_s256 for certificate in sent if certificate is not None}
    return all(value in told for _, value in derivation.lines)
