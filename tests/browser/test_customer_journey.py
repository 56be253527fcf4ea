"""The customer's journey in a real browser: from the client to her bank and back."""

import re

from playwright.sync_api import expect

from tests.browser.customer import Customer, Person


def test_from_connecting_to_disconnecting(customer: Customer) -> None:
    """She connects her bank, sees two of her accounts, and ends it again."""
    page = customer.page
    customer.arrive_at_consent()
    customer.share(accounts=2)
    customer.sees_accounts(2)

    page.get_by_role("article").get_by_role("link").first.click()
    expect(page.get_by_role("img", name=re.compile("^Balance from "))).to_be_visible()
    expect(page.get_by_role("table", name=re.compile("^Transactions"))).to_be_visible()

    page.get_by_role("link", name="What you share").click()
    customer.sees("What you share")
    expect(page.get_by_role("main")).to_contain_text("In force, as your bank says.")
    customer.press("Disconnect")
    question = page.get_by_role("dialog", name="Disconnect Example Bank?")
    expect(question).to_contain_text("Your bank deletes your consent")
    customer.press("Keep it connected")
    expect(question).to_be_hidden()
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("In force, as your bank says.")
    customer.disconnect()
    expect(page.get_by_role("status")).to_contain_text("Disconnected.")
    page.goto(f"{customer.home}/accounts")
    expect(page.get_by_role("main")).to_contain_text("No bank is connected")


def test_the_shown_customer_and_her_shown_code(customer: Customer) -> None:
    """This is a test bank: Ty Webb needs nothing that the pages do not tell."""
    page = customer.page
    customer.connect()
    shown = page.get_by_role("region", name="Who you can be")
    expect(shown).to_contain_text("ty.webb@example.com")
    expect(shown).to_contain_text("be-the-ball")
    customer.press("Sign in as Ty Webb")
    customer.sees("Confirm it is you")
    customer.press("Confirm with this code")
    expect(page.get_by_text("You are signed in as Ty Webb")).to_be_visible()
    customer.share()
    customer.sees_accounts(1)


def test_she_refuses(customer: Customer) -> None:
    """Nothing is shared, the client says so, and she can change her mind."""
    customer.arrive_at_consent()
    customer.press("Refuse")
    customer.sees("Nothing was shared")
    customer.press("Connect your bank again")
    customer.share()  # the bank still knows her
    customer.sees_accounts(1)


def test_she_cancels_before_she_signs_in(customer: Customer) -> None:
    """The way back is open from the first page of the bank on."""
    customer.connect()
    customer.press("Cancel and go back")
    customer.sees("Nothing was shared")


def test_no_account_is_chosen_for_her(customer: Customer) -> None:
    """To approve without an account is asked about again, and shares nothing."""
    customer.arrive_at_consent()
    assert not any(
        each.is_checked() for each in customer.page.get_by_role("checkbox").all()
    )
    customer.press("Share these accounts")
    expect(customer.page.get_by_role("alert")).to_contain_text("at least one account")
    customer.share()
    customer.sees_accounts(1)


def test_a_wrong_password(customer: Customer) -> None:
    """It says so, keeps the name and not the password, and the right one goes on."""
    page = customer.page
    customer.connect()
    customer.sign_in("be-the-bell")
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    expect(page.get_by_label("Email address")).to_have_value(customer.person.email)
    expect(page.get_by_label("Password")).to_have_value("")
    customer.sign_in()
    customer.confirm()
    customer.share()
    customer.sees_accounts(1)


def test_a_wrong_code(customer: Customer) -> None:
    """The second factor is no formality: a wrong code is asked for again."""
    page = customer.page
    customer.connect()
    customer.sign_in()
    customer.sees("Confirm it is you")
    wrong = str((int(customer.person.code()) + 1) % 1_000_000).zfill(6)
    page.get_by_label("Six-digit code").fill(wrong)
    customer.press("Confirm")
    expect(page.get_by_role("alert")).to_contain_text("not the right code")
    customer.confirm()
    customer.sees("Share your accounts with Example Banking Client?")


def test_somebody_else_sits_here(customer: Customer, people: list[Person]) -> None:
    """After "not you?" the bank knows nobody, and asks the next one who she is."""
    customer.arrive_at_consent()
    customer.press("Not you?")
    customer.sees("Sign in to your bank")
    next_one = Customer(customer.page, people.pop(), customer.home)
    next_one.sign_in()
    next_one.confirm()
    next_one.share()
    next_one.sees_accounts(1)
