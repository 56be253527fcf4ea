"""Acts as Mermaid has them; that Mermaid reads them was seen with Mermaid itself."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from scripts.walkthrough.page.mermaid import mermaid_of_act
from scripts.walkthrough.story.story import Act, Derivation, Exchange, Step
from tests.client_node.in_memory.bank import Pki
from tests.scripts.walkthrough import stories
from tests.scripts.walkthrough.exchanging import Told, place_of


@pytest.fixture
def told(pki: Pki, tmp_path: Path) -> Told:
    """Nothing has happened yet."""
    return Told(pki, place_of(pki, tmp_path))


def act(*exchanges: Exchange, title: str = "An act") -> Act:
    """An act of one step."""
    return Act(title, "", (Step("A step", "", "", "", "", exchanges),))


def test_an_act_is_a_sequence(told: Told) -> None:
    """Who takes part, the handshake, the request, the decision, the answer."""
    exchange = told.exchange(client=told.pki.client)
    chip = f"banking-client ({_chip(exchange)}…)"
    assert mermaid_of_act(act(exchange)).splitlines() == [
        "sequenceDiagram",
        "    autonumber",
        "    participant p_client as Client",
        "    participant p_as as Authorization server",
        "    Note over p_client,p_as: A step",
        f"    Note over p_client,p_as: TLSv1.3: certificate of {chip}",
        "    p_client->>p_as: POST /token :443",
        "    Note over p_as: ✓ a check (RFC 8705 section 2.1)",
        "    p_as-->>p_client: 200",
    ]


def _chip(exchange: Exchange) -> str:
    assert exchange.handshake.client_certificate is not None
    return exchange.handshake.client_certificate.x5t_s256[:8]


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("https://localhost:9444/token", "POST /token :9444"),
        ("https://[::1]:9443/token?a=b", "POST /token :9443"),
        ("https://localhost/token", "POST /token :443"),
        ("https://localhost:x/token", "POST /token"),
    ],
)
def test_the_port_of_the_authorization_server(told: Told, url: str, named: str) -> None:
    """RFC 8705 section 5: one of its listeners asks for a certificate, one does not."""
    lines = mermaid_of_act(act(replace(told.exchange(), url=url))).splitlines()
    assert f"    p_client->>p_as: {named}" in lines
    of_another = replace(told.exchange("GET /accounts", node="rs"), url=url)
    assert (
        "    p_client->>p_rs: GET /accounts"
        in mermaid_of_act(act(of_another)).splitlines()
    )


def test_a_refusal_and_a_failure_end_in_a_cross(told: Told) -> None:
    """And what was refused is marked."""
    refused = told.exchange(status=401, refused="RFC 8705 section 3")
    failed = replace(refused, response=None, failure="reset")
    silent = replace(refused, response=None, failure=None)
    lines = mermaid_of_act(act(refused, failed, silent)).splitlines()
    assert "    Note over p_as: ✗ a check (RFC 8705 section 3)" in lines
    assert [line.strip() for line in lines if "--x" in line] == [
        "p_as--xp_client: 401",
        "p_as--xp_client: reset",
        "p_as--xp_client: no answer",
    ]


def test_a_handshake_that_failed_carries_no_request(told: Told) -> None:
    """The certificate was sent, and nobody has proved that its key is there."""
    exchange = told.exchange(client=told.pki.client)
    handshake = replace(exchange.handshake, failure="bad signature")
    failed = replace(exchange, handshake=handshake, response=None, failure="alert")
    text = mermaid_of_act(act(failed))
    assert f"banking-client ({_chip(exchange)}…), and not its key" in text
    assert "POST /token" not in text
    assert "p_as--xp_client: alert" in text


@pytest.mark.parametrize(
    ("requested", "said"),
    [
        (True, "no certificate, though one is asked for"),
        (False, "no certificate is asked for"),
    ],
)
def test_what_is_said_without_a_certificate(
    told: Told, said: str, *, requested: bool
) -> None:
    """RFC 8446 section 4.4.2.4: it may be declined."""
    exchange = told.exchange()
    handshake = replace(exchange.handshake, certificate_requested=requested)
    assert said in mermaid_of_act(act(replace(exchange, handshake=handshake)))


def test_what_a_server_asks_another_is_inside(told: Told) -> None:
    """Between the request and its answer; a twin has a place of its own."""
    inner = replace(told.exchange("POST /introspect"), client_lane="rs")
    outer = replace(told.exchange("GET /accounts", node="rs"), nested=(inner,))
    twin = replace(told.exchange("GET /accounts", node="twin-rs"), client_lane="thief")
    text = mermaid_of_act(act(outer, twin))
    assert [
        line.split(" as ")[1] for line in text.splitlines() if "partic" in line
    ] == [
        "Client",
        "Thief",
        "Authorization server",
        "Resource server",
        "Resource server (twin-rs)",
    ]
    arrows = re.findall(r"p_\w+--?>>p_\w+", text)
    assert arrows == [
        "p_client->>p_rs",
        "p_rs->>p_as",
        "p_as-->>p_rs",
        "p_rs-->>p_client",
        "p_thief->>p_twin_rs",
        "p_twin_rs-->>p_thief",
    ]


def test_without_exchanges_there_is_no_diagram() -> None:
    """A derivation crosses no wire."""
    step = Step("x", "", "", "", "", (), Derivation(()))
    assert mermaid_of_act(Act("x", "", (step,))) == ""


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a;b", "a#59;b"),
        ("#35;", "#35;35#59;"),
        ("%%{init}%%", "#37;#37;#123;init#125;#37;#37;"),
        ("a\nparticipant b\r\n\tc", "a participant b c"),
        ('<b>"x"</b>', "#60;b#62;#34;x#34;#60;/b#62;"),
        ("the end", "the #101;nd"),
        ("END", "#69;ND"),
        ("ends, bend", "ends, bend"),
        ("a->>b", "a-#62;#62;b"),
        ("\u202eé", "#8238;#233;"),
        ("x" * 200, "x" * 119 + "…"),
    ],
)
def test_text_stays_text(told: Told, text: str, written: str) -> None:
    """Nothing from the wire becomes part of the diagram's syntax."""
    failed = replace(told.exchange(), response=None, failure=text)
    last = mermaid_of_act(act(failed)).splitlines()[-1]
    assert last == f"    p_as--xp_client: {written}"


def test_a_hostile_story_stays_a_story() -> None:
    """Every line is one of those that a diagram has."""
    acts = stories.story().acts
    lines = [line for each in acts for line in mermaid_of_act(each).splitlines()]
    shape = (
        r"sequenceDiagram|    (autonumber|participant \w+ as [^;<>%{}]*"
        r"|Note over [\w,]+: ([^;<>%{}#]|#\d+;)*"
        r"|\w+(->>|-->>|--x)\w+: ([^;<>%{}#]|#\d+;)*)"
    )
    assert all(re.fullmatch(shape, line) for line in lines)
