"""What comes to a page that shows what happens, while somebody reads it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Route, expect

from scripts.walkthrough.page.page import Served, as_page
from tests.browser.chromium import BROWSERS_PATIENCE
from tests.browser.walkthrough.reader import Story, Told, Walkthrough

_ORIGIN = "https://client.example"
_STORY = "/story"

_PLACES = """() => [
  document.getElementById("chosen").scrollTop, Math.round(scrollY),
  document.activeElement.textContent,
]"""


class News:
    """A banking client that tells what is new when the test says so."""

    def __init__(self, page: str) -> None:
        self._page = page
        self._asked: list[Route] = []
        self.said: list[str] = []

    def answer(self, route: Route) -> None:
        """The page at once, and the story when there is news."""
        if _STORY in route.request.url:
            self._asked.append(route)
        else:
            route.fulfill(body=self._page, content_type="text/html")

    def hear(self, message: ConsoleMessage) -> None:
        """What the browser says on its console."""
        self.said.append(message.text)

    def tell(self, reader: Walkthrough, delta: Story) -> None:
        """Answer whoever waits; it is taken in when the next is asked for."""
        with reader.page.expect_request(f"**{_STORY}?*"):
            self._asked.pop().fulfill(json=delta)
        reader.page.evaluate("0")  # after which that next one waits


@pytest.fixture
def news(told: Told) -> News:
    """It serves the demo's story, to which more may come."""
    served = Served(story=_STORY, demo="/demo", client="https://client.example")
    return News(as_page(told.story, served))


@pytest.fixture
def live(readers_browser: Browser, news: News) -> Iterator[Walkthrough]:
    """Somebody who looks while it happens."""
    context = readers_browser.new_context(
        viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
    )
    context.set_default_timeout(BROWSERS_PATIENCE)
    context.route("**/*", news.answer)
    context.on("console", news.hear)
    live = Walkthrough(context.new_page(), f"{_ORIGIN}/")
    with live.page.expect_request(f"**{_STORY}?*"):
        live.open()
    live.page.evaluate("0")
    yield live
    context.close()


def delta(told: Told, revision: int, number: str, **changed: Any) -> Story:
    """That a step has changed."""
    (act,) = told.changed(number)["acts"]
    (step,) = act["steps"]
    return {
        "revision": revision,
        "run": "one",
        "acts": [{**act, "steps": [{**step, **changed}]}],
    }


def test_what_is_open_stays_open(live: Walkthrough, news: News, told: Told) -> None:
    """Folds, focus and scroll position survive that the shown step is drawn anew."""
    live.read("6.3")
    live.unfolded("Handshake")
    live.unfolded("The server's", live.unfolded("Certificates"))
    closed = live.view.locator("details.block", has_text="Request").first
    closed.locator(":scope > summary").click()
    focused = live.view.locator("details.block > summary", has_text="Decisions")
    focused.focus()
    live.page.locator("#chosen").evaluate("pane => { pane.scrollTop = 240; }")
    before = live.page.evaluate(_PLACES)
    assert before[0] == 240
    assert before[1] > 0
    assert "Decisions" in before[2]
    folds = open_folds(live)
    assert {True, False} == set(folds)

    news.tell(live, delta(told, 1, "6.3", says="This has changed."))

    expect(live.view).to_contain_text("This has changed.")
    assert open_folds(live) == folds
    assert live.page.evaluate(_PLACES) == before
    live.shows("6.3")
    assert news.said == []


def open_folds(live: Walkthrough) -> list[bool]:
    """Of all folds of the shown step, which are open."""
    found = live.view.locator("details").evaluate_all("all => all.map(e => e.open)")
    assert isinstance(found, list)
    return found


def test_a_full_recording_is_told(live: Walkthrough, news: News, told: Told) -> None:
    """By name, at once, for as long as it is so; steps come all the same."""
    said = live.page.get_by_role("alert")
    expect(said).to_have_count(0)
    news.tell(live, {"revision": 1, "run": "one", "acts": [], "full": ["rs"]})
    expect(said).to_contain_text("The recording of rs is full. Nothing more of what")
    news.tell(live, {"revision": 2, "run": "one", "acts": [], "full": ["rs", "as"]})
    expect(said).to_contain_text("The recording of rs and as is full.")
    changed = delta(told, 3, "6.3", says="This has changed.")
    live.read("6.3")
    news.tell(live, {**changed, "full": ["rs", "as"]})
    expect(live.view).to_contain_text("This has changed.")
    expect(said).to_be_visible()
    assert live.too_wide() == []
    assert news.said == []


