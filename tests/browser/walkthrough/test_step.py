"""What a step of a walk-through tells: all of it from the recordings."""

import json
import re
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.walkthrough.conftest import NewReader
from tests.browser.walkthrough.reader import (
    Told,
    Walkthrough,
    claims_of,
    exchanges_of,
    number_of,
    steps_of,
)

_CLIPBOARD = "() => navigator.clipboard.readText()"

_WITHOUT = """all => all.map(each => [each.dataset.check,
  [...each.querySelectorAll(".without p")].map(p => p.textContent).join("")])"""

THEFT = "6.3"
"""A token that is bound to one certificate, with another."""


def cells(part: Locator, caption: str) -> dict[str, str]:
    """A table by its caption: what its first column names, and the rest of the row."""
    table = part.get_by_role("table", name=caption, exact=True)
    rows = table.locator("tbody > tr")
    expect(rows).not_to_have_count(0)
    return {
        (row.locator("th").text_content() or ""): (
            row.locator("td").first.text_content() or ""
        )
        for row in rows.all()
    }


def test_the_handshake(reading: Walkthrough, told: Told) -> None:
    """What was agreed on, each message, and what TLS 1.2 would have shown."""
    reading.read(THEFT)
    handshake = told.exchange(THEFT)["handshake"]
    part = reading.unfolded("Handshake")
    agreed = cells(part, "What the handshake agreed on")
    for name, shown in {
        "version": "TLS 1.3",
        "group": handshake["group"],
        "cipher suite": handshake["cipher_suite"],
        "server name (SNI)": handshake["server_name"],
        "protocol (ALPN)": handshake["alpn"],
        "certificate requested": "yes",
        "client's certificate": "other-tpp",
        "server's certificate": "rs",
    }.items():
        assert shown
        assert shown in agreed[name]
    messages = part.locator(".shake-message")
    expect(messages).to_have_count(len(handshake["messages"]))
    ours = [message.startswith("read ") for message in handshake["messages"]]
    said = messages.all_text_contents()
    assert [text.startswith("client: ") for text in said] == ours
    clear = cells(part, "What TLS 1.2 shows to anybody on the way")
    assert len(clear) == len(handshake["in_the_clear"]) > 3


def test_the_certificate_field_by_field(reading: Walkthrough, told: Told) -> None:
    """Every field of it, by name; the server's as well, when one opens it."""
    reading.read(THEFT)
    handshake = told.exchange(THEFT)["handshake"]
    for title, which in (
        ("The client's", "client_certificate"),
        ("The server's", "server_certificate"),
    ):
        certificate = told.story["certificates"][handshake[which]]
        part = reading.unfolded(title, reading.unfolded("Certificates"))
        caption = f"The certificate of {certificate['holder']}"
        shown = cells(part, caption)
        fields = dict(certificate["fields"])
        assert list(shown) == list(fields)
        assert shown["subject"] == fields["subject"]
        assert shown["serial number"] == fields["serial number"]
        assert len(fields) > 10


def test_a_jwt_is_decoded(reading: Walkthrough, told: Told) -> None:
    """Its three parts, each claim with its value and what it means."""
    reading.read(THEFT)
    (token,) = told.exchange(THEFT)["tokens"]
    part = reading.unfolded("authorization, decoded")
    claims = claims_of(token["value"])
    shown = cells(part, "The claims")
    assert list(shown) == list(claims)
    for name in ("iss", "sub", "client_id", "jti", "scope"):
        assert str(claims[name]) in shown[name]
        assert told.story["glossary"][name] in shown[name]
    assert token["bound_to"] in shown["cnf"]
    assert "UTC" in shown["exp"]
    header = cells(part, "The header")
    assert header["typ"].startswith("at+jwt")
    raw = "".join(part.locator(".jwt-raw").all_text_contents())
    assert re.sub(r"\s", "", raw) == token["value"]


def test_form_parameters_are_explained(reading: Walkthrough, told: Told) -> None:
    """Every parameter of the request with its value and what it means."""
    reading.read("5.9")
    body = parse_qsl(told.exchange("5.9")["request"]["body"])
    shown = cells(reading.unfolded("Request"), "Form parameters")
    assert list(shown) == [name for name, _ in body]
    for name, value in body:
        assert value[:40] in shown[name]
        assert told.story["glossary"][name] in shown[name]


def test_header_fields_and_json_are_explained(reading: Walkthrough, told: Told) -> None:
    """So are the members of an answer, and the fields of its head."""
    reading.read("2.3")
    answer = reading.unfolded("Answer")
    response = told.exchange("2.3")["response"]
    glossary = told.story["glossary"]
    fields = cells(answer, "Header fields")
    assert list(fields) == [name for name, _ in response["headers"]]
    assert glossary["cache-control"] in fields["Cache-Control"]
    for name, value in json.loads(response["body"]).items():
        line = answer.locator(".json-line", has_text=f'"{name}": ')
        expect(line).to_contain_text(glossary[name])
        expect(line).to_contain_text(json.dumps(value)[:40])


