"""
A story as JSON: what `build/walkthrough.json` holds and the page is made from.

    version       2
    made_at       when, for people
    parties       name, role, certificate
    certificates  by x5t#S256: the members of `story.Certificate`
    acts          number, title, says, steps
    step          number ("2.1"), title, says, rule, expected, came, passed, exchanges,
                  derivation (pairs of name and value, or null)
    exchange      the members of `story.Exchange`

A certificate occurs once; everywhere else stands its x5t#S256. *rule* is a requirement
such as "RFC 8705 section 3".
"""

from collections.abc import Iterator
from dataclasses import asdict

from client_node.walkthrough.story import (
    Act,
    Certificate,
    Exchange,
    Handshake,
    Step,
    Story,
)

Json = dict[str, object]


def as_json(story: Story) -> Json:
    """All of *story*."""
    return {
        "version": 2,
        "made_at": story.made_at,
        "parties": [
            {"name": p.name, "role": p.role, "certificate": p.certificate.x5t_s256}
            for p in story.parties
        ],
        "certificates": {c.x5t_s256: asdict(c) for c in _certificates(story)},
        "acts": [act_as_json(n, act) for n, act in enumerate(story.acts, 1)],
    }


def act_as_json(number: int, act: Act) -> Json:
    """One act, whose steps are numbered within it."""
    return {
        "number": number,
        "title": act.title,
        "says": act.says,
        "steps": [step_as_json(f"{number}.{n}", s) for n, s in enumerate(act.steps, 1)],
    }


def step_as_json(number: str, step: Step) -> Json:
    """One step."""
    return {
        "number": number,
        "title": step.title,
        "says": step.says,
        "rule": step.rule,
        "expected": step.expected,
        "came": step.came,
        "passed": step.passed,
        "exchanges": [_exchange(each) for each in step.exchanges],
        "derivation": None if step.derivation is None else step.derivation.lines,
    }


def _exchange(exchange: Exchange) -> Json:
    return {
        "client": exchange.client,
        "client_lane": exchange.client_lane,
        "server": exchange.server,
        "server_lane": exchange.server_lane,
        "url": exchange.url,
        "started": exchange.started,
        "handshake": _handshake(exchange.handshake),
        "request": asdict(exchange.request),
        "response": None if exchange.response is None else asdict(exchange.response),
        "failure": exchange.failure,
        "decisions": [asdict(each) for each in exchange.decisions],
        "nested": [_exchange(each) for each in exchange.nested],
        "tokens": [asdict(each) for each in exchange.tokens],
    }


def _handshake(handshake: Handshake) -> Json:
    sent = handshake.client_certificate
    return {
        "tls_version": handshake.tls_version,
        "cipher_suite": handshake.cipher_suite,
        "group": handshake.group,
        "server_name": handshake.server_name,
        "alpn": handshake.alpn,
        "certificate_requested": handshake.certificate_requested,
        "server_certificate": handshake.server_certificate.x5t_s256,
        "client_certificate": None if sent is None else sent.x5t_s256,
        "client_sent_after": [c.x5t_s256 for c in handshake.client_sent_after],
        "messages": handshake.messages,
    }


def _certificates(story: Story) -> Iterator[Certificate]:
    """Every certificate that occurs, in the order of the story."""
    for party in story.parties:
        yield party.certificate
    for step in story.steps:
        for exchange in step.exchanges:
            yield from certificates_of(exchange)


def certificates_of(exchange: Exchange) -> Iterator[Certificate]:
    """The certificates that crossed the wire in an exchange and those below it."""
    handshake = exchange.handshake
    if handshake.client_certificate is not None:
        yield handshake.client_certificate
    yield from handshake.client_sent_after
    yield handshake.server_certificate
    for each in exchange.nested:
        yield from certificates_of(each)
