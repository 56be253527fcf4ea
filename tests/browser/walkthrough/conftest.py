"""
A demo's walk-through, and readers of it who have no network at all.

A page costs more than all that is looked at on it: whoever only reads shares one with
the other tests of a file.
"""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from scripts.deployment.configuration import ROOT, copied
from scripts.walkthrough.page.page import as_page
from tests.browser.chromium import BROWSERS_PATIENCE, launched
from tests.browser.walkthrough.reader import Story, Told, Walkthrough
from tests.deployment.running import PATIENCE, free_ports

NewReader = Callable[..., Walkthrough]


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """What a demo wrote: played once, however many processes share the tests."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = shared / "demo-to-read"
    with (shared / "demo-to-read.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "build" / "walkthrough.html").exists():
            shutil.rmtree(folder, ignore_errors=True)
            _play(folder)
    page = folder / "build" / "walkthrough.html"
    return Told(page, json.loads(page.with_suffix(".json").read_text()))


def _play(folder: Path) -> None:
    deployment = copied(folder, free_ports(5))
    where = ["--config", str(deployment.pki.parent)]
    done = subprocess.run(
        [sys.executable, "-m", "scripts.demo", *where],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr


@pytest.fixture(scope="module")
def readers_browser(
    chromium: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    """The browser of those who read a walk-through from disk."""
    with sync_playwright() as playwright:
        expect.set_options(timeout=BROWSERS_PATIENCE)
        home = tmp_path_factory.mktemp("home")
        with launched(playwright, chromium, home) as browser:
            yield browser


class Readers:
    """Readers of pages from disk, and what their browsers complained of."""

    def __init__(self, browser: Browser, told: Told, folder: Path) -> None:
        self._browser = browser
        self._told = told
        self._folder = folder
        self._contexts: list[BrowserContext] = []
        self._complaints: list[str] = []

    def new(self, story: Story | None = None, **options: object) -> Walkthrough:
        """
        Somebody who reads the demo's page, or that of another story, without a network.

        Arguments are Playwright's. What the browser says on its console, shows as a
        dialog, or asks for beside the page itself is a complaint.
        """
        page = self._told.page
        if story is not None:
            page = self._folder / f"{len(self._contexts)}.html"
            page.write_text(as_page(story))
        size = {"width": 1280, "height": 900}
        # Nothing glides: a test that waits for it would take the longer for it.
        usual = {"offline": True, "viewport": size, "reduced_motion": "reduce"}
        context = self._browser.new_context(
            **{**usual, **options}  # type: ignore[arg-type] # as given
        )
        self._contexts.append(context)
        context.set_default_timeout(BROWSERS_PATIENCE)
        self._listen(context, page.as_uri())
        return Walkthrough(context.new_page(), page.as_uri())

    def _listen(self, context: BrowserContext, address: str) -> None:
        complain = self._complaints.append

        def asked(url: str) -> None:
            if url.partition("#")[0] != address:
                complain(f"asked for {url}")

        context.on("console", lambda said: complain(said.text))
        context.on("weberror", lambda error: complain(str(error.error)))
        context.on("dialog", lambda dialog: complain(dialog.message))
        context.on("request", lambda request: asked(request.url))

    def assert_content(self) -> None:
        """Nobody's browser has complained since the last time."""
        complaints, self._complaints[:] = [*self._complaints], []
        assert complaints == []

    def close(self) -> None:
        """All go."""
        for context in self._contexts:
            context.close()
        self._contexts.clear()


@pytest.fixture
def new_reader(
    readers_browser: Browser, told: Told, tmp_path: Path
) -> Iterator[NewReader]:
    """Somebody else, as in `Readers.new`; a complaint fails the test."""
    readers = Readers(readers_browser, told, tmp_path)
    yield readers.new
    readers.close()
    readers.assert_content()


@pytest.fixture
def reader(new_reader: NewReader) -> Walkthrough:
    """Somebody who has just opened the demo's page."""
    reader = new_reader()
    reader.open()
    return reader


@pytest.fixture(scope="module")
def readers_of_a_file(
    readers_browser: Browser, told: Told, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Readers]:
    """Those who stay for all tests of a file."""
    readers = Readers(readers_browser, told, tmp_path_factory.mktemp("pages"))
    yield readers
    readers.close()


@pytest.fixture(scope="module")
def _opened(readers_of_a_file: Readers) -> Walkthrough:
    opened = readers_of_a_file.new()
    opened.open()
    return opened


@pytest.fixture
def reading(_opened: Walkthrough, readers_of_a_file: Readers) -> Iterator[Walkthrough]:
    """Somebody at the demo's page, where others were before; nothing is chosen."""
    _opened.open("#")
    yield _opened
    readers_of_a_file.assert_content()
