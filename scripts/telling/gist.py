"""What a step is about: who asked for what, the check that decides, what came."""

import json
from collections.abc import Iterable, Mapping

from scripts.telling.bodies import has_confirmation
from scripts.telling.columns import columns
from scripts.telling.decisions import ISSUED_TO, DecisionTeller
from scripts.telling.exchanges import who_with_whom
from scripts.telling.figures import tell_figure
from scripts.telling.holder_colours import CA, Ink
from scripts.telling.jwts import claims_of, find_jwts
from scripts.telling.messages import MessageTeller, status_style
from scripts.telling.terminal import as_text, dim, styled
from scripts.telling.thumbprints import find_comparison
from scripts.walkthrough.story.message_contents import bearer_token, json_object
from scripts.walkthrough.story.story import (
    Certificate,
    Decision,
    Derivation,
    Exchange,
    Message,
    Step,
)


class GistTeller:
    """Tells of a step what decides; the rest is counted, and on the page."""

    def __init__(self, ink: Ink) -> None:
        self._ink = ink
        self._decisions = DecisionTeller(ink)
        self._messages = MessageTeller(ink)
        self._bodies: dict[str, dict[str, object]] = {}

    def hear(self, exchange: Exchange) -> None:
        """Whose each certificate and token of an exchange is, and what JWTs say."""
        self._ink.know_exchange(exchange)
        answer = "" if exchange.response is None else exchange.response.body
        for jwt in find_jwts(answer):
            claims = claims_of(jwt)
            self._bodies[_as_lines(claims)] = claims

    def tell(self, step: Step, indent: int) -> None:
        """A step that its act is about."""
        self._ink.terminal.paragraph(step.says, indent)
        for exchange in step.exchanges:
            self._exchange(exchange, step.rule, indent, figure=True)
        if step.derivation is not None and not step.exchanges:
            self._derivation(step.derivation, indent)

    def _exchange(
        self, exchange: Exchange, rule: str, indent: int, *, figure: bool
    ) -> None:
        """An exchange; *figure* says that what a token says is set as a figure."""
        self._ink.line(indent, *who_with_whom(self._ink, exchange))
        decisive = _decisive(exchange, rule)
        if not any(_names_the_certificate(each) for each in decisive):
            self._presented(exchange, indent + 2)
        if exchange.handshake.failure:  # nobody has received the request
            failed = f"the handshake fails: {exchange.handshake.failure}"
            self._ink.terminal.paragraph(f"✗ {failed}", indent + 2, "red", "bold")
        else:
            self._request(exchange, indent + 2)
        for nested in exchange.nested:
            if _says_what_is_bound(nested):
                self._exchange(nested, rule, indent + 4, figure=False)
        self._decided(exchange, decisive, indent + 2)
        if exchange.response is not None:
            others = [each for each in exchange.decisions if each not in decisive]
            passed = sum(each.accepted for each in others)
            self._answer(exchange.response, passed, indent + 2, figure=figure)
        if exchange.failure is not None:
            failure = f"← {exchange.failure}"
            self._ink.terminal.paragraph(failure, indent + 2, "red", "bold")

    def _presented(self, exchange: Exchange, indent: int) -> None:
        """The certificate of the connection, and others that came along with it."""
        sent = exchange.handshake.client_certificate
        if sent is None:
            self._ink.line(indent, dim("presents  "), styled("no certificate", "bold"))
            return
        behind = exchange.handshake.client_sent_after
        self._certificate("presents", sent, indent)
        for each in behind:
            if not each.holder.endswith(CA):
                self._certificate("behind it", each, indent)

    def _certificate(self, label: str, certificate: Certificate, indent: int) -> None:
        thumbprint, holder = certificate.x5t_s256, certificate.holder
        self._ink.belonging(thumbprint, holder, indent, dim(f"{label:<9} "))

    def _request(self, exchange: Exchange, indent: int) -> None:
        """Its first line, and the token that came with it, beside or below."""
        start = f"→ {exchange.request.start}"
        token = bearer_token(exchange)
        field = self._messages.painted(f"authorization: Bearer {token}")
        taken = columns(start) + sum(columns(as_text(part)) for part in field)
        beside = indent + taken + 2 <= self._ink.width
        shown = ("  ", *field) if token and beside else ()
        self._ink.line(indent, styled(start, "bold"), *shown)
        if token and not beside:
            self._ink.line(indent + 2, *field)

    def _decided(
        self, exchange: Exchange, decisive: list[Decision], indent: int
    ) -> None:
        sent = exchange.handshake.client_certificate
        presented = "" if sent is None else sent.x5t_s256
        for each in decisive:
            self._decisions.tell_one(each, presented, indent)

    def _answer(
        self, answer: Message, others: int, indent: int, *, figure: bool
    ) -> None:
        """
        Its first line; all of it, where it says what a token is bound to.

        *others* are the checks that passed and are not told.
        """
        start = styled(f"← {answer.start}", status_style(answer.start), "bold")
        challenge = answer.header("www-authenticate").partition(",")[0]
        field = dim(f"  {challenge}, …" if challenge else "")
        checks = "check" if others == 1 else "checks"
        count = f"{others} other {checks} passed" if others else ""
        self._ink.terminal.spread((" " * indent, start, field), count, indent)
        if has_confirmation(answer):
            kind = answer.header("content-type")
            self._messages.field(f"Content-Type: {kind}", indent + 2)
            members = json_object(answer.body)
            tell_figure(self._ink, members, indent + 2, dense=not figure)

    def _derivation(self, derivation: Derivation, indent: int) -> None:
        """Lines, or the JWT's body that they were taken from."""
        body = self._bodies.get(json.dumps(derivation.lines))
        if body is not None:
            tell_figure(self._ink, body, indent)
            return
        widest = max((columns(name) for name, _ in derivation.lines), default=0)
        for name, value in derivation.lines:
            width = min(widest, self._ink.width // 3) + 1
            self._ink.row(name, value, indent, width=width)


def _decisive(exchange: Exchange, rule: str) -> list[Decision]:
    """What refused; else what compared, *rule* asks, bound, or came last."""
    decisions = exchange.decisions
    return (
        [each for each in decisions if not each.accepted]
        or [each for each in decisions if find_comparison(each, "") is not None]
        or [each for each in decisions if each.rule == rule]
        or [each for each in decisions if each.expected == ISSUED_TO]
        or ([] if _says_what_is_bound(exchange) else [*decisions[-1:]])
    )


def _says_what_is_bound(exchange: Exchange) -> bool:
    return exchange.response is not None and has_confirmation(exchange.response)


def _names_the_certificate(decision: Decision) -> bool:
    """Whether a decision is told with the thumbprint of the connection."""
    return decision.expected == ISSUED_TO or find_comparison(decision, "") is not None


def _as_lines(claims: Mapping[str, object]) -> str:
    """Claims as the demo writes them down, each a name and a value."""
    lines: Iterable[tuple[str, str]] = (
        (name, json.dumps(value).strip('"')) for name, value in claims.items()
    )
    return json.dumps([*lines])
