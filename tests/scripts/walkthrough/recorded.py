"""Events as the nodes record them, made up."""

import json
from collections.abc import Iterable
from pathlib import Path

from pki.observability.recording import der_to_record
from pki.pem import Credential
from scripts.walkthrough.recordings.recordings import Event

START = 1_795_000_000.0  # seconds since the epoch


def handshake(
    node: str,
    own: Credential,
    peer: Credential | None = None,
    *,
    connection: int = 1,
    at: float = 0,
) -> Event:
    """A handshake, as its server has it; *at* in seconds after START."""
    event: Event = {
        "time": START + at,
        "node": node,
        "event": "handshake",
        "side": "server",
        "connection": connection,
        "tls_version": "TLSv1.3",
        "cipher_suite": "TLS_AES_256_GCM_SHA384",
        "messages": ["SSLv3/TLS read client hello"],
        "certificate_requested": True,
        "own_certificate": der_to_record(own.leaf_der),
    }
    if peer is not None:
        event["peer_certificate"] = der_to_record(peer.leaf_der)
    return event


def answered(
    node: str,
    what: str,
    exchange: int,
    *,
    at: float,
    took: float = 0.001,
    status: int = 200,
    interaction: str = "",
    refused: str = "",
    check: str = "a.check",
    expected: str = "one",
    connection: int = 1,
    headers: dict[str, str] | None = None,
    body: str = "",
    answer: str = "{}",
) -> list[Event]:
    """
    A request that *node* answered *at* some seconds, after it *took* some.

    *what* is its method and target, *refused* the rule it was refused by, at *check*,
    which *expected* something else.
    """
    same: Event = {
        "node": node,
        "side": "server",
        "connection": connection,
        "exchange": exchange,
        "time": START + at,
    }
    if interaction:
        same["interaction"] = interaction
    method, target = what.split()
    fields = [["host", "localhost"], *map(list, (headers or {}).items())]
    rule = refused or "RFC 8705 section 2.1"
    return [
        {
            **same,
            "event": "request",
            "method": method,
            "target": target,
            "headers": fields,
            "body": body,
            "received": START + at - took,
        },
        {
            **same,
            "event": "decision",
            "check": check,
            "says": "a check",
            "rule": rule,
            "expected": expected,
            "presented": "another" if refused else expected,
            "accepted": not refused,
            "decided_by": "a.function",
            "source": "a.py:1",
        },
        {
            **same,
            "event": "response",
            "status": status,
            "headers": [["Content-Type", "application/json"]],
            "body": answer,
        },
    ]


def asked(
    node: str, what: str, exchange: int, *, at: float, interaction: str = ""
) -> Event:
    """A request that *node* sent; *what* is its method and URL."""
    method, target = what.split()
    event: Event = {
        "time": START + at,
        "node": node,
        "event": "request",
        "side": "client",
        "exchange": exchange,
        "method": method,
        "target": target,
        "headers": [],
        "body": "",
    }
    return event | ({"interaction": interaction} if interaction else {})


def write(folder: Path, events: Iterable[Event]) -> None:
    """Append events to the files of their nodes."""
    folder.mkdir(exist_ok=True)
    for event in events:
        with (folder / f"{event['node']}.jsonl").open("a") as file:
            file.write(json.dumps(event) + "\n")