def test_a_recording_that_is_gone_is_told(live: Walkthrough, news: News) -> None:
    """Beside one that is full; and no longer, when it is back."""
    said = live.page.get_by_role("alert")
    told = {"run": "one", "acts": [], "full": ["rs"]}
    news.tell(live, {**told, "revision": 1, "gone": ["as", "client"]})
    expect(said).to_contain_text("The recording of rs is full.")
    expect(said).to_contain_text("The recording of as and client is gone")
    news.tell(live, {**told, "revision": 2, "gone": [], "full": []})
    expect(said).to_have_count(0)
    assert news.said == []


# From now on, every element of the picture that comes or goes: whose row, or whose act.
_WATCH = """() => {
  window.changed = [];
  new MutationObserver(changes => {
    for (const {target, addedNodes, removedNodes} of changes) {
      const moved = [...addedNodes, ...removedNodes];
      for (const each of moved.filter(node => node.nodeType === 1)) {
        window.changed.push(each.id || target.closest(".step, .act, #picture").id);
      }
    }
  }).observe(document.getElementById("picture"), {subtree: true, childList: true});
}"""


def test_only_what_is_new_is_drawn(live: Walkthrough, news: News, told: Told) -> None:
    """Of all steps the changed one; of its act what counts them, and who takes part."""
    live.page.evaluate(_WATCH)
    news.tell(live, {"revision": 1, "run": "one", "acts": []})
    assert live.page.evaluate("() => window.changed") == []
    news.tell(live, delta(told, 2, "6.3", title="Another title"))
    expect(live.row("6.3")).to_contain_text("Another title")
    changed = live.page.evaluate("() => window.changed")
    assert set(changed) == {"step-6.3", "act-6"}
    assert changed.count("step-6.3") == 2  # the old one goes, the new one comes
    assert len(changed) == 6


def test_a_row_is_drawn_anew_under_the_focus(
    live: Walkthrough, news: News, told: Told
) -> None:
    """Its link keeps the focus, and folded acts stay folded."""
    live.act(1).click()
    live.row("6.2").get_by_role("link").press("Enter")  # wherever it is by now
    live.shows("6.2")
    news.tell(live, delta(told, 1, "6.2", title="Another title"))
    link = live.row("6.2").get_by_role("link")
    expect(link).to_contain_text("Another title")
    expect(link).to_be_focused()
    news.tell(live, delta(told, 2, "1.1", title="Yet another"))
    expect(live.row("1.1")).to_be_hidden()
    expect(live.row("1.1")).to_contain_text("Yet another")
    live.shows("6.2")


def test_a_step_that_cannot_be_drawn(live: Walkthrough, news: News, told: Told) -> None:
    """It is named, and the console says why; what follows comes, and nobody is away."""
    live.read("6.3")
    broken = [{**told.exchange("6.3"), "request": None}]
    first = delta(told, 1, "6.3", exchanges=broken)
    (good,) = delta(told, 1, "6.4", title="The one after it")["acts"][0]["steps"]
    first["acts"][0]["steps"].append(good)
    news.tell(live, first)
    expect(live.row("6.3")).to_contain_text("This step cannot be drawn.")
    expect(live.row("6.4")).to_contain_text("The one after it")
    expect(live.row("6.4").locator(".request")).to_have_count(1)
    expect(live.view).to_contain_text("This step cannot be drawn.")
    assert any("Step 6.3 cannot be drawn. TypeError" in text for text in news.said)

    news.tell(live, delta(told, 2, "7.1", title="And a later one"))
    expect(live.row("7.1")).to_contain_text("And a later one")
    live.press("ArrowRight")
    live.shows("6.4")
    expect(live.page.locator("#live-state")).to_have_text("Live")


@pytest.mark.parametrize("acts", ["none", [None], [{"number": 9}]], ids=json.dumps)
def test_news_that_are_none(
    live: Walkthrough, news: News, told: Told, acts: object
) -> None:
    """They are told on the console, and the server is not called away for them."""
    news.tell(live, {"revision": 1, "run": "one", "acts": acts})
    assert len(news.said) == 1
    assert "TypeError" in news.said[0]
    expect(live.page.locator("#live-state")).to_have_text("Live")
    news.tell(live, delta(told, 2, "7.1", title="A later one"))
    expect(live.row("7.1")).to_contain_text("A later one")
    expect(live.page.locator("#live-state")).to_have_text("Live")
