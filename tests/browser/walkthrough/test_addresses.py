"""To a step of a walk-through by address, mouse and menu, and the way back."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.walkthrough.conftest import NewReader
from tests.browser.walkthrough.reader import (
    Told,
    Walkthrough,
    exchanges_of,
    number_of,
    steps_of,
)

_CLIPBOARD = "() => navigator.clipboard.readText()"

THEFT = "thief.wrong-certificate"
"""A step, by the name that it has for good."""


def test_buttons_go_from_step_to_step(reading: Walkthrough, told: Told) -> None:
    """As the keys do; and it is said how far one has come."""
    reading.read("3.2")
    reading.button("Next step").click()
    reading.shows("3.3")
    reading.button("Previous step").click()
    reading.shows("3.2")
    steps = [step["number"] for step in steps_of(told.story)]
    place = f"{steps.index('3.2') + 1} of {len(steps)} steps"
    expect(reading.page.get_by_text(place, exact=True)).to_be_visible()


def test_a_click_chooses_a_step(reader: Walkthrough) -> None:
    """On its title or anywhere in its row; the browser's way back leads back."""
    reader.row("1.3").locator(".drawing").click()
    reader.shows("1.3")
    reader.row("1.4").get_by_role("link").click()
    reader.shows("1.4")
    expect(reader.row("1.4").get_by_role("link")).to_be_focused()
    reader.page.go_back()
    reader.shows("1.3")
    reader.page.go_back()
    reader.shows_no_step()
    reader.page.go_forward()
    reader.shows("1.3")


@pytest.mark.parametrize("number", ["6.3", "8.11"])
def test_a_step_has_an_address(new_reader: NewReader, number: str) -> None:
    """Opening it shows the step, and its row in its act, which is unfolded."""
    reader = new_reader()
    reader.open(f"#step-{number}")
    reader.shows(number)
    expect(reader.row(number)).to_be_in_viewport()
    fold = reader.act(int(number.partition(".")[0]))
    expect(fold).to_have_attribute("aria-expanded", "true")


def test_an_act_has_an_address(new_reader: NewReader, told: Told) -> None:
    """It is shown with its steps, each a link; the next key is its first step."""
    reader = new_reader()
    reader.open("#act-4")
    article = reader.page.get_by_role("article")
    expect(article).to_have_accessible_name("Act 4")
    steps = told.story["acts"][3]["steps"]
    expect(article.get_by_role("link")).to_have_text([s["title"] for s in steps])
    expect(reader.act(4)).to_be_in_viewport()
    reader.press("ArrowRight")
    reader.shows("4.1")


_OF_NOTHING = [
    "#step-1.99",
    "#step-99.1",
    "#act-99",
    "#step-",
    "#step-1.1x",
    "#nothing",
    "#%E0%A4%A",
    "#step-<script>",
    "#check-",
    "#check-nothing.at-all",
    "#rule-RFC-1-section-1",
]


def test_an_address_of_nothing(reading: Walkthrough) -> None:
    """It shows how to read the picture, and the keys work."""
    for fragment in _OF_NOTHING:
        reading.read("1.2")
        reading.open(fragment)
        heading = reading.view.get_by_role("heading", name="How to read the picture")
        expect(heading).to_be_visible()
        reading.shows_no_step()
        reading.press("ArrowRight")
        reading.shows("1.1")


@pytest.mark.parametrize("fragment", ["#step-1.99", "#%E0%A4%A"])
def test_a_page_opened_at_nothing(new_reader: NewReader, fragment: str) -> None:
    """It is as if it had been opened without."""
    reader = new_reader()
    reader.open(fragment)
    reader.shows_no_step()
    reader.press("ArrowRight")
    reader.shows("1.1")


def test_an_act_folds(reader: Walkthrough) -> None:
    """By its title, with the mouse and with the keyboard; the address stays."""
    fold, row = reader.act(1), reader.row("1.1")
    expect(row).to_be_visible()
    fold.click()
    expect(row).to_be_hidden()
    expect(fold).to_have_attribute("aria-expanded", "false")
    fold.focus()
    reader.press("Enter")
    expect(row).to_be_visible()
    expect(fold).to_have_attribute("aria-expanded", "true")
    expect(reader.page).to_have_url(reader.address)


def test_all_acts_fold_at_once(reader: Walkthrough, told: Told) -> None:
    """And unfold; the button says which of the two it does."""
    rows = reader.page.locator(".step:visible")
    steps = steps_of(told.story)
    expect(rows).to_have_count(len(told.story["acts"][0]["steps"]))
    reader.button("Unfold all").click()
    expect(rows).to_have_count(len(steps))
    reader.button("Fold all").click()
    expect(rows).to_have_count(0)
    reader.button("Unfold all").click()
    expect(rows).to_have_count(len(steps))


