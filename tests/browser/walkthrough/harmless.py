"""What a hostile value in a walk-through would do, if it could do anything."""

from tests.browser.walkthrough.reader import Walkthrough

SCRIPT = "<script>window.hacked=1</script>"
MARKUP = '"><img src=x onerror=window.hacked=1><svg onload=window.hacked=1>'
LONG = "unbroken" * 100

_MADE_OF_TEXT = "main :is(img, script, iframe, style, form), #head :is(img, script)"

_LEADS_ELSEWHERE = """() => [...document.querySelectorAll("a[href]")]
  .map(each => each.getAttribute("href"))
  .filter(href => !/^(#|https:\\/\\/www\\.rfc-editor\\.org\\/)/.test(href))"""


def assert_harmless(reader: Walkthrough, *numbers: str) -> None:
    """
    Nothing ran, nothing leads elsewhere, nothing is wider than the page.

    Neither in the picture nor in these steps, with all of them opened. That nothing
    was asked for or complained of is seen when the reader goes.
    """
    page = reader.page
    if reader.button("Unfold all").count():
        reader.button("Unfold all").click()
    assert reader.too_wide() == []
    for number in numbers:
        reader.read(number)
        reader.unfold_everything()
        assert (number, reader.too_wide()) == (number, [])
        assert page.locator(_MADE_OF_TEXT).count() == 0
        assert page.evaluate(_LEADS_ELSEWHERE) == []
    assert page.evaluate("() => window.hacked") is None
