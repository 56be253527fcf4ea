"""The pages without a mouse, without a script, on a telephone, read aloud."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewCustomer
from tests.browser.customer import PASSWORD, Customer
from tests.deployment.running import Running

_MOST_TABS = 40

# What is wrong with a page for somebody who hears it, in words; nothing is good.
_HEARD_WRONGLY = """() => {
  const all = selector => [...document.querySelectorAll(selector)];
  const shown = element => element.getClientRects().length > 0;
  const named = element =>
    (element.labels && element.labels.length > 0
      && element.labels[0].textContent.trim() !== "")
    || element.textContent.trim() !== "" || element.ariaLabel
    || element.getAttribute("aria-labelledby");
  const ids = all("[id]").map(element => element.id);
  const levels = all("h1, h2, h3, h4").filter(shown).map(e => Number(e.tagName[1]));
  return [
    ...(document.documentElement.lang === "en" ? [] : ["no language"]),
    ...(document.title.trim() ? [] : ["no title"]),
    ...(all("main").length === 1 ? [] : ["not one main"]),
    ...(levels.filter(level => level === 1).length === 1 ? [] : ["not one h1"]),
    ...levels.filter((level, i) => i > 0 && level > levels[i - 1] + 1)
      .map(level => `h${level} skips a level`),
    ...ids.filter((id, i) => ids.indexOf(id) !== i).map(id => `id twice: ${id}`),
    ...all("input:not([type=hidden]), select, textarea")
      .filter(e => !(e.labels.length > 0 && e.labels[0].textContent.trim()))
      .map(e => `no label: ${e.outerHTML}`),
    ...all("button, a[href], summary").filter(shown).filter(e => !named(e))
      .map(e => `no name: ${e.outerHTML}`),
    ...all("img:not([alt]), svg[role=img]:not([aria-labelledby])")
      .map(e => `no text: ${e.outerHTML.slice(0, 80)}`),
    ...all("[aria-labelledby], [aria-describedby]").flatMap(e =>
        `${e.getAttribute("aria-labelledby") ?? ""} ` +
        `${e.getAttribute("aria-describedby") ?? ""}`.trim().split(/\\s+/))
      .flatMap(text => text.split(/\\s+/)).filter(id => id && !ids.includes(id))
      .map(id => `points nowhere: ${id}`),
    ...all("table").filter(t => t.querySelectorAll("th[scope]").length === 0)
      .map(() => "a table without headings"),
    ...all("[tabindex]").filter(e => e.tabIndex > 0).map(() => "tabindex above 0"),
  ];
}"""

_WIDER_THAN_THE_WINDOW = """() => {
  const room = document.documentElement.clientWidth;
  return document.documentElement.scrollWidth <= room ? [] :
    [...document.querySelectorAll("body *")]
      .filter(e => e.getBoundingClientRect().right > room)
      .map(e => e.outerHTML.slice(0, 80));
}"""

# WCAG 2.2 success criterion 2.5.8: 24 by 24 CSS pixels.
_TOO_SMALL_TO_HIT = """() => [...document.querySelectorAll("button, input, a.action")]
  .filter(e => e.getClientRects().length > 0)
  .map(e => e.labels && e.labels.length && e.type === "checkbox" ? e.labels[0] : e)
  .filter(e => Math.min(e.offsetHeight, e.offsetWidth) < 24)
  .map(e => e.outerHTML)"""

# From 0 to 255, of the page and of the text of its main heading.
_BRIGHTNESS = """() => {
  const bright = colour => Math.max(...colour.match(/[\\d.]+/g).slice(0, 3));
  return [
    bright(getComputedStyle(document.body).backgroundColor),
    bright(getComputedStyle(document.querySelector("h1")).color),
  ];
}"""

_SHOWS_ITS_FOCUS = """e => e.matches(":focus-visible")
  && (getComputedStyle(e).outlineStyle !== "none"
    || getComputedStyle(e).boxShadow !== "none")"""


def every_page(customer: Customer, bank: Running) -> Iterator[Page]:
    """Her page, each time it shows another one of the two websites."""
    page = customer.page
    page.goto(customer.home)
    yield page
    customer.connect()
    yield page
    customer.sign_in("wrong")
    expect(page.get_by_role("alert")).to_be_visible()
    yield page
    customer.sign_in()
    customer.sees("Confirm it is you")
    yield page
    customer.confirm()
    customer.choose(0)
    yield page
    customer.press("Share these accounts")
    expect(page.get_by_role("alert")).to_be_visible()
    yield page
    customer.share(accounts=3)
    customer.sees_accounts(3)
    yield page
    yield from _pages_when_connected(customer, bank)


def _pages_when_connected(customer: Customer, bank: Running) -> Iterator[Page]:
    page = customer.page
    page.get_by_role("article").get_by_role("link").first.click()
    expect(page.get_by_role("img")).to_be_visible()
    page.get_by_role("group").get_by_text("The same as figures").click()
    yield page
    page.goto(customer.home)
    yield page
    page.goto(f"{customer.home}/consents")
    customer.sees("What you share")
    yield page
    # Nothing is due for 90 days; what a button does then can be had by its form.
    form = page.locator("form[action='/disconnect']")
    form.evaluate("form => { form.action = '/renew'; }")
    customer.disconnect()
    customer.sees("Sign in to your bank")
    customer.sign_in()
    customer.confirm(steps_on=1)
    customer.sees("Go on sharing your accounts with Example Banking Client?")
    yield page
    customer.press("Go on sharing")
    customer.sees_accounts(3)
    page.goto(f"{customer.home}/consents")
    customer.press("Disconnect")
    expect(page.get_by_role("dialog")).to_be_visible()
    yield page
    customer.press("Yes, disconnect")
    expect(page.get_by_role("status")).to_be_visible()
    yield page
    for path in ("/accounts", "/callback", "/walkthrough", "/nothing-is-here"):
        page.goto(f"{customer.home}{path}")
        yield page
    page.goto(f"{bank.walkthrough}/demo")
    yield page
    page.goto(f"{bank.issuer}/authorize")
    yield page


def test_what_a_screen_reader_needs(customer: Customer, bank: Running) -> None:
    """Labels, names, one main heading, no level left out, on every page."""
    for page in every_page(customer, bank):
        assert page.evaluate(_HEARD_WRONGLY) == [], page.title()


@pytest.mark.parametrize("width", [360, 1920])
def test_no_page_is_wider_than_the_window(
    new_customer: NewCustomer, bank: Running, width: int
) -> None:
    """WCAG 2.2 success criterion 1.4.10: on a telephone nobody scrolls sideways."""
    customer = new_customer(viewport={"width": width, "height": 800})
    for page in every_page(customer, bank):
        assert page.evaluate(_WIDER_THAN_THE_WINDOW) == [], page.title()
        assert page.evaluate(_TOO_SMALL_TO_HIT) == [], page.title()


def test_dark_pages_are_dark(new_customer: NewCustomer, bank: Running) -> None:
    """Who wants them dark gets them dark, text light on it, on every page."""
    customer = new_customer(color_scheme="dark")
    for page in every_page(customer, bank):
        background, text = page.evaluate(_BRIGHTNESS)
        assert background < 64, page.title()
        assert text > 160, page.title()


def test_without_scripts(new_customer: NewCustomer) -> None:
    """The whole journey in a browser that runs none."""
    customer = new_customer(java_script_enabled=False)
    customer.arrive_at_consent()
    customer.share(accounts=2)
    customer.sees_accounts(2)
    customer.page.get_by_role("article").get_by_role("link").first.click()
    expect(customer.page.get_by_role("img")).to_be_visible()
    customer.page.goto(f"{customer.home}/consents")
    customer.disconnect()
    expect(customer.page.get_by_role("status")).to_contain_text("Disconnected.")


def test_with_the_keyboard_alone(customer: Customer) -> None:
    """Tab, space and enter reach everything, and one always sees where one is."""
    page = customer.page
    page.goto(customer.home)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    _press_enter_on(page, page.get_by_role("button", name="Connect Example Bank"))
    customer.sees("Sign in to your bank")
    _tab_to(page, page.get_by_label("Email address"))
    page.keyboard.type(customer.person.email)
    _tab_to(page, page.get_by_label("Password"))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    customer.sees("Confirm it is you")
    _tab_to(page, page.get_by_label("Six-digit code"))
    page.keyboard.type(customer.person.code())
    page.keyboard.press("Enter")
    customer.choose(0)
    _tab_to(page, page.get_by_role("checkbox").first)
    page.keyboard.press("Space")
    _press_enter_on(page, page.get_by_role("button", name="Share these accounts"))
    customer.sees_accounts(1)
    _press_enter_on(page, page.get_by_role("article").get_by_role("link"))
    expect(page.get_by_role("img")).to_be_visible()
    _press_enter_on(page, page.get_by_role("link", name="What you share"))
    disconnect = page.get_by_role("button", name="Disconnect", exact=True)
    _press_enter_on(page, disconnect)
    keep = page.get_by_role("button", name="Keep it connected")
    expect(keep).to_be_focused()
    page.keyboard.press("Escape")
    expect(keep).to_be_hidden()
    expect(disconnect).to_be_focused()
    page.keyboard.press("Enter")
    _press_enter_on(page, page.get_by_role("button", name="Yes, disconnect"))
    expect(page.get_by_role("status")).to_contain_text("Disconnected.")


def _press_enter_on(page: Page, wanted: Locator) -> None:
    _tab_to(page, wanted)
    page.keyboard.press("Enter")


def _tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until *wanted* has the focus, and shows it."""
    expect(wanted).to_be_visible()
    for _ in range(_MOST_TABS):
        page.keyboard.press("Tab")
        if wanted.evaluate("e => e === document.activeElement"):
            assert wanted.evaluate(_SHOWS_ITS_FOCUS)
            return
    pytest.fail(f"the keyboard does not reach {wanted}")
