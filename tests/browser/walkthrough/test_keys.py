"""From step to step in a walk-through with the keyboard."""

import pytest
from playwright.sync_api import expect

from tests.browser.walkthrough.reader import Told, Walkthrough, steps_of

_A_FIELD = """() => {
  const field = document.createElement("textarea");
  field.value = "some text";
  document.getElementById("view").append(field);
  field.focus();
}"""


# A row between its lanes' captions and the window's lower edge, when the page has come
# to rest; the top of one that has no room there.
_WHOLE = """async row => {
  const frame = () => new Promise(requestAnimationFrame);
  for (let n = 0; n < 8; n += 1) await frame();
  const captions = row.closest(".act").querySelector(".lanes").getBoundingClientRect();
  const { top, bottom, height } = row.getBoundingClientRect();
  const fits = height <= innerHeight - captions.height;
  return top >= captions.bottom - 1 && (bottom <= innerHeight + 1 || !fits);
}"""


def whole_in_view(reader: Walkthrough, number: str) -> bool:
    """Whether all of a step's row can be seen."""
    return reader.row(number).evaluate(_WHOLE) is True


def test_arrow_keys_go_from_step_to_step(reader: Walkthrough, told: Told) -> None:
    """From nothing to the first, on into the next act, which unfolds, and back."""
    last = told.story["acts"][0]["steps"][-1]["number"]
    reader.press("ArrowRight")
    reader.shows("bearer.asks-with-a-secret")
    reader.press("ArrowDown")
    reader.shows("bearer.token-says")
    reader.press("ArrowLeft")
    reader.shows("bearer.asks-with-a-secret")
    reader.read(last)
    expect(reader.row("authentication.metadata")).to_be_hidden()
    reader.press("ArrowRight")
    reader.shows("authentication.metadata")
    expect(reader.row("authentication.metadata")).to_be_visible()
    expect(reader.act(2)).to_have_attribute("aria-expanded", "true")
    reader.press("ArrowUp")
    reader.shows(last)


def test_home_and_end(reading: Walkthrough, told: Told) -> None:
    """To the first and to the last of all, where the arrows lead no further."""
    last = steps_of(told.story)[-1]["number"]
    reading.press("End")
    reading.shows(last)
    assert whole_in_view(reading, last)
    reading.press("ArrowRight")
    reading.shows(last)
    reading.press("Home")
    reading.shows("bearer.asks-with-a-secret")
    assert whole_in_view(reading, "bearer.asks-with-a-secret")
    reading.press("ArrowLeft")
    reading.shows("bearer.asks-with-a-secret")


@pytest.mark.slow
def test_all_of_the_chosen_row_is_seen(reading: Walkthrough, told: Told) -> None:
    """However one comes to it: down, up, or by address."""
    numbers = [step["number"] for step in told.story["acts"][1]["steps"]]
    reading.read(numbers[0])
    for number in numbers[1:]:
        reading.press("ArrowDown")
        reading.shows(number)
        assert whole_in_view(reading, number), number
    for number in reversed(numbers[-5:-1]):
        reading.press("ArrowUp")
        reading.shows(number)
        assert whole_in_view(reading, number), number
    for number in (
        "thumbprints.none",
        "jwt.client-reads",
        "thief.refresh-token",
        "bearer.asks-with-a-secret",
        "customer.browser-returns",
    ):
        reading.read(number)
        assert whole_in_view(reading, number), number


def test_the_keys_leave_no_trail(reader: Walkthrough) -> None:
    """Back is where one clicked, however many steps were walked since."""
    reader.row("bearer.client-reads").get_by_role("link").click()
    reader.shows("bearer.client-reads")
    reader.press("ArrowRight", "ArrowRight", "ArrowRight")
    reader.shows("bearer.changed-token")
    reader.page.go_back()
    reader.shows_no_step()


def test_a_chosen_step_is_announced(reading: Walkthrough, told: Told) -> None:
    """To those who listen: its number, its title, and how it came out."""
    status = reading.page.get_by_role("status")
    reading.press("ArrowRight")
    expect(status).to_have_text(
        f"{named(told, 'bearer.asks-with-a-secret')}, as expected"
    )
    reading.read("thief.wrong-certificate")
    theft = named(told, "thief.wrong-certificate")
    expect(status).to_have_text(f"{theft}, refused, as expected")


def named(told: Told, name: str) -> str:
    """The number and the title of a step."""
    step = told.step(name)
    return f"Step {step['number']}: {step['title']}"


def test_keys_are_left_to_what_scrolls(reader: Walkthrough) -> None:
    """Where a box has the focus, the arrows scroll it; in the step, up and down do."""
    reader.read("thief.wrong-certificate")
    box = reader.unfolded("The same with curl").get_by_role("group", name="curl")
    box.focus()
    reader.press("ArrowRight", "ArrowDown", "End", "Home")
    reader.shows("thief.wrong-certificate")
    pane = reader.page.get_by_role("region", name="The chosen step")
    pane.focus()
    reader.press("ArrowDown", "End")
    reader.shows("thief.wrong-certificate")
    reader.page.wait_for_function(
        "() => document.getElementById('chosen').scrollTop > 0"
    )
    reader.press("ArrowRight")
    reader.shows("thief.no-certificate")
    expect(pane).to_be_focused()


def test_keys_are_left_to_what_is_typed(reading: Walkthrough) -> None:
    """In a field they move the cursor; with a modifier they are the browser's."""
    reading.read("bearer.token-says")
    reading.page.evaluate(_A_FIELD)
    reading.press("Home", "ArrowRight", "ArrowDown", "End", "j")
    reading.shows("bearer.token-says")
    reading.page.locator("body").focus()
    reading.row("bearer.token-says").get_by_role("link").focus()
    reading.press("Control+ArrowRight", "Shift+ArrowRight", "Alt+ArrowDown")
    reading.shows("bearer.token-says")
