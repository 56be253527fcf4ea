"""
A story as JSON: what `build/walkthrough.json` holds and the page is made from.

    version       2
    made_at       when, for people
    parties       name, role, certificate
    certificates  by x5t#S256: the members of `story.Certificate`
    rules         by requirement ("RFC 8705 section 3"): sentence, link, without
    sources       by what decisions call their source: the members of `sources.Source`
    glossary      what form parameters, JSON members, claims and header fields mean,
                  by their names (header fields in lower case)
    who           who takes part, and what they hold: pairs of a term and what it is
    acts          number, name, title, says, sentence (what it comes to), question and
                  answer (for whoever has seen it), steps, mermaid (the act as a
                  sequence diagram)
    step          number ("2.1"), name (for good, whatever its number:
                  "thief.wrong-certificate"), central (whether its act is about it),
                  words (by which a search finds it as well), title, says, rule,
                  expected, came, passed, exchanges,
                  derivation (pairs of name and value, or null), worked_out_by
                  (decided_by and source of our function that works it out, or null)
    exchange      the members of `story.Exchange`; those of one `connection` share its
                  handshake; `curl` is the line for the shell,
                  `curl_note` and `curl_answer` what `story.Curl` says beside it
    handshake     the members of `story.Handshake`, and in_the_clear (pairs: what is
                  shown on the way, and its value); failure is not empty where it
                  failed: then the client's certificate was sent and not proved
    decision      the members of `story.Decision`: name is the check's, for example
                  "binding.same-certificate", and check says it in words; and without
                  (what would happen without this very check)

A certificate occurs once; everywhere else stands its x5t#S256. Rules and sources are
those that occur, and of which something can be said.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict

from scripts.walkthrough.explanations.glossary import GLOSSARY, WHO_IS_WHO
from scripts.walkthrough.explanations.rules import check_text, rule_text
from scripts.walkthrough.explanations.sources import find_source
from scripts.walkthrough.page.mermaid import mermaid_of_act
from scripts.walkthrough.story.in_the_clear import in_the_clear
from scripts.walkthrough.story.story import (
    Act,
    Certificate,
    Decision,
    Derivation,
    Exchange,
    Handshake,
    Step,
    Story,
)

Json = dict[str, object]


def as_json(story: Story) -> Json:
    """All of *story*."""
    known = (party.certificate for party in story.parties)
    return {
        "version": 2,
        "made_at": story.made_at,
        "parties": [
            {"name": p.name, "role": p.role, "certificate": p.certificate.x5t_s256}
            for p in story.parties
        ],
        **looked_up(story.steps, known),
        "glossary": dict(GLOSSARY),
        "who": list(WHO_IS_WHO.items()),
        "acts": [act_as_json(n, act) for n, act in enumerate(story.acts, 1)],
    }


def looked_up(steps: Iterable[Step], known: Iterable[Certificate] = ()) -> Json:
    """
    What stands in the story once, for all of these steps: certificates (those of
    *known* first), rules, sources.
    """
    steps = tuple(steps)
    exchanges = [each for step in steps for each in _all_of(step.exchanges)]
    certificates = [*known, *(c for e in exchanges for c in _certificates(e.handshake))]
    decisions = [each for exchange in exchanges for each in exchange.decisions]
    derivations = [step.derivation for step in steps if step.derivation is not None]
    sources = [*(d.source for d in decisions), *(d.source for d in derivations)]
    rules = [*(step.rule for step in steps), *(each.rule for each in decisions)]
    return {
        "certificates": {c.x5t_s256: asdict(c) for c in certificates},
        "rules": {rule: asdict(text) for rule in rules if (text := rule_text(rule))},
        "sources": {
            source: asdict(found)
            for source in sources
            if (found := find_source(source))
        },
    }


def _worked_out_by(derivation: Derivation | None) -> Json | None:
    if derivation is None or not derivation.decided_by:
        return None
    return {"decided_by": derivation.decided_by, "source": derivation.source}


def act_as_json(number: int, act: Act) -> Json:
    """One act, whose steps are numbered within it."""
    return {
        "number": number,
        "name": act.name,
        "title": act.title,
        "says": act.says,
        "sentence": act.sentence,
        "question": act.question,
        "answer": act.answer,
        "steps": [step_as_json(f"{number}.{n}", s) for n, s in enumerate(act.steps, 1)],
        "mermaid": mermaid_of_act(act),
    }


def step_as_json(number: str, step: Step) -> Json:
    """One step."""
    return {
        "number": number,
        "name": step.name,
        "central": step.central,
        "words": step.words,
        "title": step.title,
        "says": step.says,
        "rule": step.rule,
        "expected": step.expected,
        "came": step.came,
        "passed": step.passed,
        "exchanges": [_exchange(each) for each in step.exchanges],
        "derivation": None if step.derivation is None else step.derivation.lines,
        "worked_out_by": _worked_out_by(step.derivation),
    }


def _exchange(exchange: Exchange) -> Json:
    return {
        "client": exchange.client,
        "client_lane": exchange.client_lane,
        "server": exchange.server,
        "server_lane": exchange.server_lane,
        "url": exchange.url,
        "started": exchange.started,
        "connection": exchange.connection,
        "handshake": _handshake(exchange.handshake),
        "request": asdict(exchange.request),
        "response": None if exchange.response is None else asdict(exchange.response),
        "failure": exchange.failure,
        "decisions": [_decision(each) for each in exchange.decisions],
        "nested": [_exchange(each) for each in exchange.nested],
        "tokens": [asdict(each) for each in exchange.tokens],
        "curl": exchange.curl.text,
        "curl_note": exchange.curl.note,
        "curl_answer": exchange.curl.answer,
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
        "in_the_clear": in_the_clear(handshake),
        "failure": handshake.failure,
    }


def _decision(decision: Decision) -> Json:
    return {**asdict(decision), "without": check_text(decision.name).without}


def _all_of(exchanges: Iterable[Exchange]) -> Iterator[Exchange]:
    """Exchanges, each followed by those nested in it."""
    for exchange in exchanges:
        yield exchange
        yield from _all_of(exchange.nested)


def _certificates(handshake: Handshake) -> Iterator[Certificate]:
    if handshake.client_certificate is not None:
        yield handshake.client_certificate
    yield from handshake.client_sent_after
    yield handshake.server_certificate