def test_jumping_to_an_act(reader: Walkthrough) -> None:
    """The menu of acts leads to each, and closes."""
    menu = reader.page.get_by_role("navigation", name="Acts")
    reader.page.get_by_text("Acts", exact=True).click()
    menu.get_by_role("link", name="The thief's attempts").click()
    expect(reader.page.get_by_role("article")).to_have_accessible_name("Act 6")
    expect(reader.row("6.1")).to_be_visible()
    expect(menu).to_be_hidden()


def test_a_link_to_a_step_can_be_copied(new_reader: NewReader) -> None:
    """It is the step's address, and it says that it was copied."""
    reader = new_reader(permissions=["clipboard-read", "clipboard-write"])
    reader.open("#step-2.3")
    reader.button("Copy link").click()
    expect(reader.button("Copied")).to_be_visible()
    assert reader.page.evaluate(_CLIPBOARD) == f"{reader.address}#step-2.3"
    expect(reader.button("Copy link")).to_be_visible()


def test_a_step_a_check_and_a_rule_by_name(reading: Walkthrough, told: Told) -> None:
    """Each has an address, whatever its number; the step's own is written by number."""
    step = told.step(THEFT)
    reading.open(f"#{THEFT}")
    article = reading.page.get_by_role("article")
    expect(article).to_have_accessible_name(f"Step {number_of(THEFT)}")
    expect(reading.row(THEFT)).to_be_in_viewport()
    link = reading.view.get_by_role("link", name="binding.same-certificate").first
    link.click()
    expect(article).to_have_accessible_name("Check binding.same-certificate")
    expect(reading.page).to_have_url(
        f"{reading.address}#check-binding.same-certificate"
    )
    expect(article.get_by_role("link", name=step["title"])).to_be_visible()
    article.get_by_role("link", name="RFC 8705 section 3", exact=True).click()
    expect(article).to_have_accessible_name("RFC 8705 section 3")
    expect(reading.page).to_have_url(f"{reading.address}#rule-RFC-8705-section-3")
    rule = told.story["rules"]["RFC 8705 section 3"]
    expect(article).to_contain_text(rule["sentence"])
    expect(article.locator(".without p")).to_have_text([rule["without"]])
    reading.page.go_back()
    reading.page.go_back()
    expect(article).to_have_accessible_name(f"Step {number_of(THEFT)}")


@pytest.mark.slow
def test_every_check_and_rule_has_an_address(reading: Walkthrough, told: Told) -> None:
    """No two share one, and each leads to it."""
    decisions = [each for one in exchanges_of(told.story) for each in one["decisions"]]
    checks = {f"#check-{each['name']}": f"Check {each['name']}" for each in decisions}
    named = {step["rule"] for step in steps_of(told.story)}
    rules = named | {each["rule"] for each in decisions}
    addressed = {
        f"#rule-{re.sub(r'[^A-Za-z0-9_.]+', '-', rule)}": rule for rule in rules
    }
    assert len(checks) > 50
    assert len(addressed) == len(rules) > 20
    article = reading.page.get_by_role("article")
    for address, name in {**checks, **addressed}.items():
        reading.open(address)
        expect(article).to_have_accessible_name(name)


def test_the_keys_go_on_from_where_a_check_was_looked_up(reading: Walkthrough) -> None:
    """The next step is the one after the last that was read."""
    reading.read(THEFT)
    reading.view.get_by_role("link", name="binding.same-certificate").first.click()
    expect(reading.page.get_by_role("article")).to_have_accessible_name(
        "Check binding.same-certificate"
    )
    expect(reading.page.locator("#picture [aria-current]")).to_have_count(0)
    reading.press("ArrowRight")
    reading.shows("thief.no-certificate")


def test_links_that_are_copied(new_reader: NewReader) -> None:
    """A click each: of a step by its name, of a check, and of a rule."""
    reader = new_reader(permissions=["clipboard-read", "clipboard-write"])
    reader.read(THEFT)
    for what, fragment in (
        (THEFT, f"#{THEFT}"),
        ("RFC 8705 section 3", "#rule-RFC-8705-section-3"),
        ("binding.same-certificate", "#check-binding.same-certificate"),
    ):
        reader.view.get_by_role("button", name=f"Copy link to {what}").first.click()
        copied = reader.page.evaluate(_CLIPBOARD)
        assert copied == f"{reader.address}{fragment}"
    reader.shows(THEFT)
