"""A story as JSON: its shape, which the page is written against."""

import inspect
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pki.thumbprint import x5t_s256
from rs_node.access.certificate_binding import verify_binding
from scripts.walkthrough.certificates.facts import facts_of
from scripts.walkthrough.page.story_json import (
    act_as_json,
    as_json,
    looked_up,
    step_as_json,
)
from scripts.walkthrough.story.story import (
    Act,
    Decision,
    Derivation,
    Exchange,
    Party,
    Step,
    Story,
)
from tests.client_node.in_memory.bank import Pki
from tests.scripts.walkthrough import stories
from tests.scripts.walkthrough.exchanging import Told, place_of

BINDING = "RFC 8705 section 3"


@pytest.fixture
def told(pki: Pki, tmp_path: Path) -> Told:
    """Nothing has happened yet."""
    return Told(pki, place_of(pki, tmp_path))


def written(story: Story) -> Any:
    """What a file holds of it."""
    return json.loads(json.dumps(as_json(story)))


def step(*exchanges: Exchange, derivation: Derivation | None = None) -> Step:
    """A step of the act of the binding."""
    return Step("t", "s", BINDING, "200", "200", exchanges, derivation)


def test_all_of_a_story(told: Told) -> None:
    """Certificates, rules, sources stand once, and are referred to."""
    party = Party("tpp", "a client", facts_of("tpp", told.pki.other.leaf))
    exchange = told.exchange(client=told.pki.client)
    act = Act("title", "says", (step(exchange),))
    story = written(Story("today", (party,), (act,)))
    x5t, other = (x5t_s256(each.leaf_der) for each in (told.pki.client, told.pki.other))
    assert (story["version"], story["made_at"]) == (2, "today")
    role = {"name": "tpp", "role": "a client", "certificate": other}
    assert story["parties"] == [role]
    assert list(story["certificates"])[:2] == [other, x5t]
    assert story["certificates"][x5t]["holder"] == "banking-client"
    assert ["version", "3"] in story["certificates"][x5t]["fields"]
    assert set(story["rules"][BINDING]) == {"sentence", "link", "without"}
    assert story["glossary"]["grant_type"]
    (told_act,) = story["acts"]
    assert told_act["mermaid"].startswith("sequenceDiagram\n")
    (told_step,) = told_act["steps"]
    assert (told_step["number"], told_step["passed"]) == ("1.1", True)
    (told_exchange,) = told_step["exchanges"]
    handshake = told_exchange["handshake"]
    assert handshake["client_certificate"] == x5t
    subject = ["client certificate: subject", "CN=banking-client,O=Test,C=GB"]
    assert subject in handshake["in_the_clear"]
    (token,) = told_exchange["tokens"]
    assert (token["value"], token["bound_to"]) == ("abc", x5t)
    assert told_exchange["curl"].startswith("curl -sSi")
    assert (told_exchange["curl_note"], told_exchange["curl_answer"]) == ("", "200")


def test_without_answer_and_certificate(told: Told) -> None:
    """What is not there is null."""
    exchange = told.exchange()
    derived = Derivation((("SHA-256", "00"),))
    told_step: Any = step_as_json("2.3", step(exchange, derivation=derived))
    assert told_step["number"] == "2.3"
    assert told_step["derivation"] == (("SHA-256", "00"),)
    assert told_step["worked_out_by"] is None
    assert told_step["exchanges"][0]["handshake"]["client_certificate"] is None
    hostile: Any = step_as_json("1.1", stories.step())
    assert hostile["exchanges"][0]["nested"][0]["response"]["start"] == "HTTP/1.1 401"


def test_a_failure_has_no_response() -> None:
    """Then there is a reason."""
    exchange = stories.exchange()
    broken = replace(exchange, response=None, failure="reset")
    told_step: Any = step_as_json("1.1", step(broken))
    assert told_step["exchanges"][0]["response"] is None
    assert told_step["exchanges"][0]["failure"] == "reset"


def test_sources_and_what_would_happen_without_them(told: Told) -> None:
    """The function that decided, as it is written; nothing for what is not there."""
    exchange = told.exchange()
    line = inspect.getsourcelines(verify_binding)[1] + 1
    source = f"rs_node/access/certificate_binding.py:{line}"
    decision = Decision(
        "rs",
        "binding.same-certificate",
        "bound to another certificate",
        BINDING,
        "a",
        "b",
        accepted=False,
        decided_by="rs_node.access.certificate_binding.verify_binding",
        source=source,
    )
    decided = replace(exchange, decisions=(*exchange.decisions, decision))
    found: Any = looked_up([step(decided)])
    assert set(found["sources"]) == {source}
    assert found["sources"][source]["function"] == "verify_binding"
    assert found["sources"][source]["line"] == line
    assert set(found["rules"]) == {BINDING, "RFC 8705 section 2.1"}
    told_step: Any = step_as_json("1.1", step(decided))
    first, second = told_step["exchanges"][0]["decisions"]
    assert first["without"] == ""
    assert second["name"] == "binding.same-certificate"
    assert second["without"]


def test_the_certificates_of_an_exchange_and_those_below_it() -> None:
    """Also those that were sent along."""
    thief, victim, server = (
        replace(stories.certificate(), x5t_s256=name) for name in ("1", "2", "3")
    )
    below = stories.exchange()
    handshake = replace(
        below.handshake,
        client_certificate=thief,
        client_sent_after=(victim,),
        server_certificate=server,
    )
    below = replace(below, handshake=handshake)
    found: Any = looked_up([step(stories.exchange(nested=(below,)))])
    outer = stories.certificate().x5t_s256
    assert list(found["certificates"]) == [outer, "1", "2", "3"]


def test_what_is_worked_out_names_the_function_that_does() -> None:
    """Its source is looked up like that of a decision."""
    source = "pki/thumbprint.py:12"
    derived = Derivation((("SHA-256", "00"),), "pki.thumbprint.x5t_s256", source)
    told: Any = step_as_json("1.1", step(derivation=derived))
    assert told["worked_out_by"] == {
        "decided_by": "pki.thumbprint.x5t_s256",
        "source": source,
    }
    sources: Any = looked_up([step(derivation=derived)])["sources"]
    assert "def x5t_s256" in sources[source]["text"]


def test_what_an_act_is_about() -> None:
    """By name, and whether a step is what it is about; nobody names what is watched."""
    central = replace(step(), name="an-act.a-step", central=True)
    act = Act("title", "says", (central,), "an-act", "It is so.", "Is it?", "It is.")
    told: Any = act_as_json(4, act)
    assert (told["name"], told["sentence"]) == ("an-act", "It is so.")
    assert (told["question"], told["answer"]) == ("Is it?", "It is.")
    (told_step,) = told["steps"]
    assert (told_step["number"], told_step["name"]) == ("4.1", "an-act.a-step")
    assert told_step["central"] is True
    watched: Any = act_as_json(1, Act("title", "", (step(),)))
    assert {watched[key] for key in ("name", "sentence", "question", "answer")} == {""}
    assert (watched["steps"][0]["name"], watched["steps"][0]["central"]) == ("", False)


def test_a_handshake_that_failed_says_why() -> None:
    """Its page then shows a certificate that was sent and not proved."""
    exchange = stories.exchange()
    failed = replace(exchange.handshake, failure="bad signature")
    told: Any = step_as_json("1.1", step(replace(exchange, handshake=failed), exchange))
    handshakes = [each["handshake"] for each in told["exchanges"]]
    assert [each["failure"] for each in handshakes] == ["bad signature", ""]
