"""Searching a walk-through, and its refusals alone."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import found_by
from tests.browser.walkthrough.conftest import NewReader
from tests.browser.walkthrough.reader import (
    Told,
    Walkthrough,
    exchanges_of,
    number_of,
    steps_of,
)

THEFT = "thief.wrong-certificate"
FILTER = "Refusals and thefts"


def search(reader: Walkthrough, words: str) -> list[str]:
    """The titles of what is found."""
    reader.press("/")
    reader.page.get_by_role("combobox", name="Search").fill(words)
    return reader.page.locator(".found-title").all_text_contents()


def test_what_can_be_searched_for(reading: Walkthrough, told: Told) -> None:
    """A client, a token, a header field, a section, an error, a check, a thumbprint."""
    theft = told.exchange(THEFT)
    title = told.step(THEFT)["title"]
    (token,) = theft["tokens"]
    for words in (
        "other-tpp",
        token["value"],
        "www-authenticate: bearer",
        "RFC 8705 section 3",
        "401 invalid_token",
        "binding.same-certificate",
        theft["handshake"]["client_certificate"],
        "good certificate",
        "certificate stolen perfectly",
    ):
        assert title in search(reading, words), words
        reading.press("Escape")
    assert search(reading, "no such words") == []
    expect(reading.page.get_by_text("Nothing has these words.")).to_be_visible()
    reading.press("Escape")
    reading.shows_no_step()


def test_the_best_is_found_first(reading: Walkthrough) -> None:
    """A rule and a check by their names come before the steps that cite them."""
    assert search(reading, "RFC 8705 section 3.1")[0] == "RFC 8705 section 3.1"
    assert search(reading, "thief.wrong-certificate") != []
    assert search(reading, "binding.same")[0] == "binding.same-certificate"
    reading.press("Escape")


READERS_WORDS = {
    "ports": "authentication.metadata",
    "two ports": "authentication.metadata",
    "privacy": "authentication.seen-on-the-way",
    "eavesdropping": "authentication.seen-on-the-way",
    "proxies": "jwt.client-reads",
    "load balancer": "jwt.client-reads",
    "danger": "introspection.kept-verdict",
    "public clients": "authentication.public-client",
    "cache": "introspection.kept",
    "caching": "introspection.kept-revoked",
    "bearer": "bearer.thief-reads",
}


def test_a_readers_words_find_the_step(reading: Walkthrough, told: Told) -> None:
    """Whatever the page calls it, and in the plural; among the first, not the last."""
    for words, step in READERS_WORDS.items():
        assert told.step(step)["title"] in search(reading, words)[:5], words
        reading.press("Escape")


def test_what_all_answers_have_is_not_searched(reading: Walkthrough) -> None:
    """A header field of every answer hides what was looked for; others are found."""
    assert search(reading, "no-store") == []
    assert len(search(reading, "cache")) < 10
    assert search(reading, "content-type") != []
    reading.press("Escape")


def test_the_keys_lead_there(reading: Walkthrough, told: Told) -> None:
    """Down, up, Enter; and the focus is where one has come to."""
    title = told.step("thumbprints.base64url-of-hex")["title"]
    assert search(reading, title)[0] == title
    options = reading.page.get_by_role("option")
    expect(options.first).to_have_attribute("aria-selected", "true")
    search(reading, "invalid_token")
    reading.press("ArrowDown", "ArrowDown", "ArrowUp")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    field = reading.page.get_by_role("combobox")
    expect(field).to_have_attribute("aria-activedescendant", "found-1")
    search(reading, title)
    reading.press("Enter")
    reading.shows("thumbprints.base64url-of-hex")
    expect(reading.page.get_by_role("dialog")).to_be_hidden()
    expect(
        reading.row("thumbprints.base64url-of-hex").get_by_role("link")
    ).to_be_focused()
    reading.press("ArrowRight")
    reading.shows("thumbprints.base64")


def test_a_click_leads_there(reading: Walkthrough) -> None:
    """And the button opens it, where nobody knows of the key."""
    reading.button("Search").click()
    reading.page.get_by_role("combobox").fill("binding.confirmation")
    reading.page.get_by_role("option").first.click()
    expect(reading.page.get_by_role("article")).to_have_accessible_name(
        "Check binding.confirmation"
    )


@pytest.mark.parametrize("width", [1280, 360])
def test_nothing_is_in_anybodys_way(
    new_reader: NewReader, told: Told, axe: str, width: int
) -> None:
    """WCAG 2.2 AA, with things found; no word of them is wider than the window."""
    story = told.changed("bearer.bound-token", THEFT, "thumbprints.base64url-of-hex")
    reader = new_reader(story, viewport={"width": width, "height": 800})
    reader.open()
    assert search(reader, "invalid_token") != []
    assert found_by(axe, reader.page) == []
    assert reader.too_wide() == []


SUCCESSES = (
    "bearer.thief-reads",
    "bearer.thief-in-his-own-name",
    "introspection.kept-verdict",
)
"""Where nobody is refused who should have been."""


def test_refusals_alone(reader: Walkthrough, told: Told) -> None:
    """And thefts that succeed: all that is shown, unfolded, and the keys' way."""
    thefts = {number_of(each) for each in SUCCESSES}
    numbers = [
        step["number"]
        for step in steps_of(told.story)
        if has_refusal(step) or step["number"] in thefts
    ]
    assert thefts < set(numbers)
    assert 20 < len(numbers) < len(steps_of(told.story)) - 20
    reader.button(FILTER).click()
    rows = reader.page.locator(".step:visible")
    expect(rows).to_have_count(len(numbers))
    shown = rows.evaluate_all("all => all.map(each => each.dataset.number)")
    assert shown == numbers
    for number in numbers[:4]:
        reader.press("ArrowRight")
        reader.shows(number)
    reader.press("End")
    reader.shows(numbers[-1])
    reader.button(FILTER).click()
    reader.button("Unfold all").click()
    all_steps = len(steps_of(told.story))
    expect(reader.page.locator(".step:visible")).to_have_count(all_steps)


def has_refusal(step: dict[str, object]) -> bool:
    """Whether somebody hears no in it."""
    return any(
        exchange["response"] is None
        or exchange["response"]["start"].split(" ")[1][0] in "45"
        or exchange["response"]["body"] == '{"active":false}'
        or not all(each["accepted"] for each in exchange["decisions"])
        for exchange in exchanges_of({"acts": [{"steps": [step]}]})
    )


def test_what_is_asked_for_is_shown(reading: Walkthrough) -> None:
    """A step that is none of the refusals ends the filter; a refusal does not."""
    button = reading.button(FILTER)
    button.click()
    reading.read(THEFT)
    expect(button).to_have_attribute("aria-pressed", "true")
    reading.read("jwt.client-reads")
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(reading.row("jwt.client-reads")).to_be_visible()
