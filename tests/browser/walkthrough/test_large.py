"""A walk-through of hundreds of steps: a key changes what it must, and no more."""

import copy
from collections.abc import Iterator

import pytest

from tests.browser.walkthrough.conftest import Readers
from tests.browser.walkthrough.reader import Story, Told, Walkthrough, steps_of

pytestmark = pytest.mark.slow

_COPIES = 4

# From now on, what changes in the picture: the row or act of each change.
_WATCH = """() => {
  window.changed = new Set();
  new MutationObserver(changes => {
    for (const {target} of changes) {
      const element = target.nodeType === 1 ? target : target.parentElement;
      window.changed.add(element.closest(".step, .act, #picture").id);
    }
  }).observe(document.getElementById("picture"), {
    subtree: true, childList: true, attributes: true, characterData: true,
  });
}"""

_CHANGED = "() => [...window.changed].sort()"

# How many rows the browser lays out, of all that are unfolded.
_LAID_OUT = """() => [...document.querySelectorAll(".step-head")]
  .filter(head => head.checkVisibility({contentVisibilityAuto: true})).length"""


@pytest.fixture(scope="module")
def large(told: Told) -> Story:
    """The demo, four times over."""
    story = told.changed()
    story["acts"] = [
        copy.deepcopy(act) for _ in range(_COPIES) for act in story["acts"]
    ]
    for number, act in enumerate(story["acts"], 1):
        act["number"] = number
        for n, step in enumerate(act["steps"], 1):
            step["number"] = f"{number}.{n}"
    assert len(steps_of(story)) > 200
    return story


@pytest.fixture(scope="module")
def _unfolded(readers_of_a_file: Readers, large: Story) -> Walkthrough:
    reader = readers_of_a_file.new(large)
    reader.open()
    reader.button("Unfold all").click()
    return reader


@pytest.fixture
def large_reader(
    _unfolded: Walkthrough, readers_of_a_file: Readers
) -> Iterator[Walkthrough]:
    """Somebody who has unfolded all of it."""
    yield _unfolded
    readers_of_a_file.assert_content()


def test_a_key_changes_two_rows(large_reader: Walkthrough) -> None:
    """The row that was chosen and the one that is; the rest is left as it was."""
    large_reader.read("20.3")
    large_reader.page.evaluate(_WATCH)
    large_reader.press("ArrowRight")
    large_reader.shows("20.4")
    assert large_reader.page.evaluate(_CHANGED) == ["step-20.3", "step-20.4"]


def test_only_what_is_in_sight_is_laid_out(
    large_reader: Walkthrough, large: Story
) -> None:
    """The browser spends nothing on rows that nobody sees."""
    page = large_reader.page
    for number in ("1.1", "20.3"):
        large_reader.read(number)
        assert 0 < page.evaluate(_LAID_OUT) < 40 < len(steps_of(large))


def test_the_last_of_all_is_reached(large_reader: Walkthrough, large: Story) -> None:
    """With one key, and from there the first with another."""
    last = steps_of(large)[-1]["number"]
    large_reader.press("End")
    large_reader.shows(last)
    large_reader.press("ArrowRight", "Home")
    large_reader.shows("1.1")
