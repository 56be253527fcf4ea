"""A story told into a text."""

import io
import re
from collections.abc import Callable
from dataclasses import replace

from scripts.telling.brief import Brief
from scripts.telling.narration import Narration
from scripts.telling.terminal import Terminal
from scripts.walkthrough.story.story import (
    Certificate,
    Decision,
    Exchange,
    Handshake,
    Message,
    Step,
)
from tests.scripts.walkthrough.stories import certificate

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def told(
    tell: Callable[[Narration], None],
    width: int = 100,
    *,
    colour: bool = False,
    rgb: bool = False,
) -> list[str]:
    """The lines that a narration writes."""
    stream = io.StringIO()
    tell(Narration(Terminal(stream, width, colour, rgb)))
    return stream.getvalue().splitlines()


def told_briefly(
    tell: Callable[[Brief], None], width: int = 100, *, colour: bool = False
) -> list[str]:
    """The lines that are written where each step has one, and few have more."""
    stream = io.StringIO()
    tell(Brief(Terminal(stream, width, colour)))
    return stream.getvalue().splitlines()


def of_holder(holder: str, thumbprint: str) -> Certificate:
    """A certificate with a thumbprint."""
    return replace(
        certificate(holder), x5t_s256=thumbprint, subject=f"CN={holder}", issuer="CN=CA"
    )


def exchange(
    holder: str = "client",
    thumbprint: str = "A" * 43,
    *decisions: Decision,
    request: Message | None = None,
    response: Message | None = None,
) -> Exchange:
    """An honest exchange of a client with the resource server."""
    return Exchange(
        client=holder,
        client_lane="client",
        server="rs",
        server_lane="rs",
        url="https://localhost:9445/accounts",
        started=0.0,
        handshake=Handshake(
            "TLSv1.3",
            "TLS_AES_256_GCM_SHA384",
            "x25519",
            certificate_requested=True,
            server_certificate=of_holder("rs", "R" * 43),
            client_certificate=of_holder(holder, thumbprint),
            client_sent_after=(),
            messages=(
                "write certificate request",
                "read client certificate",
                "read certificate verify",
            ),
        ),
        request=request or Message("GET /accounts HTTP/1.1", (), ""),
        response=response,
        failure=None,
        decisions=decisions,
    )


def binding(expected: str, presented: str, check: str = "it is bound") -> Decision:
    """The decision of RFC 8705 section 3."""
    return decision(expected, presented, check, rule="RFC 8705 section 3")


def decision(
    expected: str, presented: str, check: str, rule: str = "RFC 9068 section 4"
) -> Decision:
    """A decision, accepted where both are the same."""
    return Decision(
        "rs",
        "a.check",
        check,
        rule,
        expected,
        presented,
        accepted=expected == presented,
        decided_by="rs_node.somewhere",
        source="rs_node/somewhere.py:1",
    )


def step(*exchanges: Exchange, expected: str = "200", came: str = "200") -> Step:
    """A step of exchanges."""
    return Step("A step", "", "RFC 8705 section 3", expected, came, exchanges)
