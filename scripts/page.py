"""The body of the walk-through page: a story as HTML, everything escaped."""

import json
from collections.abc import Iterable
from html import escape
from urllib.parse import parse_qsl
from zlib import crc32

from scripts.story import (
    Act,
    Certificate,
    Decision,
    Derivation,
    Exchange,
    Handshake,
    Message,
    Party,
    Step,
    Story,
)

_RFC = "https://www.rfc-editor.org/rfc/rfc"


def page_body(story: Story) -> str:
    """Parties, contents and acts."""
    return "\n".join(
        (
            _contents(story),
            '<section id="parties"><h2>The parties</h2>',
            '<div class="parties">',
            *(_party(party) for party in story.parties),
            "</div></section>",
            *(_act(number, act) for number, act in enumerate(story.acts, 1)),
        )
    )


def _contents(story: Story) -> str:
    rows = []
    for a, act in enumerate(story.acts, 1):
        rows.append(
            f'<tr class="act"><th colspan="4">{a} {escape(act.title)}</th></tr>'
        )
        for s, step in enumerate(act.steps, 1):
            number = f"{a}.{s}"
            link = f'<a href="#step-{number}">{escape(step.title)}</a>'
            rows.append(
                f"<tr><td>{_mark(passed=step.passed)}</td><td>{number}</td>"
                f"<td>{link}</td><td><code>{escape(_short(step.came))}</code></td></tr>"
            )
    return (
        '<nav aria-label="Steps"><h2>What was shown</h2><table class="contents">'
        f"{''.join(rows)}</table></nav>"
    )


def _party(party: Party) -> str:
    facts = party.certificate
    names = ", ".join(filter(None, (facts.usage, facts.key, *facts.alternative_names)))
    return (
        f'<article class="party"><h3>{_holder(party.name)}</h3>'
        f"<p>{escape(party.role)}</p>"
        + _pairs(
            (
                ("subject", facts.subject),
                ("issuer", facts.issuer),
                ("good for", names),
                ("until", facts.not_after),
                ("x5t#S256", facts.x5t_s256),
            )
        )
        + "</article>"
    )


def _act(number: int, act: Act) -> str:
    steps = "".join(_step(f"{number}.{s}", step) for s, step in enumerate(act.steps, 1))
    return (
        f'<section id="act-{number}"><h2>{number} {escape(act.title)}</h2>'
        f"<p>{escape(act.says)}</p>{steps}</section>"
    )


def _step(number: str, step: Step) -> str:
    exchanges = "".join(_exchange(exchange) for exchange in step.exchanges)
    derivation = "" if step.derivation is None else _derivation(step.derivation)
    outcome = "passed" if step.passed else "failed"
    return (
        f'<article class="step {outcome}" id="step-{number}">'
        f'<h3><a href="#step-{number}">{number}</a> {escape(step.title)}'
        f" {_rule(step.rule)}</h3><p>{escape(step.says)}</p>{exchanges}{derivation}"
        f'<p class="verdict">{_mark(passed=step.passed)} expected '
        f"<code>{escape(step.expected)}</code>, came "
        f"<code>{escape(step.came)}</code></p></article>"
    )


def _exchange(exchange: Exchange) -> str:
    nested = "".join(
        f'<div class="nested"><p>Before it answers, {_holder(exchange.server)} '
        "asks:</p>"
        f"{_exchange(each)}</div>"
        for each in exchange.nested
    )
    decisions = "".join(_decision(decision) for decision in exchange.decisions)
    answer = (
        f'<p class="failure">{escape(exchange.failure or "")}</p>'
        if exchange.response is None
        else _message(exchange.response, "answer")
    )
    return (
        f'<div class="exchange"><p class="parties-of">{_holder(exchange.client)}'
        f' <span aria-label="to">→</span> {_holder(exchange.server)}</p>'
        f"{_handshake(exchange.handshake)}{_message(exchange.request, 'request')}"
        f'{nested}<ol class="decisions">{decisions}</ol>{answer}</div>'
    )


def _handshake(handshake: Handshake) -> str:
    sent = handshake.client_certificate
    terms = (handshake.tls_version, handshake.group, handshake.cipher_suite)
    asked = "yes" if handshake.certificate_requested else "no"
    presented = (
        "no certificate" if sent is None else f"{_holder(sent.holder)} {_der(sent)}"
    )
    return (
        "<details><summary>handshake: "
        f"{escape(' · '.join(filter(None, terms)))}; presented: "
        f"{'no certificate' if sent is None else _holder(sent.holder)}</summary>"
        + _pairs(
            (
                ("certificate requested", asked),
                (
                    "sent after it",
                    "; ".join(c.subject for c in handshake.client_sent_after),
                ),
                ("messages at the server", ", ".join(handshake.messages)),
            )
        )
        + f"<p>{presented}</p>"
        f"<p>server: {_der(handshake.server_certificate)}</p></details>"
    )


def _der(certificate: Certificate) -> str:
    return _pairs(
        (
            ("subject", certificate.subject),
            ("issuer", certificate.issuer),
            ("x5t#S256", certificate.x5t_s256),
            ("DER, base64", certificate.der),
        )
    )


def _message(message: Message, kind: str) -> str:
    fields = "\n".join(f"{name}: {value}" for name, value in message.headers)
    body = _readable(message)
    text = "\n".join(filter(None, (message.start, fields)))
    shown = f"{escape(text)}\n\n{escape(body)}" if body else escape(text)
    return f'<pre class="{kind}" tabindex="0">{shown}</pre>'


def _readable(message: Message) -> str:
    kind = {n.lower(): v for n, v in message.headers}.get("content-type", "")
    if "json" in kind and message.body:
        return json.dumps(json.loads(message.body), indent=2, ensure_ascii=False)
    if "x-www-form-urlencoded" in kind:
        pairs = parse_qsl(message.body, keep_blank_values=True)
        return "\n".join(f"{name}={value}" for name, value in pairs)
    return message.body


def _decision(decision: Decision) -> str:
    compared = _pairs(
        (("expected", decision.expected), ("presented", decision.presented))
    )
    return (
        f"<li>{_mark(passed=decision.accepted)} <b>{escape(decision.node)}</b>: "
        f"{escape(decision.check)} {_rule(decision.rule)}{compared}"
        f'<p class="source">{escape(decision.decided_by)}, '
        f"<code>{escape(decision.source)}</code></p></li>"
    )


def _derivation(derivation: Derivation) -> str:
    return f'<div class="derivation">{_pairs(derivation.lines)}</div>'


def _pairs(pairs: Iterable[tuple[str, str]]) -> str:
    rows = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>"
        for name, value in pairs
        if value
    )
    return f"<dl>{rows}</dl>" if rows else ""


def _rule(rule: str) -> str:
    """A rule as a link to its section, where it is one of an RFC."""
    words = rule.split()
    if len(words) != 4 or words[0] != "RFC" or words[2] != "section":
        return f'<span class="rule">{escape(rule)}</span>'
    target = f"{_RFC}{words[1]}#section-{words[3]}"
    return f'<a class="rule" href="{escape(target)}">{escape(rule)}</a>'


def _holder(name: str) -> str:
    """A party, in its colour."""
    colour = crc32(name.encode()) % 24 * 15
    return f'<b class="holder" style="--hue:{colour}">{escape(name)}</b>'


def _mark(*, passed: bool) -> str:
    word, sign = ("passed", "✓") if passed else ("refused", "✗")
    return f'<span class="mark {word}" role="img" aria-label="{word}">{sign}</span>'


def _short(text: str) -> str:
    return text if len(text) <= 44 else f"{text[:43]}…"
