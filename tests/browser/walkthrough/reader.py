"""
The walk-through as its reader uses it: rows, keys, the step that is shown.

A step is asked for by its name ("thief.wrong-certificate"), or by its number where
that is what a test is about.
"""

import copy
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from scripts.acts.outline import NUMBERS

Story = dict[str, Any]
"""As `scripts.walkthrough.page.story_json` has it."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a demo wrote."""

    page: Path
    story: Story

    def step(self, step: str) -> Story:
        """The step of this name, or with this number."""
        number = number_of(step)
        (found,) = (each for each in steps_of(self.story) if each["number"] == number)
        return found

    def exchange(self, step: str) -> Story:
        """The one exchange of a step."""
        (exchange,) = self.step(step)["exchanges"]
        assert isinstance(exchange, dict)
        return exchange

    def changed(self, *steps: str) -> Story:
        """A copy, to be changed; of only these steps, if any are named."""
        numbers = {number_of(each) for each in steps}
        acts = copy.deepcopy(self.story["acts"])
        for act in acts if numbers else ():
            act["steps"] = [each for each in act["steps"] if each["number"] in numbers]
        kept = [act for act in acts if act["steps"]]
        return {**copy.deepcopy(self.story), "acts": kept}


def number_of(step: str) -> str:
    """The number of the step of this name; of a number, itself."""
    return NUMBERS.get(step, step)


def steps_of(story: Story) -> list[Story]:
    """Every step of every act."""
    return [step for act in story["acts"] for step in act["steps"]]


def exchanges_of(story: Story) -> Iterator[Story]:
    """Every exchange of every step, each followed by those nested in it."""
    waiting = [each for step in steps_of(story) for each in step["exchanges"]]
    while waiting:
        exchange = waiting.pop(0)
        yield exchange
        waiting[:0] = exchange["nested"]


def claims_of(token: str) -> dict[str, object]:
    """What a JWT says."""
    part = token.split(".")[1]
    claims = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    assert isinstance(claims, dict)
    return claims


def encoded(value: object) -> str:
    """A part of a JWT."""
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return urlsafe_b64encode(text).decode().rstrip("=")


_OPEN_EVERYTHING = """() => {
  const closed = [...document.querySelectorAll("#view details")]
    .filter(each => !each.open || each.childElementCount < 2);
  for (const each of closed) each.open = true;
  return closed.length === 0;
}"""

_OVERFLOW = """() => {
  const room = document.documentElement.clientWidth;
  const pane = document.getElementById("chosen");
  return [
    ...(document.documentElement.scrollWidth <= room ? [] :
      [...document.querySelectorAll("body *")]
        .filter(e => e.getBoundingClientRect().right > room)
        .map(e => e.outerHTML.slice(0, 80))),
    ...(pane.scrollWidth <= pane.clientWidth ? [] : ["the step in its pane"]),
  ];
}"""


@dataclass(frozen=True, slots=True)
class Walkthrough:
    """The page at *address*, which has no fragment."""

    page: Page
    address: str

    def open(self, fragment: str = "") -> None:
        """Go to the page, or on it to what *fragment* names."""
        self.page.goto(self.address + fragment)

    def read(self, step: str) -> None:
        """Go to a step by its address."""
        self.open(f"#step-{number_of(step)}")
        self.shows(step)

    def press(self, *keys: str) -> None:
        """Keys of the keyboard, one after another."""
        for key in keys:
            self.page.keyboard.press(key)

    def shows(self, step: str) -> None:
        """The step is shown, is the only one that is marked, and has its address."""
        number = number_of(step)
        expect(self.page.get_by_role("article")).to_have_accessible_name(
            f"Step {number}"
        )
        expect(self.page.locator("[aria-current=step]")).to_have_attribute(
            "href", f"#step-{number}"
        )
        expect(self.page).to_have_url(f"{self.address}#step-{number}")

    def shows_no_step(self) -> None:
        """What to do is shown, and no step is marked."""
        expect(self.page.get_by_role("article")).to_have_count(0)
        expect(self.page.locator("#picture [aria-current]")).to_have_count(0)

    def row(self, step: str) -> Locator:
        """The step in the picture."""
        number = number_of(step)
        return self.page.locator(f"#step-{number.replace('.', chr(92) + '.')}")

    def act(self, number: int) -> Locator:
        """The button that folds an act."""
        return self.page.locator(f"#act-{number}").get_by_role("button")

    @property
    def view(self) -> Locator:
        """All that is told of what is chosen."""
        return self.page.locator("#view")

    def unfolded(self, title: str, within: Locator | None = None) -> Locator:
        """The first part with this title, which is opened where it is closed."""
        part = (
            (within or self.view)
            .locator("details")
            .filter(
                has=self.page.locator(
                    ":scope > summary", has_text=re.compile(f"^{re.escape(title)}")
                )
            )
            .first
        )
        if part.get_attribute("open") is None:
            part.locator(":scope > summary").click()
        body = part.locator(":scope > .folding-body")
        expect(body).to_be_visible()
        return body

    def unfold_everything(self) -> None:
        """Whatever folds in the step that is shown, to its depth."""
        self.page.wait_for_function(_OPEN_EVERYTHING)

    def too_wide(self) -> list[str]:
        """What there is no room for, in the window or in the step's pane."""
        found = self.page.evaluate(_OVERFLOW)
        assert isinstance(found, list)
        return found

    def button(self, name: str) -> Locator:
        """A button of the bars."""
        return self.page.get_by_role("button", name=name, exact=True)
