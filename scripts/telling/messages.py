"""Requests and answers, as a terminal tells them."""

from scripts.telling.bodies import body_lines, has_confirmation
from scripts.telling.columns import columns, folded, shortened
from scripts.telling.holder_colours import Ink
from scripts.telling.jwts import (
    find_jwts,
    signature_of,
    split_short_jwt,
    thumbprint_of,
    told_claims,
    with_short_jwts,
)
from scripts.telling.terminal import Part, dim, styled
from scripts.walkthrough.story.story import Message

_MOST_LINES = 14
_MOST_LINES_WITH_CNF = 100  # all that a server says of a token; no flood, though
_MOST_FIELD_LINES = 4
_SHORT_BODY = 3  # lines; no more than that is told again

# What teaches nothing here. Whatever else comes is told, expected or not.
_LEFT_TO_THE_PAGE = {
    "accept",
    "accept-encoding",
    "accept-language",
    "cache-control",
    "connection",
    "content-length",
    "content-security-policy",
    "content-type",
    "date",
    "host",
    "origin",
    "pragma",
    "referrer-policy",
    "server",
    "transfer-encoding",
    "user-agent",
    "vary",
    "x-content-type-options",
    "x-fapi-interaction-id",
    "x-frame-options",
}


class MessageTeller:
    """Tells messages; a body told before, and a token's claims, only once."""

    def __init__(self, ink: Ink) -> None:
        self._ink = ink
        self._bodies: dict[str, str] = {}
        self._tokens: set[str] = set()

    def tell(self, number: str, message: Message, arrow: str, indent: int) -> None:
        """A message of step *number*; *arrow* says which way it went."""
        self._start(message, arrow, indent)
        text = "\n".join((*(value for _, value in message.headers), message.body))
        new = [jwt for jwt in find_jwts(text) if self._is_new(jwt)]
        for name, value in message.headers:
            if _is_told(name, message):
                self.field(f"{name}: {value}", indent + 2)
        self._body(number, message, indent + 2)
        for jwt in new:
            self._claims(jwt, indent + 2)

    def _start(self, message: Message, arrow: str, indent: int) -> None:
        hidden = sum(not _is_told(name, message) for name, _ in message.headers)
        fields = "header field" if hidden == 1 else "header fields"
        note = f"  {hidden} {fields} on the page" if hidden else ""
        room = self._ink.width - indent
        start = shortened(f"{arrow} {message.start}", room)
        style = "" if arrow == "→" else status_style(message.start)
        beside = columns(start) + columns(note) <= room
        shown = styled(start, style, "bold")
        self._ink.line(indent, shown, dim(note if beside else ""))
        if not beside:
            self._ink.line(indent, dim(note))

    def field(self, field: str, indent: int) -> None:
        """A header field, in a few lines at most; of a JWT its beginnings."""
        room = self._ink.width - indent - 2
        text = shortened(with_short_jwts(field), _MOST_FIELD_LINES * (room - 10))
        first, *rest = folded(text, room)
        self._text(first, indent)
        for line in rest:
            self._text(line, indent + 2)

    def _body(self, number: str, message: Message, indent: int) -> None:
        confirms = has_confirmation(message)
        most = _MOST_LINES_WITH_CNF if confirms else _MOST_LINES
        lines = body_lines(message, self._ink.width - indent, whole=confirms)
        before = self._bodies.setdefault(message.body, number)
        if len(lines) > _SHORT_BODY and before != number:
            self._ink.line(indent, dim(f"(the same body as in {before})"))
            return
        for line in lines[:most]:
            self._text(line, indent)
        if len(lines) > most:
            more = f"… {len(lines) - most} more lines on the page"
            self._ink.line(indent, dim(more))

    def _is_new(self, jwt: str) -> bool:
        """Whether a JWT is seen for the first time; whose it is, is known from now."""
        holder = self._ink.holder_of(thumbprint_of(jwt))
        self._ink.know(signature_of(jwt), holder)
        new = jwt not in self._tokens
        self._tokens.add(jwt)
        return new

    def _claims(self, jwt: str, indent: int) -> None:
        claims = list(told_claims(jwt))
        if claims:
            says = dim(f" says in {len(jwt)} characters")
            self._ink.line(indent, *self._jwt(with_short_jwts(jwt)), says)
        holder = self._ink.holder_of(thumbprint_of(jwt))
        for name, value in claims:
            if name == "cnf" and holder:
                self._ink.belonging(value, holder, indent + 2, dim(f"{name:<5}"))
            else:
                self._ink.row(name, value, indent + 2, width=4)

    def painted(self, field: str) -> tuple[Part, ...]:
        """A header field on one line, its token in the colour of the token's holder."""
        return self._jwt(with_short_jwts(field))

    def _text(self, text: str, indent: int) -> None:
        self._ink.line(indent, *self._jwt(text))

    def _jwt(self, text: str) -> tuple[Part, ...]:
        """A line with its JWT in three colours, the claims in its holder's."""
        parts = split_short_jwt(text)
        if parts is None:
            return self._ink.painted(text)
        before, header, claims, signature, after = parts
        holder = self._ink.holder_of(signature.strip(".…"))
        return (
            *self._ink.painted(before),
            dim(header),
            styled(claims, *self._ink.styles(holder), "bold"),
            dim(signature),
            *self._ink.painted(after),
        )


def _is_told(field: str, message: Message) -> bool:
    """An answer with a `cnf` is the slides' own figure, which has its type."""
    name = field.lower()
    if name == "content-type" and has_confirmation(message):
        return True
    return name not in _LEFT_TO_THE_PAGE


def status_style(start: str) -> str:
    """Allowed or refused: a redirection is no refusal."""
    return "green" if start.startswith(("HTTP/1.1 2", "HTTP/1.1 3")) else "red"
