"""A terminal on which each certificate's holder has a colour, wherever it occurs."""

import re

from scripts.telling.columns import columns, folded
from scripts.telling.jwts import signature_of
from scripts.telling.terminal import (
    HOLDER_STYLES,
    Part,
    Styled,
    Terminal,
    as_text,
    dim,
    styled,
)
from scripts.walkthrough.story.story import Certificate, Exchange

LABEL = 10
"""How wide a label is, unless told otherwise: as `handshake`."""

_THIEF = "red"
_NOBODY = "unknown"
CA = ", a CA"
"""How the name of a certificate authority ends."""
_THIEVES = re.compile(r"other-tpp|rogue-.*")
# Thumbprints and opaque tokens; a shortened JWT is known by its signature.
_KNOWN = re.compile(r"[A-Za-z0-9_-]{10,}")


class Ink:
    """
    Writes lines; thumbprints, and tokens bound to one, in the colour of their holder.

    A holder has the next colour when first met, so that it is the same in every run;
    when all are given away they come once more, underlined.
    """

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self._holders: dict[str, str] = {}
        self._styles: dict[str, tuple[str, ...]] = {}

    @property
    def width(self) -> int:
        """In columns."""
        return self.terminal.width

    def know(self, value: str, holder: str) -> None:
        """From now on *value* is seen to be the holder's."""
        if holder:
            self._holders[value] = holder

    def know_certificate(self, certificate: Certificate) -> None:
        """From now on its thumbprint is seen to be its holder's."""
        self.know(certificate.x5t_s256, certificate.holder)
        self.styles(certificate.holder)

    def know_exchange(self, exchange: Exchange) -> None:
        """Whose each certificate and each token of an exchange is."""
        handshake = exchange.handshake
        others = (handshake.client_certificate, *handshake.client_sent_after)
        for certificate in (handshake.server_certificate, *others):
            if certificate is not None:
                self.know(certificate.x5t_s256, certificate.holder)
        for token in exchange.tokens:
            jwt = token.form == "JWT"
            shown = signature_of(token.value) if jwt else token.value
            self.know(shown, self.holder_of(token.bound_to))
        for nested in exchange.nested:
            self.know_exchange(nested)

    def holder_of(self, value: str) -> str:
        """Whose *value* is; empty where nobody's certificate was seen to be it."""
        return self._holders.get(value, "")

    def styles(self, holder: str) -> tuple[str, ...]:
        """The holder's colour; a thief's is red, and a CA has none of its own."""
        if not holder or holder == _NOBODY or holder.endswith(CA):
            return ("grey",) if holder.endswith(CA) else ()
        if _THIEVES.fullmatch(holder):
            return (_THIEF,)
        lap, at = divmod(len(self._styles), len(HOLDER_STYLES))
        following = (HOLDER_STYLES[at], *(("underlined",) if lap % 2 else ()))
        return self._styles.setdefault(holder, following)

    def name(self, holder: str) -> Styled:
        """The holder's name in its colour."""
        return styled(holder, *self.styles(holder), "bold")

    def painted(self, text: str, *styles: str) -> tuple[Part, ...]:
        """*text* in *styles*, but what is known to be a holder's in the holder's."""
        parts: list[Part] = []
        done = 0
        for found in _KNOWN.finditer(text):
            holder = self.holder_of(found[0])
            if holder:
                parts.append(styled(text[done : found.start()], *styles))
                parts.append(styled(found[0], *self.styles(holder)))
                done = found.end()
        return (*parts, styled(text[done:], *styles))

    def line(self, indent: int = 0, *parts: Part) -> None:
        """One line, *indent* columns in."""
        self.terminal.line(" " * indent, *parts)

    def row(
        self, label: str, value: str, indent: int, *styles: str, width: int = LABEL
    ) -> None:
        """A label, and beside it a value in as many lines as it takes."""
        shown = dim(label.ljust(width + 1))
        for each in folded(value, self.width - indent - width - 1):
            self.line(indent, shown, *self.painted(each, *styles))
            shown = dim(" " * (width + 1))

    def banner(self, heading: str) -> None:
        """A heading across the whole width."""
        left = styled(f"━━ {heading} ", "bold")
        rest = self.width - columns(left.text)
        self.line(0, left, dim("━" * max(rest, 0)))

    def belonging(self, value: str, holder: str, indent: int, *before: Part) -> None:
        """
        A value in its holder's colour, after *before*, with the holder's name.

        The name is beside it, or below where there is no room.
        """
        at = indent + sum(columns(as_text(part)) for part in before)
        shown = styled(value, *self.styles(holder))
        beside = at + columns(value) + 2 + columns(holder) <= self.width
        named = ("  ", self.name(holder)) if beside else ()
        self.line(indent, *before, shown, *named)
        if not beside:
            self.terminal.paragraph(holder, at, *self.styles(holder), "bold")
