# mypy: disallow-untyped-calls=False
"""
`python -m client_node mobile` against the whole authorization server, and Ty Webb at
the browser between them.
"""

import io
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from twisted.internet.defer import Deferred

from client_node.cli.command_line import parse
from client_node.cli.mobile import PATIENCE
from client_node.cli.run import Console, run
from client_node.config import SHIPPED
from pki.http.answers import Answer
from tests.customers.step_by_step import Browser, confirm, forms_of, sign_in
from tests.in_memory.authorization_server import CONVENTIONAL, Deployment
from tests.in_memory.consents import TY
from tests.in_memory.loopback import come_back
from tests.in_memory.network import FREE_PORT


class Application:
    """One run of the command line, while somebody sits at the browser."""

    def __init__(self, server: Deployment, folder: Path) -> None:
        self.server = server
        self.config = folder / "client.toml"
        text = SHIPPED.read_text(encoding="utf-8")
        issued = f"{server.issued.directory}/"
        self.config.write_text(text.replace("../pki/issued/", issued), encoding="utf-8")
        self.opened: list[str] = []
        self.status: list[int] = []
        self.out, self.err = io.StringIO(), io.StringIO()

    def start(self, *arguments: str) -> None:
        """Run it until it waits for the customer."""
        options = parse(["--config", str(self.config), "mobile", *arguments])
        console = Console(
            io.StringIO(), self.out, self.err, open_browser=self.opened.append
        )
        network = self.server.network
        running = run(
            options, console, network.reactor, network.clock, endpoint=network.endpoint
        )
        Deferred.fromCoroutine(running).addCallback(self.status.append)
        network.flush()

    def url(self) -> str:
        """What it tells the person to open."""
        (line,) = [line for line in self.out.getvalue().splitlines() if "://" in line]
        return line.strip()

    def bring_back(self, answer: Answer) -> str:
        """Follow the redirect to where it listens."""
        location = answer.header("location")
        assert answer.status == 303, answer.status
        assert location is not None
        assert location.startswith(f"http://127.0.0.1:{FREE_PORT}/callback?")
        parts = urlsplit(location)
        said = come_back(self.server.network.reactor, f"{parts.path}?{parts.query}")
        self.server.network.flush()
        return said


@pytest.fixture
def application(server: Deployment, tmp_path: Path) -> Iterator[Application]:
    """An application on a machine of its own."""
    application = Application(server, tmp_path)
    yield application
    if not application.status:
        server.network.reactor.advance(PATIENCE)
        server.network.flush()


def asked(application: Application) -> tuple[Browser, Answer]:
    """Ty has signed in, and is asked."""
    browser = Browser(application.server)
    page = sign_in(browser, browser.get(application.url()))
    if "/second-factor" in forms_of(page):
        page = confirm(browser, page)
    return browser, page


def test_a_customer_signs_in(application: Application) -> None:
    """RFC 8705 section 4: no credentials, a certificate of its own, a bound token."""
    application.start()
    assert application.opened == []
    assert application.url().startswith(
        f"{CONVENTIONAL}/authorize?client_id=mobile-app"
    )
    browser, page = asked(application)
    said = application.bring_back(browser.submit(page, "/consent", decision="approved"))
    assert "You can close this window." in said
    assert application.err.getvalue() == ""
    assert application.status == [0]
    out = application.out.getvalue()
    assert TY in out
    assert "x5t#S256" in out
    assert out.endswith("What the bank gave is revoked (RFC 7009).\n")
    assert "grant_type=authorization_code" in application.server.log.getvalue()


def test_the_browser_is_opened_where_it_is_asked_for(application: Application) -> None:
    """RFC 8252 section 8.12: the person's own browser, and no window of ours."""
    application.start("--open")
    assert application.opened == [application.url()]


def test_a_customer_says_no(application: Application) -> None:
    """RFC 6749 section 4.1.2.1: told in a line."""
    application.start()
    browser, page = asked(application)
    said = application.bring_back(browser.submit(page, "/consent", decision="refused"))
    assert "The bank gave no access." in said
    assert application.status == [1]
    assert "gave no access: access_denied" in application.err.getvalue()


def test_nobody_comes(application: Application) -> None:
    """It says so, and ends."""
    application.start()
    application.server.network.reactor.advance(PATIENCE)
    application.server.network.flush()
    assert application.status == [3]
    assert "nobody came back from the bank" in application.err.getvalue()


def test_another_client_id_is_refused(application: Application) -> None:
    """The certificate that it made is nobody's: a confidential client it cannot be."""
    application.start("--as", "banking-client")
    assert application.status == [1]
    assert "401 invalid_client" in application.err.getvalue()


def test_a_certificate_that_is_given_is_used(application: Application) -> None:
    """RFC 8705 section 4: any certificate will do."""
    given, issued = "other-tpp", application.server.issued
    certificate, key = issued.certificate(given), issued.key(given)
    application.start("--certificate", str(certificate), "--key", str(key))
    browser, page = asked(application)
    application.bring_back(browser.submit(page, "/consent", decision="approved"))
    assert application.status == [0]
    assert application.server.x5t_s256(given) in application.out.getvalue()
