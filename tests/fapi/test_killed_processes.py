"""
`kill -9` in the middle of a journey: three real processes, on real sockets.

At which instruction a process is hit is left to chance, within the milliseconds in
which the customer's approval is carried out. `test_journey.py` has the same at chosen
places, in memory.
"""

import http.client
import json
import re
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPException
from urllib.parse import urlsplit

import pytest

from pki.http.answers import Answer
from pki.http.messages import Fields
from scripts.deployment import certificates
from scripts.deployment.configuration import ROOT, Deployment, copied
from scripts.headless.browser import origin_of
from scripts.headless.page import Page
from tests.customers.person import Browser, Person
from tests.deployment.running import PATIENCE, Running, as_told, free_ports

pytestmark = pytest.mark.slow

NODES = ("rs", "as", "client")


class Processes:
    """The nodes of a deployment, each a process that can be killed by itself."""

    def __init__(self, deployment: Deployment) -> None:
        self._configs = {
            "as": deployment.authorization_server,
            "rs": deployment.resource_server,
            "client": deployment.client,
        }
        self._running: dict[str, subprocess.Popen[str]] = {}
        self._log = (deployment.pki.parent / "nodes.log").open("a")

    def start(self, name: str) -> None:
        """Start a node, and wait until it listens."""
        serve = ["serve"] if name == "client" else []
        command = ["-m", f"{name}_node", "--config", str(self._configs[name]), *serve]
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        self._running[name] = process
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["ready"]

    def kill(self, name: str) -> None:
        """SIGKILL."""
        process = self._running.pop(name)
        process.kill()
        process.communicate(timeout=PATIENCE)

    def close(self) -> None:
        """Leave nothing behind."""
        for name in list(self._running):
            self.kill(name)
        self._log.close()


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """Certificates and configuration files on free ports."""
    deployment = copied(tmp_path_factory.mktemp("killed"), free_ports(5))
    list(certificates.put_in_place(deployment))
    return deployment


@pytest.fixture(scope="module")
def processes(deployment: Deployment) -> Iterator[Processes]:
    """All three run."""
    processes = Processes(deployment)
    try:
        for name in NODES:
            processes.start(name)
        yield processes
    finally:
        processes.close()


def at_a_browser(running: Running) -> Person:
    """Ty Webb, on real sockets; each request has a connection of its own."""
    context = ssl.create_default_context(cafile=running.server_roots)

    def send(method: str, url: str, headers: Fields, body: bytes) -> Answer:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        connection = http.client.HTTPSConnection(host, port, context=context)
        try:
            target = url.removeprefix(origin_of(url))
            connection.request(method, target, body, dict(headers))
            response = connection.getresponse()
            fields: dict[str, tuple[str, ...]] = {}
            for name, value in response.getheaders():
                fields[name.lower()] = (*fields.get(name.lower(), ()), value)
            return Answer(response.status, fields, response.read())
        finally:
            connection.close()

    return Person(Browser(send, (running.issuer, running.client)))


@pytest.fixture(scope="module")
def running(deployment: Deployment) -> Running:
    """Where all are."""
    return as_told(deployment)


@pytest.fixture(scope="module")
def person(running: Running) -> Person:
    """He signs in once, and stays signed in whatever is killed."""
    return at_a_browser(running)


def asked(person: Person, running: Running) -> Page:
    """The page on which the bank asks him."""
    home = person.browser.open(f"{running.client}/")
    page = person.sign_in(person.browser.submit(home, "/connect"))
    assert "/consent" in page.forms, page.text
    return page


def shown_accounts(person: Person, running: Running) -> list[str]:
    """The accounts in the web application, which asks the bank for them."""
    page = person.browser.open(f"{running.client}/accounts")
    assert page.status == 200, page.text
    assert "trouble" not in page.text.partition("</style>")[2]
    return re.findall(r'href="(/accounts/[^"]+)"', page.text)


@pytest.mark.parametrize("name", NODES)
def test_killed_while_the_customer_approves(
    processes: Processes, running: Running, person: Person, name: str
) -> None:
    """What he was shown stays, what he was not shown he can do again."""
    person.approve(asked(person, running))
    before = len(shown_accounts(person, running))
    assert before > 0
    for milliseconds in (3, 12, 30):
        page = asked(person, running)
        timer = threading.Timer(milliseconds / 1000, processes.kill, (name,))
        timer.start()
        with suppress(OSError, HTTPException):  # nobody answers
            person.approve(page)
        timer.join()
        processes.start(name)
        after = len(shown_accounts(person, running))
        assert after >= before
        again = person.approve(page)  # he presses the button once more
        assert again.status < 500, again.text
        before = len(shown_accounts(person, running))
        assert before >= after
    person.approve(asked(person, running))
    assert len(shown_accounts(person, running)) > before
