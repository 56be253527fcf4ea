"""Somebody who has an account at the bank: she signs in, and approves or refuses."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from scripts.headless.browser import Browser as HeadlessBrowser
from scripts.headless.page import Page
from tests.customers.headless import SendNow, now, sent_by

# One that was used before the bank was restarted is shown once more, and refused.
_MOST_CODES = 3

TY = "ty.webb@example.com"
TYS_PASSWORD = "be-the-ball"


class Browser:
    """
    Her browser, which has no certificate, ever.

    It goes to the *origins* alone; a redirect to anywhere else it shows as it is.
    """

    def __init__(self, send: SendNow, origins: Collection[str]) -> None:
        self._browser = HeadlessBrowser(sent_by(send), origins)

    def goes_to(self, origins: Collection[str]) -> None:
        """From now on, to these alone."""
        self._browser.origins = origins

    def open(self, url: str) -> Page:
        """Go to *url*, as by a link, and on to where that leads."""
        return now(self._browser.open(url))

    def submit(self, page: Page, path: str, **filled_in: str) -> Page:
        """
        Send the form of *page* that leads to *path*, and go where that leads.

        Its fields are as the page has them, but for what was *filled_in*.
        """
        return now(self._browser.submit(page, path, filled_in))


@dataclass
class Person:
    """Whoever sits at the browser."""

    browser: Browser
    username: str = TY
    password: str = TYS_PASSWORD

    def sign_in(self, page: Page) -> Page:
        """
        Prove who she is, as far as she is asked; what comes next.

        That is the consent page, if all goes well.
        """
        if "/sign-in" in page.forms:
            page = self.browser.submit(
                page, "/sign-in", username=self.username, password=self.password
            )
        for _ in range(_MOST_CODES):
            if "/second-factor" in page.forms:
                code = shown_code(page)
                page = self.browser.submit(page, "/second-factor", totp=code)
        return page

    def approve(self, page: Page, accounts: Collection[str] | None = None) -> Page:
        """Share the *accounts* of these identifiers, or all; where that leads."""
        boxes = page.form("/consent").boxes
        if accounts is not None:
            boxes = {f"account:{each}": boxes[f"account:{each}"] for each in accounts}
        return self.browser.submit(page, "/consent", decision="approved", **boxes)

    def refuse(self, page: Page) -> Page:
        """Share nothing; where that leads."""
        return self.browser.submit(page, "/consent", decision="refused")


def shown_code(page: Page) -> str:
    """The code of the second factor, which the page of a test bank shows."""
    code = re.search(r'class="digits">(\d{3} \d{3})<', page.text)
    assert code is not None, "the page shows no code"
    return code[1]
