"""A story in about a screen for each act: a line a step, and what the act is about."""

from collections.abc import Iterable, Sequence

from scripts.telling.columns import columns, folded
from scripts.telling.gist import GistTeller
from scripts.telling.holder_colours import Ink
from scripts.telling.messages import status_style
from scripts.telling.summary import tell_failures
from scripts.telling.terminal import Part, Terminal, styled
from scripts.telling.thumbprints import is_thumbprint
from scripts.walkthrough.story.story import Act, Party, Step

_INDENT = 7  # of what is said of a step, below its title
_LONGEST_CAME = 28
_NAMES = 17  # columns of the legend
_SHORT = 12  # of a thumbprint


class Brief:
    """Tells each step in a line, and those in full that their act is about."""

    def __init__(self, terminal: Terminal) -> None:
        self._ink = Ink(terminal)
        self._gist = GistTeller(self._ink)
        self._sentence = ""

    def parties(self, parties: Iterable[Party]) -> None:
        """Who takes part; all but the servers and the thief are clients."""
        self.know(parties)
        self._ink.banner("RFC 8705 as it happens, between three servers and a thief")
        for name, role in _ROLES:
            gap = " " * (_NAMES - columns(name))
            self._ink.line(3, self._ink.name(name), gap, role)
        self._ink.line()
        self._ink.terminal.paragraph(_HOW_TO_READ, 3)

    def know(self, parties: Iterable[Party]) -> None:
        """Whose each certificate is; a colour has who is met."""
        for party in parties:
            self._ink.know(party.certificate.x5t_s256, party.name)

    def act(self, number: int, act: Act) -> None:
        """The head of an act; the one before it has ended."""
        self.end_of_act()
        self._ink.line()
        self._ink.banner(f"{number}  {act.title}")
        self._ink.terminal.paragraph(act.says, 3)
        self._ink.line()
        self._sentence = act.sentence

    def step(self, number: str, step: Step) -> None:
        """A line, and what the step is about if its act is about it."""
        self.hear(step)
        self._line(number, step)
        if step.central:
            self._gist.tell(step, _INDENT)

    def hear(self, step: Step) -> None:
        """A step that is played, and not told."""
        for exchange in step.exchanges:
            self._gist.hear(exchange)

    def end_of_act(self) -> None:
        """What the act comes to."""
        if self._sentence:
            self._ink.line()
            shown: Part = styled("⇒ ", "bold")
            for line in folded(self._sentence, self._ink.width - 5):
                self._ink.line(3, shown, styled(line, "bold"))
                shown = "  "
        self._sentence = ""

    def summary(self, acts: Sequence[Act]) -> None:
        """What came out otherwise, if anything did: each line has said what came."""
        self.end_of_act()
        tell_failures(self._ink, acts)

    def _line(self, number: str, step: Step) -> None:
        """Number, title, what came, verdict: the last two at the right."""
        style = "bold" if step.central else ""
        came = _came(step)
        sign = styled("✓" if step.passed else "✗", _verdict(step), "bold")
        right: tuple[Part, ...] = (styled(came, _came_style(came)), "  ", sign)
        room = self._ink.width - _INDENT
        beside = room - columns(came) - 5
        *above, last = folded(step.title, beside)
        shown: Part = styled(f"  {number:<5}", style)
        for line in above:
            self._ink.line(0, shown, styled(line, style))
            shown = " " * _INDENT
        gap = " " * (beside + 2 - columns(last))
        self._ink.line(0, shown, styled(last, style), gap, *right)


def _came(step: Step) -> str:
    """What came, without the rule; of a value that is long, that it is the one."""
    if step.came[:3].isdigit():
        return step.came.partition(",")[0]
    if columns(step.came) <= _LONGEST_CAME:
        return step.came
    if is_thumbprint(step.came):
        return f"{step.came[:_SHORT]}…"
    return "as expected" if step.passed else "another value"


def _came_style(came: str) -> str:
    if came.startswith("alert "):
        return "red"
    return status_style(f"HTTP/1.1 {came}") if came[:3].isdigit() else ""


def _verdict(step: Step) -> str:
    return "green" if step.passed else "red"


_ROLES = (
    ("as", "the authorization server: knows clients, issues tokens"),
    ("rs", "the resource server: the bank's API"),
    ("banking-client", "a client; there are others, who prove themselves otherwise"),
    ("other-tpp", "the thief: a client with a good certificate of his own"),
)
_HOW_TO_READ = (
    "Each line is a step: its number, what it shows, what came, and ✓ if that is what "
    "the RFCs say. What an act is about is told with what crossed the wire. Everything "
    "is read from what the servers recorded a moment ago."
)
