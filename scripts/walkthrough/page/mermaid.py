"""
Acts as Mermaid sequence diagrams, to be pasted where Markdown is shown.

All text is escaped: what crossed the wire cannot become part of the diagram's syntax.
"""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from scripts.walkthrough.story.story import (
    NODES,
    Act,
    Certificate,
    Decision,
    Exchange,
)

_LANES = {
    "browser": "Browser",
    "client": "Client",
    "thief": "Thief",
    "as": "Authorization server",
    "rs": "Resource server",
}
_LONGEST = 120  # characters
# What is left can mean nothing to Mermaid: no ; # % { } < > " \ and no line break.
_SPECIAL = re.compile(r"[^A-Za-z0-9 .,:/?=_()'*§…“”✓✗-]")
_KEYWORD = re.compile(r"\be(nd)\b", re.IGNORECASE)


def mermaid_of_act(act: Act) -> str:
    """An act as a diagram; empty if nothing crossed the wire in it."""
    exchanges = [each for step in act.steps for each in step.exchanges]
    if not exchanges:
        return ""
    everybody = _everybody(exchanges)
    lines = ["autonumber"]
    lines += (f"participant {_id(name)} as {words}" for name, words in everybody)
    first, last = everybody[0][0], everybody[-1][0]
    across = f"Note over {','.join(map(_id, dict.fromkeys((first, last))))}"
    for step in act.steps:
        lines.append(f"{across}: {_text(step.title)}")
        lines += (line for each in step.exchanges for line in _exchange(each))
    return "\n    ".join(["sequenceDiagram", *lines]) + "\n"


def _everybody(exchanges: Iterable[Exchange]) -> list[tuple[str, str]]:
    """Who takes part, in the order of the lanes; a twin after whom it resembles."""
    found = {pair for exchange in exchanges for pair in _found(exchange)}
    lanes = list(_LANES)
    return [
        (name, _text(_LANES[lane] + ("" if name == lane else f" ({name})")))
        for name, lane in sorted(found, key=lambda p: (lanes.index(p[1]), p[0]))
    ]


def _found(exchange: Exchange) -> Iterator[tuple[str, str]]:
    yield exchange.client_lane, exchange.client_lane
    yield _to(exchange), exchange.server_lane
    for each in exchange.nested:
        yield from _found(each)


def _to(exchange: Exchange) -> str:
    """A server of the demo's alone is not in the lane of the one it resembles."""
    return exchange.server_lane if exchange.server in NODES else exchange.server


def _id(name: str) -> str:
    return re.sub(r"\W", "_", f"p_{name}")


def _exchange(exchange: Exchange) -> Iterator[str]:
    asks, answers = _id(exchange.client_lane), _id(_to(exchange))
    yield f"Note over {asks},{answers}: {_text(_handshake(exchange))}"
    if not exchange.handshake.failure:  # else nobody has received it
        yield f"{asks}->>{answers}: {_text(_request(exchange))}"
    for each in exchange.nested:
        yield from _exchange(each)
    for decision in exchange.decisions:
        yield f"Note over {answers}: {_text(_decision(decision))}"
    if exchange.response is None:
        said = exchange.failure or "no answer"
        yield f"{answers}--x{asks}: {_text(said)}"
        return
    status = exchange.response.start.removeprefix("HTTP/1.1 ")
    refused = status[:1] in {"4", "5"}
    yield f"{answers}{'--x' if refused else '-->>'}{asks}: {_text(status)}"


def _handshake(exchange: Exchange) -> str:
    handshake = exchange.handshake
    if handshake.client_certificate is not None:
        presented = f"certificate of {_chip(handshake.client_certificate)}"
        if handshake.failure:
            presented += ", and not its key"
    elif handshake.certificate_requested:
        presented = "no certificate, though one is asked for"
    else:
        presented = "no certificate is asked for"
    return f"{handshake.tls_version}: {presented}"


def _chip(certificate: Certificate) -> str:
    return f"{certificate.holder} ({certificate.x5t_s256[:8]}…)"


def _request(exchange: Exchange) -> str:
    """Of the authorization server with its port: only one asks for a certificate."""
    method, target, _ = exchange.request.start.split(" ", 2)
    name = f"{method} {target.partition('?')[0]}"
    port = _port(exchange.url) if exchange.server_lane == "as" else ""
    return f"{name} {port}".rstrip()


def _port(url: str) -> str:
    try:
        return f":{urlsplit(url).port or 443}"
    except ValueError:
        return ""


def _decision(decision: Decision) -> str:
    return f"{'✓' if decision.accepted else '✗'} {decision.check} ({decision.rule})"


def _text(text: str) -> str:
    """*text* as text, whatever is in it: nothing of it is syntax."""
    line = " ".join(text.split())
    shown = line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
    escaped = _SPECIAL.sub(lambda found: f"#{ord(found[0])};", shown)
    # The word `end` closes a block wherever it stands.
    return _KEYWORD.sub(lambda found: f"#{ord(found[0][0])};{found[1]}", escaped)
