"""A walk-through read aloud, in the dark, on a telephone, on a wall."""

import pytest

from tests.browser.axe import found_by
from tests.browser.walkthrough.conftest import NewReader
from tests.browser.walkthrough.reader import Told, Walkthrough

_KNOWN_TO_BE_BAD = """<!doctype html><html lang="en"><title>Bad</title>
<main><h1>Bad</h1>
<img src="data:," ><p style="color:#999;background:#fff">Hard to read</p>
<button></button></main></html>"""


def test_what_looks_for_faults_finds_them(reading: Walkthrough, axe: str) -> None:
    """A page with three known faults is reported for these three."""
    page = reading.page.context.new_page()
    page.set_content(_KNOWN_TO_BE_BAD)
    found = {each.partition(":")[0] for each in found_by(axe, page)}
    assert found == {"image-alt", "color-contrast", "button-name"}
    page.close()


_OF_MANY_KINDS = [
    "1.1",
    "1.4",
    "2.2",
    "2.3",
    "3.3",
    "4.2",
    "5.7",
    "5.9",
    "6.3",
    "6.7",
    "7.2",
    "8.3",
    "8.11",
]


@pytest.mark.slow
@pytest.mark.parametrize("fragment", ["", "#step-2.3", "#step-6.3", "#step-3.3"])
def test_nothing_is_in_anybodys_way(
    new_reader: NewReader, told: Told, axe: str, fragment: str
) -> None:
    """WCAG 2.2 AA: contrast, names, roles, order, as far as axe can tell."""
    reader = new_reader(told.changed(*_OF_MANY_KINDS))
    reader.open(fragment)
    if fragment:
        reader.shows(fragment.removeprefix("#step-"))
    else:
        reader.button("Unfold all").click()
    assert found_by(axe, reader.page) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "screen",
    [{"color_scheme": "dark"}, {"viewport": {"width": 360, "height": 800}}],
    ids=["dark", "telephone"],
)
def test_not_with_everything_opened(
    new_reader: NewReader, told: Told, axe: str, screen: dict[str, object]
) -> None:
    """Neither in the dark nor on a telephone, with all of a refusal unfolded."""
    reader = new_reader(told.changed("6.3"), **screen)
    reader.open("#step-6.3")
    reader.shows("6.3")
    reader.unfold_everything()
    assert found_by(axe, reader.page) == []


_WIDTHS = (360, 768, 1024, 1280, 1920)


def test_nothing_is_wider_than_the_window(reader: Walkthrough) -> None:
    """WCAG 2.2 success criterion 1.4.10: nobody scrolls the page sideways."""
    reader.button("Unfold all").click()
    for fragment in ("#", "#act-6"):
        reader.open(fragment)
        for width in _WIDTHS:
            reader.page.set_viewport_size({"width": width, "height": 900})
            assert (width, fragment, reader.too_wide()) == (width, fragment, [])


@pytest.mark.slow
def test_no_step_is_wider_than_the_window(new_reader: NewReader, told: Told) -> None:
    """Nor is what unfolds in a step."""
    numbers = ("1.1", "2.9", "3.3", "5.9", "6.3", "6.7", "6.8", "8.3")
    reader = new_reader(told.changed(*numbers))
    for number in numbers:
        reader.read(number)
        for title in ("Handshake", "Certificate") if number != "3.3" else ():
            reader.unfolded(title)
        for width in _WIDTHS:
            reader.page.set_viewport_size({"width": width, "height": 900})
            assert (width, number, reader.too_wide()) == (width, number, [])


def test_dark_is_dark(new_reader: NewReader) -> None:
    """As the system has it, until the button is pressed."""
    reader = new_reader(color_scheme="dark")
    reader.open()
    body = reader.page.locator("body")
    dark = body.evaluate("e => getComputedStyle(e).backgroundColor")
    reader.button("Light theme").click()
    light = body.evaluate("e => getComputedStyle(e).backgroundColor")
    assert (brightness(dark) < 64, brightness(light) > 200) == (True, True)
    reader.page.reload()
    kept = body.evaluate("e => getComputedStyle(e).backgroundColor")
    assert kept == light


def brightness(colour: str) -> int:
    """From 0 to 255, of `rgb(…)`."""
    return max(int(part) for part in colour[4:-1].split(","))
