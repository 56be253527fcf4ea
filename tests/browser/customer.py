"""A customer at her browser: what she reads and presses, in her own words."""

import re
import time
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from as_node.login.totp import STEP, TotpSecret

PASSWORD = "be-the-ball"
"""Everybody's here."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account at the bank, and an authenticator of her own."""

    email: str
    totp_secret: str

    def code(self, steps_on: int = 0) -> str:
        """What her authenticator shows now, or so many steps later."""
        step = int(time.time()) // STEP + steps_on
        return TotpSecret.parse(self.totp_secret).code(step)


@dataclass(frozen=True, slots=True)
class Customer:
    """*person* at *page*; *home* is the first page of the banking client."""

    page: Page
    person: Person
    home: str

    def connect(self) -> None:
        """From the client's first page to the bank's."""
        self.page.goto(self.home)
        self.press("Connect Example Bank")
        self.sees("Sign in to your bank")

    def sign_in(self, password: str = PASSWORD) -> None:
        """The first step at the bank."""
        self.page.get_by_label("Email address").fill(self.person.email)
        self.page.get_by_label("Password").fill(password)
        self.press("Sign in")

    def confirm(self, steps_on: int = 0) -> None:
        """The second step; a code is good once, and the next one is good already."""
        self.sees("Confirm it is you")
        self.page.get_by_label("Six-digit code").fill(self.person.code(steps_on))
        self.press("Confirm")

    def share(self, accounts: int = 1) -> None:
        """Choose the first accounts on the consent page, and approve."""
        self.choose(accounts)
        self.press("Share these accounts")

    def choose(self, accounts: int) -> None:
        """Tick the first accounts of the consent page."""
        self.sees("Share your accounts with Example Banking Client?")
        for each in self.page.get_by_role("checkbox").all()[:accounts]:
            each.check()

    def arrive_at_consent(self) -> None:
        """Everything before the consent page."""
        self.connect()
        self.sign_in()
        self.confirm()

    def disconnect(self) -> None:
        """What she shares with the bank shown first, on the page of what she shares."""
        self.press("Disconnect")
        self.press("Yes, disconnect")

    def press(self, button: str) -> None:
        """The button of that name."""
        self.page.get_by_role("button", name=button, exact=True).first.click()

    def sees(self, heading: str) -> None:
        """The page has, or soon will have, this heading."""
        expect(
            self.page.get_by_role("heading", level=1, name=heading, exact=True)
        ).to_be_visible()

    def sees_accounts(self, count: int) -> None:
        """The client shows so many accounts, with balances."""
        self.sees("Your accounts")
        expect(self.page).to_have_url(f"{self.home}/accounts")
        cards = self.page.get_by_role("article")
        expect(cards).to_have_count(count)
        for card in cards.all():
            expect(card).to_contain_text(re.compile(r"£[\d,]+\.\d\d"))
