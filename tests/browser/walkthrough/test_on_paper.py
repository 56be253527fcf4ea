"""A walk-through on paper: what is unfolded, in short, and nothing to press."""

import re
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.walkthrough.conftest import NewReader
from tests.browser.walkthrough.reader import Story, Told, Walkthrough, steps_of

PRINTED = ("1.1", "1.2", "2.9", "4.2", "6.3", "8.3")


def test_on_paper(new_reader: NewReader, told: Told) -> None:
    """Each step of an unfolded act in short, and nothing to press; then as before."""
    story = told.changed(*PRINTED)
    reader = new_reader(story)
    reader.open()
    reader.button("Unfold all").click()
    reader.act(8).click()
    page = reader.page
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    for step in steps_of(story)[:-1]:
        printed = reader.row(step["number"]).locator(".printed")
        expect(printed).to_be_visible()
        text = " ".join((printed.text_content() or "").split())
        missing = [each for each in evidence_of(step) if each[:40] not in text]
        assert missing == []
    expect(reader.row(PRINTED[-1])).to_be_hidden()
    assert page.locator(":is(button, .toolbar, .skip):visible:not(.fold)").count() == 0
    assert page.locator("#chosen").is_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".printed")).to_have_count(0)
    assert page.locator(".act.folded").count() == 1


def test_what_was_opened_is_printed(new_reader: NewReader, told: Told) -> None:
    """Of the shown step, under its row; of a folded act its introduction alone."""
    story = told.changed("6.3", "6.4", "8.3")
    reader = new_reader(story)
    reader.read("6.3")
    reader.unfolded("Handshake")
    page = reader.page
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    opened = reader.row("6.3").locator(".printed > .folding")
    expect(opened).to_have_count(1)
    expect(opened).to_contain_text("What the handshake agreed on")
    expect(reader.row("6.4").locator(".printed")).to_be_visible()
    expect(reader.row("6.4").locator(".printed > .folding")).to_have_count(0)
    folded = page.locator("#act-8 .printed")
    expect(folded).to_have_text(story["acts"][1]["says"])
    expect(folded).to_be_visible()
    expect(page.locator(".how")).to_have_attribute("open", "")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".printed")).to_have_count(0)
    expect(page.locator(".how")).not_to_have_attribute("open", "")


def evidence_of(step: Story) -> Iterator[str]:
    """What must not be missing where a step is told on paper."""
    yield from (step["says"], step["expected"], step["came"], step["rule"])
    yield from (value for _, value in step["derivation"] or ())
    for exchange in step["exchanges"]:
        handshake = exchange["handshake"]
        yield from (handshake["group"], handshake["cipher_suite"])
        yield from (exchange[name]["start"] for name in ("request", "response"))
        yield from (decision["rule"] for decision in exchange["decisions"])
        yield from (decision["without"] for decision in exchange["decisions"])


def test_a_document_is_made_of_it(
    new_reader: NewReader, told: Told, tmp_path: Path
) -> None:
    """The browser prints it by itself, what is unfolded; all of it is not endless."""
    reader = new_reader(told.changed(*PRINTED))
    reader.open()
    folded = pages_printed(reader, tmp_path / "folded.pdf")
    reader.button("Unfold all").click()
    unfolded = pages_printed(reader, tmp_path / "unfolded.pdf")
    assert 1 <= folded < unfolded < 8 * len(PRINTED)


def pages_printed(reader: Walkthrough, path: Path) -> int:
    """How many the browser makes of it."""
    reader.page.pdf(path=path, prefer_css_page_size=True)
    return len(re.findall(rb"/Type\s*/Page\b", path.read_bytes()))
