"""What is drawn and told can be read: nothing lies over it, no word is cut in two."""

import pytest
from playwright.sync_api import expect

from tests.browser.walkthrough.conftest import NewReader
from tests.browser.walkthrough.reader import Told, steps_of

# Signs and words of the picture that lie over each other, by more than a line.
_OVERLAPPING = """() => [...document.querySelectorAll(".exchange")].flatMap(all => {
  const signs = all.querySelectorAll(".chip, .ticket, .label-text, .refused-check");
  const places = [...signs].map(each => [each, each.getBoundingClientRect()])
    .filter(([, place]) => place.width > 0);
  const over = ([one, a], [other, b]) => !one.contains(other) && !other.contains(one)
    && Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  const step = all.closest(".step, .theft").id || "the theft";
  return places.flatMap((one, n) => places.slice(n + 1)
    .filter(other => over(one, other))
    .map(([other]) => [step, one[0].textContent, other.textContent]));
})"""

# Words of prose and of the names in tables that stand on more than one line.
_BROKEN = """root => {
  const broken = [];
  const notWords = ".unseen, code:not(th code), dd, pre";
  const within = document.querySelector(root);
  const texts = document.createTreeWalker(within, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (text.parentElement.closest(notWords)) continue;
    for (const word of text.data.matchAll(/\\b[A-Z]?[a-z]{2,29}\\b/g)) {
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      const tops = [...range.getClientRects()]
        .filter(each => each.width > 0).map(each => each.top);
      if (Math.max(...tops) - Math.min(...tops) > 4) broken.push(word[0]);
    }
  }
  return broken;
}"""


@pytest.mark.parametrize("width", [1280, 1024, 800, 360])
def test_nothing_lies_over_anything(new_reader: NewReader, width: int) -> None:
    """Chips of certificates, tickets of tokens, and what is written on the arrows."""
    reader = new_reader(viewport={"width": width, "height": 900})
    reader.open()
    assert reader.page.evaluate(_OVERLAPPING) == []
    assert reader.page.evaluate(_BROKEN, "#picture") == []
    assert reader.page.evaluate(_BROKEN, "#overview") == []


# Thumbprints that stand on more than one line and are not broken between two groups, or
# for which there would have been room in one.
_BROKEN_THUMBPRINTS = """() => {
  const text = /(?<![\\w+/=.-])[\\w-]{43}(?![\\w+/=.-])/g;
  const lines = element => new Set([...element.getClientRects()].map(e => e.top)).size;
  const shown = [...document.querySelectorAll("#view code, #view dd, #picture dd")]
    .filter(each => each.checkVisibility() && !each.querySelector("code"))
    .filter(each => !each.closest(".jwt-raw, pre, .unseen, .pairs"));
  const alone = shown.filter(each => text.test(each.textContent) | (text.lastIndex = 0))
    .filter(each => !each.querySelector(".unbroken") && lines(each) > 1);
  const groups = [...document.querySelectorAll(".unbroken > span")]
    .filter(each => each.checkVisibility() && lines(each) > 1);
  return [...alone, ...groups].map(each => each.textContent);
}"""


@pytest.mark.slow
@pytest.mark.parametrize("width", [1024, 360])
def test_no_thumbprint_is_broken(new_reader: NewReader, told: Told, width: int) -> None:
    """But between groups of four characters, where it has to be."""
    reader = new_reader(viewport={"width": width, "height": 900})
    reader.open()
    for step in (
        "authentication.assertion-bound",
        "jwt.token-says",
        "jwt.thumbprint",
        "customer.both-say-the-same",
        "thief.wrong-certificate",
        "thumbprints.base64url-of-hex",
    ):
        reader.read(step)
        reader.unfold_everything()
        assert reader.page.evaluate(_BROKEN_THUMBPRINTS) == [], step


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 360])
def test_no_word_is_broken(new_reader: NewReader, told: Told, width: int) -> None:
    """In the middle, that is: a name of many words may be, between two of them."""
    reader = new_reader(viewport={"width": width, "height": 900})
    reader.open()
    for number in ("2.4", "2.13", "5.4", "6.3", "6.8", "6.14", "7.2", "8.2"):
        assert number in {each["number"] for each in steps_of(told.story)}
        reader.read(number)
        reader.unfold_everything()
        assert reader.page.evaluate(_BROKEN, "#view") == [], number
    assert reader.too_wide() == []


# Where something begins and ends in its line.
_ENDS = """each => {
  const { left, right } = each.getBoundingClientRect();
  return [left, right];
}"""


def test_what_tells_two_holders_apart_is_not_cut_off(new_reader: NewReader) -> None:
    """A renewed certificate is called so, however narrow; nor is it under the mark."""
    reader = new_reader(viewport={"width": 1280, "height": 800})
    for step in ("renewal.old-token", "renewal.new-token", "renewal.public-client"):
        reader.read(step)
        row = reader.row(step)
        qualifier = row.locator(".sender .chip-qualifier")
        expect(qualifier).to_have_text(" (renewed)")
        assert qualifier.evaluate("e => e.scrollWidth <= e.clientWidth + 1")
        chip = row.locator(".sender .chip").evaluate(_ENDS)
        inside = qualifier.evaluate(_ENDS)
        assert inside[1] < chip[1]
        assert chip[0] > row.evaluate(_ENDS)[0] + 6
