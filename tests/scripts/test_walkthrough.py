"""The walk-through page and its JSON."""

import json
from html.parser import HTMLParser
from pathlib import Path

from scripts.walkthrough import as_json, as_page, write_walkthrough
from tests.scripts.stories import HOSTILE, story


class Page(HTMLParser):
    """What a browser makes of the page: its elements, links, targets and text."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.links: list[str] = []
        self.targets: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append(tag)
        for name, value in attrs:
            assert not name.startswith("on")
            if name == "href":
                self.links.append(value or "")
            if name == "id":
                self.targets.append(value or "")

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.text += data


def parsed() -> Page:
    """The page of the small story."""
    page = Page()
    page.feed(as_page(story()))
    return page


def test_what_came_from_the_wire_is_text() -> None:
    """A hostile value in a request or a certificate does nothing but be shown."""
    page = parsed()
    assert "script" not in page.elements
    assert page.text.count(HOSTILE) > 10


def test_the_page_needs_no_network() -> None:
    """It loads nothing; its only links out are to the RFCs."""
    page = parsed()
    assert not {"link", "img", "iframe", "script"} & set(page.elements)
    outside = {link for link in page.links if not link.startswith("#")}
    assert outside == {"https://www.rfc-editor.org/rfc/rfc8705#section-3"}


def test_every_step_has_an_address() -> None:
    """Each link within the page leads somewhere."""
    page = parsed()
    inside = {link[1:] for link in page.links if link.startswith("#")}
    assert {"step-1.1", "step-1.2"} <= inside
    assert inside <= set(page.targets)


def test_a_failed_step_is_told() -> None:
    """The verdict counts what did not come out as it should."""
    assert "1 not as the RFCs say" in parsed().text


def test_the_json_says_what_passed() -> None:
    """Version 1: the story's members, and `passed` for each step."""
    members = json.loads(json.dumps(as_json(story())))
    steps = members["acts"][0]["steps"]
    assert members["version"] == 1
    assert [step["passed"] for step in steps] == [True, False]
    assert steps[0]["exchanges"][0]["nested"][0]["server"] == "rs"


def test_the_files_replace_those_of_the_last_run(tmp_path: Path) -> None:
    """Written whole, for their owner only, also over older ones."""
    write_walkthrough(story(), tmp_path / "build")
    page = write_walkthrough(story(), tmp_path / "build")
    names = sorted(file.name for file in page.parent.iterdir())
    assert names == ["walkthrough.html", "walkthrough.json"]
    assert page.stat().st_mode & 0o777 == 0o600
