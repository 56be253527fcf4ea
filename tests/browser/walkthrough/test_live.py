"""The walk-through while it happens: what people do appears by itself."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Route, expect

from scripts.deployment.configuration import ROOT
from tests.browser.axe import found_by
from tests.browser.conftest import NewContext, NewCustomer, running
from tests.browser.customer import Person
from tests.browser.walkthrough.reader import Walkthrough
from tests.deployment.running import PATIENCE, Running


# Its own, so that the first who looks sees nothing; and to be stopped and started.
@pytest.fixture(scope="module")
def bank(
    people: list[Person], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """Three processes that nobody has asked for anything yet."""
    with running(tmp_path_factory.mktemp("live"), people) as bank:
        yield bank


@pytest.fixture
def live(new_context: NewContext, bank: Running) -> Walkthrough:
    """Somebody who looks while it happens."""
    context = new_context(viewport={"width": 1280, "height": 900})
    live = Walkthrough(context.new_page(), f"{bank.walkthrough}/")
    live.open()
    return live


def command(bank: Running, *arguments: str) -> str:
    """What the banking client's command line prints."""
    config = ["--config", str(bank.deployment.client)]
    done = subprocess.run(
        [sys.executable, "-m", "client_node", *config, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    return done.stdout + done.stderr


def newest(live: Walkthrough) -> str:
    """The number of the last row."""
    number = live.page.locator(".step").last.get_attribute("data-number")
    assert number is not None
    return number


def sees(live: Walkthrough, title: str) -> None:
    """A row with this title is there, or soon will be."""
    expect(live.page.locator(".step-title", has_text=title).last).to_be_visible()


def test_nothing_has_happened_yet(live: Walkthrough, bank: Running, axe: str) -> None:
    """It says so, and what would make something happen."""
    expect(live.page.get_by_text("Nothing has happened yet")).to_be_visible()
    expect(live.page.locator("#live-state")).to_contain_text("Live")
    assert live.page.locator(".step").count() == 0
    ways = live.page.locator("#nothing-yet").get_by_role("link")
    connect, demo = (each.get_attribute("href") for each in ways.all())
    assert (connect, demo) == (bank.client, "/demo")
    assert found_by(axe, live.page) == []


def test_a_command_appears(live: Walkthrough, bank: Running) -> None:
    """The command line's token, and its use; the newest step is the one shown."""
    assert "GB" in command(bank, "accounts")
    sees(live, "banking-client asks for a token")
    sees(live, "banking-client reads accounts")
    expect(live.page.get_by_text("Nothing has happened yet")).to_have_count(0)
    live.shows(newest(live))
    expect(live.page.get_by_role("button", name="Follow")).to_have_attribute(
        "aria-pressed", "true"
    )


def test_a_thief_appears_in_his_lane(live: Walkthrough, bank: Running) -> None:
    """RFC 8705 section 3: the refusal, drawn from the thief's lane, as it happens."""
    token = command(bank, "token", "--raw").strip()
    command(bank, "accounts", "--as", "other-tpp", "--token", token)
    sees(live, "other-tpp presents a token that is not its own")
    live.press("End")
    number = newest(live)
    live.shows(number)
    row, act = live.row(number), live.page.locator(".act").last
    expect(row.locator(".answer")).to_contain_text("401 invalid_token")
    expect(row.locator(".binding.other")).to_be_visible()
    lane = act.locator(".lane-thief")
    expect(lane).to_contain_text("other-tpp")
    middle = lane.evaluate("e => e.offsetLeft + e.offsetWidth / 2")
    arrow = row.locator(".request .arrow").first.evaluate("e => e.offsetLeft")
    assert abs(arrow - middle) < 20
    expect(live.view).to_contain_text("the token is bound to another certificate")


def test_nobody_is_a_thief_for_good(live: Walkthrough, bank: Running) -> None:
    """What he does honestly is drawn as anybody's; no certificate is called stolen."""
    token = command(bank, "token", "--raw").strip()
    command(bank, "accounts", "--as", "other-tpp", "--token", token)
    sees(live, "other-tpp presents a token that is not its own")
    command(bank, "accounts", "--as", "other-tpp")
    sees(live, "other-tpp reads accounts")
    expect(live.page.locator("#picture .cert-thief")).to_have_count(0)
    expect(live.page.locator(".act").last.locator(".lane-client")).to_contain_text(
        "other-tpp"
    )


def test_a_customer_appears(
    live: Walkthrough, new_customer: NewCustomer, axe: str
) -> None:
    """Another page, another person; what she does is seen, what she types is not."""
    customer = new_customer()
    customer.arrive_at_consent()
    customer.share(accounts=1)
    customer.sees_accounts(1)
    sees(live, "a browser comes back from the bank")
    row = live.page.locator(".step", has_text="a browser comes back from the bank").last
    expect(row.locator(".nested").first).to_contain_text("POST /token")
    said = live.page.locator("body").text_content() or ""
    assert customer.person.totp_secret not in said
    assert "be-the-ball" not in said
    assert found_by(axe, live.page) == []


def test_what_is_read_stays(live: Walkthrough, bank: Running) -> None:
    """Who has chosen an earlier step keeps it, whatever comes; the last key follows."""
    command(bank, "accounts")
    sees(live, "banking-client reads accounts")
    live.read("1.1")
    before = live.page.locator(".step").count()
    command(bank, "accounts")
    expect(live.page.locator(".step")).not_to_have_count(before)
    live.shows("1.1")
    live.press("End")
    live.shows(newest(live))


def test_the_network_goes_and_comes(live: Walkthrough, bank: Running) -> None:
    """It is said while nobody answers, and it goes on where it was."""
    command(bank, "accounts")
    sees(live, "banking-client reads accounts")
    state = live.page.locator("#live-state")
    context = live.page.context
    context.set_offline(True)
    command(bank, "accounts")
    expect(state).to_have_text("The server is away")
    before = live.page.locator(".step").count()
    context.set_offline(False)
    command(bank, "accounts")
    expect(state).to_contain_text("Live")
    expect(live.page.locator(".step")).not_to_have_count(before)


def test_another_deployment_begins_anew(live: Walkthrough, bank: Running) -> None:
    """Its recordings are others, so nothing that was drawn is of it."""
    command(bank, "accounts")
    sees(live, "banking-client reads accounts")
    live.read("1.1")
    page = live.page

    def of_another_run(route: Route) -> None:
        route.fulfill(json={**route.fetch().json(), "run": "another", "acts": []})

    page.route("**/story?*", of_another_run, times=1)
    with page.expect_event("load"):
        command(bank, "accounts")
        command(bank, "accounts")
    sees(live, "banking-client reads accounts")
    expect(page.locator("#live-state")).to_contain_text("Live")
