"""What to open, to trust and to type while `make up` runs."""

from dataclasses import dataclass

from scripts.telling.holder_colours import Ink
from scripts.telling.terminal import Part, Styled, Terminal, dim, styled

_LABEL = 8  # columns


@dataclass(frozen=True, slots=True)
class Live:
    """
    Where a deployment is reached.

    *roots* is the file of the trust anchors for servers. *client* is the command line
    of the banking client, for this deployment; *trust* the command that makes a
    browser of this machine believe the roots, or empty where none is known.
    """

    walkthrough: str
    web: str
    roots: str
    client: str
    trust: str = ""


def tell_live(terminal: Terminal, live: Live) -> None:
    """The walk-through first: it shows what all the rest does."""
    ink = Ink(terminal)
    links = (
        (live.walkthrough, "the walk-through: all that is done here, live"),
        (live.web, "a banking client: connect the bank there"),
    )
    width = max(len(url) for url, _ in links) + 2
    terminal.line()
    label = "open"
    for url, what in links:
        link = Styled(url, ("bold",), url)
        _row(ink, label, link, " " * (width - len(url)), what)
        label = ""
    terminal.line()
    _row(ink, "trust", "The browser will say that the connection is not private, or")
    _row(ink, "", "warn of a risk: nobody it knows vouches for a test bank.")
    _row(ink, "", "“Advanced”, and go on; or have it believe these certificates, which")
    if live.trust:
        _row(ink, "", "are good for the names of this deployment and no others:")
        _command(terminal, live.trust)
    else:
        _row(ink, "", "are good for the names of this deployment and no others: import")
        _command(terminal, live.roots)
        _row(ink, "", "there as an authority for web sites.")
    terminal.line()
    _row(ink, "type", "in a second terminal, here; the last line is a theft:")
    _command(terminal, f"{live.client} accounts")
    _command(terminal, f"TOKEN=$({live.client} token --raw)")
    _command(terminal, f'{live.client} --as other-tpp --token "$TOKEN" accounts')
    terminal.line()
    _row(ink, "stop", "Ctrl-C. What follows is the log of all, a line a request.")
    terminal.line()


def _row(ink: Ink, label: str, *parts: Part) -> None:
    ink.line(2, dim(label.ljust(_LABEL)), *parts)


def _command(terminal: Terminal, command: str) -> None:
    """To copy, so it is never cut."""
    terminal.unbroken(styled(f"{' ' * (_LABEL + 4)}{command}", "bold"))