def test_the_rule_is_told_and_linked(reading: Walkthrough, told: Told) -> None:
    """In one sentence, with the way to its text, in a tab of its own."""
    reading.read(THEFT)
    name = told.step(THEFT)["rule"]
    rule = told.story["rules"][name]
    said = reading.view.locator(".step-rules .rule-sentence")
    expect(said).to_contain_text(f"{name}: {rule['sentence']}")
    link = said.get_by_role("link", name=name, exact=True)
    expect(link).to_have_attribute("href", rule["link"])
    assert rule["link"].startswith("https://www.rfc-editor.org/rfc/rfc8705")
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", re.compile("noopener"))


@pytest.mark.slow
def test_it_is_said_what_would_happen_without_it(
    reading: Walkthrough, told: Told
) -> None:
    """Of every rule that a step cites; of every check, refused or not, and its rule."""
    rules = told.story["rules"]
    said: set[str] = set()
    for step in steps_of(told.story):
        reading.read(step["number"])
        cited = {step["rule"]: None}
        for exchange in step["exchanges"]:
            refused = [each for each in exchange["decisions"] if not each["accepted"]]
            cited |= dict.fromkeys(each["rule"] for each in refused[:1])
        damage = [rules[rule]["without"] for rule in cited]
        assert all(damage)
        expect(reading.view.locator(".step-rules .without p")).to_have_text(damage)
        of_step = exchanges_of({"acts": [{"steps": [step]}]})
        decisions = [each for exchange in of_step for each in exchange["decisions"]]
        if {each["name"] for each in decisions} <= said:
            continue
        reading.unfold_everything()
        shown = reading.view.locator(".decision[data-check]").evaluate_all(_WITHOUT)
        assert len(shown) == len(decisions)
        assert sorted(map(tuple, shown)) == sorted(
            (each["name"], each["without"] + rules[each["rule"]]["without"])
            for each in decisions
        )
        said |= {each["name"] for each in decisions}
    assert len(said) > 50


def test_the_ports_of_the_authorization_server(
    reading: Walkthrough, told: Told
) -> None:
    """RFC 8705 section 5: which listener was asked, on each arrow from and to it."""
    for number in ("2.13", "2.3", "4.2"):
        exchange = next(
            each
            for each in exchanges_of(told.changed(number))
            if each["server_lane"] == "as"
        )
        port = exchange["url"].split("/")[2].partition(":")[2]
        assert port
        drawn = reading.row(number).locator(".port").all_text_contents()
        assert drawn == [f"port :{port}"] * 2
    rows = reading.page.locator("#picture .exchange:has(> .message)").evaluate_all(
        "all => all.map(e => e.querySelectorAll(':scope > .message .port').length)"
    )
    to_it = [each["server_lane"] == "as" for each in exchanges_of(told.story)]
    assert sorted(rows) == sorted(2 if each else 0 for each in to_it)


def test_a_jump_leaves_the_picture_where_it_is(reading: Walkthrough) -> None:
    """The step scrolls in its pane, to what is below its bar, and nothing else does."""
    reading.read(THEFT)
    before = reading.row(THEFT).bounding_box()
    for title in ("Answer", "Request", "The same with curl", "Handshake"):
        jump = reading.view.get_by_role("button", name=title, exact=True)
        jump.scroll_into_view_if_needed()
        scrolled = reading.page.evaluate("scrollY")
        jump.click()
        assert reading.page.evaluate("scrollY") == scrolled
        assert reading.row(THEFT).bounding_box() == before
        part = reading.unfolded(title)
        expect(part).to_be_in_viewport()


def test_the_function_that_decided(reading: Walkthrough, told: Told) -> None:
    """With its file and line, its text, and what if nobody checked this."""
    reading.read(THEFT)
    decisions = told.exchange(THEFT)["decisions"]
    (refused,) = (each for each in decisions if not each["accepted"])
    decided = reading.unfolded("Decisions").locator(".decision.refused")
    expect(decided).to_have_count(1)
    expect(decided.get_by_role("heading")).to_have_text("What if nobody checked this?")
    expect(decided.get_by_text(refused["without"], exact=True)).to_be_visible()
    expect(decided).to_have_attribute("data-check", refused["name"])
    expect(decided.get_by_text(refused["name"], exact=True)).to_be_visible()
    shown = reading.unfolded(
        f"Decided by {refused['decided_by']} in {refused['source']}", decided
    )
    source = told.story["sources"][refused["source"]]
    lines = source["text"].splitlines()
    expect(shown.locator(".source-line")).to_have_count(len(lines))
    deciding = lines[source["line"] - source["first"]]
    expect(shown.locator(".source-line.decides")).to_contain_text(deciding.strip())
    expect(shown.locator(".source-line.decides")).to_contain_text(str(source["line"]))


