"""
A real browser, the three real processes, and a customer for each test.

The browser believes the test root, and nothing else is made easy for it: no error of
a certificate is ignored, and what the pages make it complain about fails the test.
"""

import base64
import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    expect,
    sync_playwright,
)

from scripts.deployment.configuration import copied
from tests.browser.axe import axe_core
from tests.browser.chromium import BROWSERS_PATIENCE, launched
from tests.browser.customer import PASSWORD, Customer, Person
from tests.deployment.running import (
    PATIENCE,
    Running,
    as_told,
    free_ports,
    ready_line,
    up,
)

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_CERTUTIL = "certutil"
_PEOPLE = 40

Launch = Callable[[Running], Browser]
NewContext = Callable[..., BrowserContext]
NewCustomer = Callable[..., Customer]


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where the browser is."""
    found = next(filter(None, map(shutil.which, _CHROMIUM)), None)
    if found is None:
        _not_here("no Chromium is installed (Debian: apt-get install chromium)")
    return found


@pytest.fixture(scope="session")
def certutil() -> str:
    """What teaches the browser to believe the test root."""
    found = shutil.which(_CERTUTIL)
    if found is None:
        _not_here("no certutil is installed (Debian: apt-get install libnss3-tools)")
    return found


def _not_here(reason: str) -> NoReturn:
    """Skip on somebody's own machine; in CI the tests of the browser must run."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(f"tests in a browser: {reason}")


@pytest.fixture(scope="session")
def people() -> list[Person]:
    """Customers nobody has used yet: an authenticator's code is good only once."""
    return [
        Person(f"customer-{number}@example.com", _totp_secret())
        for number in range(_PEOPLE)
    ]


def _totp_secret() -> str:
    return base64.b32encode(secrets.token_bytes(20)).decode("ascii")


@pytest.fixture(scope="session")
def bank(
    chromium: str,
    certutil: str,
    people: list[Person],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Running]:
    """The three processes, for every test that needs no others."""
    with running(tmp_path_factory.mktemp("bank"), people) as bank:
        yield bank


@contextmanager
def running(folder: Path, people: list[Person]) -> Iterator[Running]:
    """A deployment with *people* as customers."""
    deployment = copied(folder, free_ports(5))
    text = deployment.authorization_server.read_text()
    (shown_hash,) = (
        line
        for line, after in zip(text.splitlines(), text.splitlines()[2:], strict=False)
        if after == f'shown_password = "{PASSWORD}"'
    )
    for each in people:
        text += f'\n[users."{each.email}"]\nname = "Somebody"\n{shown_hash}\n'
        text += f'totp_secret = "{each.totp_secret}"\n'
    deployment.authorization_server.write_text(text)
    with (folder / "up.log").open("w") as log, up(deployment, log) as process:
        try:
            assert ready_line(process).startswith("ready"), (
                folder / "up.log"
            ).read_text()
            yield as_told(deployment)
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            assert process.wait(PATIENCE) == 0


# For one file and no longer: its event loop is in the way of other tests'.
@pytest.fixture(scope="module")
def launch(
    chromium: str,
    certutil: str,
    bank: Running,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Launch]:
    """Starts a browser that believes the root of the given deployment's servers."""
    with pytest.MonkeyPatch.context() as environment:
        # For what a test sends beside the browser, which Playwright does with Node.
        environment.setenv("NODE_EXTRA_CA_CERTS", bank.server_roots)
        playwright = sync_playwright().start()
    expect.set_options(timeout=BROWSERS_PATIENCE)

    def launch(bank: Running) -> Browser:
        home = tmp_path_factory.mktemp("home")
        _trust(home, certutil, bank)
        return launched(playwright, chromium, home)

    yield launch
    playwright.stop()


def _trust(home: Path, certutil: str, bank: Running) -> None:
    """Put the test root where Chromium looks for what its user believes."""
    store = home / ".pki" / "nssdb"
    store.mkdir(parents=True)
    for arguments in (
        ["-N", "--empty-password"],
        ["-A", "-n", "test root", "-t", "C,,", "-i", bank.server_roots],
    ):
        subprocess.run([certutil, "-d", f"sql:{store}", *arguments], check=True)


@pytest.fixture(scope="module")
def browser(launch: Launch, bank: Running) -> Iterator[Browser]:
    """The browser of every customer of the bank."""
    with launch(bank) as browser:
        yield browser


@pytest.fixture
def new_context(browser: Browser) -> Iterator[NewContext]:
    """
    A browser of somebody's own, without cookies; arguments are Playwright's.

    At the end nothing may have been reported on its console: no script that was
    refused, no style, no form.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not _only_a_status(message.text):
            complaints.append(f"{message.type}: {message.text}")

    def new(**options: object) -> BrowserContext:
        context = browser.new_context(**options)  # type: ignore[arg-type] # as given
        context.set_default_timeout(BROWSERS_PATIENCE)
        context.on("console", heard)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        contexts.append(context)
        return context

    yield new
    for context in contexts:
        context.close()
    assert complaints == []


def _only_a_status(text: str) -> bool:
    """
    Chromium notes each answer of 400 and more; the tests look at those pages. So it
    does where a test has taken the network away.
    """
    return text.startswith("Failed to load resource: the server responded with") or (
        text == "Failed to load resource: net::ERR_INTERNET_DISCONNECTED"
    )


@pytest.fixture
def new_customer(
    new_context: NewContext, bank: Running, people: list[Person]
) -> NewCustomer:
    """Somebody else at a browser of her own; arguments are Playwright's."""

    def new(**options: object) -> Customer:
        return Customer(new_context(**options).new_page(), people.pop(), bank.client)

    return new


@pytest.fixture
def customer(new_customer: NewCustomer) -> Customer:
    """Somebody at a browser of her own."""
    return new_customer()


@pytest.fixture(scope="session")
def axe() -> str:
    """The script that looks for what is in the way of people."""
    return axe_core()