def test_the_outcome(reading: Walkthrough, told: Told) -> None:
    """In one line what came, where it was expected; and the check that decided it."""
    for number, decisive in (
        (THEFT, "RS refused"),
        ("jwt.client-reads", "RS checked"),
    ):
        step = told.step(number)
        reading.read(number)
        outcome = reading.view.get_by_role("region", name="Outcome")
        expect(outcome.get_by_role("term").first).to_have_text(" as expected")
        expect(outcome.get_by_role("definition").first).to_have_text(step["expected"])
        assert step["expected"] == step["came"]
        expect(outcome.get_by_role("term").nth(1)).to_have_text(f" {decisive}")
        link = outcome.get_by_role("link", name="binding.same-certificate")
        expect(link).to_have_attribute("href", "#check-binding.same-certificate")


def test_another_outcome_than_expected(new_reader: NewReader, told: Told) -> None:
    """What was expected, beside what came; and that it is not the same."""
    story = told.changed(THEFT)
    (step,) = steps_of(story)
    step["came"], step["passed"] = "200", False
    reader = new_reader(story)
    reader.read(THEFT)
    outcome = reader.view.get_by_role("region", name="Outcome")
    values = outcome.get_by_role("definition")
    expect(values.first).to_have_text(step["expected"])
    expect(values.nth(1)).to_have_text("200")
    expect(outcome).to_contain_text("not as expected")


# How far a step's row, its outcome and its comparison lie beyond what is seen of them.
_BEYOND = """number => {
  const row = document.getElementById(`step-${number}`);
  const pane = document.getElementById("chosen").getBoundingClientRect();
  const captions = row.closest(".act").querySelector(".lanes")?.getBoundingClientRect();
  const told = [...document.querySelectorAll("#view :is(.outcome, .bound)")];
  const { top, bottom } = row.getBoundingClientRect();
  return [(captions?.bottom ?? 0) - top, bottom - innerHeight,
    ...told.map(each => each.getBoundingClientRect().bottom - pane.bottom)]
    .filter(each => each > 1);
}"""


@pytest.mark.parametrize("size", [(1280, 800), (1024, 800)])
def test_a_step_at_a_glance(new_reader: NewReader, size: tuple[int, int]) -> None:
    """Its picture, what decided it, and what was compared: without scrolling."""
    width, height = size
    reader = new_reader(viewport={"width": width, "height": height})
    reader.open()
    for step in (
        "bearer.thief-reads",
        "bearer.bound-token",
        "jwt.client-reads",
        "introspection.client-reads",
        "customer.client-reads",
        "thief.wrong-certificate",
    ):
        reader.read(step)
        reader.view.get_by_role("region", name="The binding").wait_for()
        reader.page.wait_for_function(
            f"number => ({_BEYOND})(number).length === 0", arg=number_of(step)
        )


def test_the_curl_line(new_reader: NewReader, told: Told) -> None:
    """As it is to be pasted; what is copied is the same to the letter."""
    reader = new_reader(permissions=["clipboard-read", "clipboard-write"])
    reader.open(f"#step-{THEFT}")
    line = told.exchange(THEFT)["curl"]
    part = reader.unfolded("The same with curl")
    assert part.locator("pre").text_content() == line
    box = part.get_by_role("group", name="The curl line")
    assert box.evaluate("e => e.scrollWidth > e.clientWidth")
    assert reader.too_wide() == []
    part.get_by_role("button", name="Copy").click()
    expect(part.get_by_role("button", name="Copied")).to_be_visible()
    assert reader.page.evaluate(_CLIPBOARD) == line


def test_the_mermaid_text(reading: Walkthrough, told: Told) -> None:
    """Of each act, to take away."""
    for act in told.story["acts"]:
        reading.open(f"#act-{act['number']}")
        part = reading.unfolded("The sequence as Mermaid")
        assert part.locator("pre").text_content() == act["mermaid"]


def test_what_was_worked_out(reading: Walkthrough, told: Told) -> None:
    """A step without a request: names and values, and the thumbprint among them."""
    reading.read("3.3")
    lines = told.step("3.3")["derivation"]
    shown = cells(reading.view, "What was worked out")
    assert list(shown) == [name for name, _ in lines]
    expect(reading.view.locator(".derived-value code")).to_have_text(
        told.step("3.3")["came"]
    )
