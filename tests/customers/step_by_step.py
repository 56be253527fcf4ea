"""
Ty Webb at his browser, one step after the other.

It holds no certificate and goes to the conventional listener only. Redirects are
answers like any other, since where they lead is what the tests want to know.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit

from pki.http.answers import Answer
from pki.http.messages import Fields
from scripts.headless.browser import Browser as HeadlessBrowser
from scripts.headless.page import Page
from tests.customers.headless import now, sent_by
from tests.in_memory.authorization_server import CONVENTIONAL, FORM, Deployment
from tests.in_memory.consents import TY

PASSWORD = "be-the-ball"
AUTHORIZE = f"{CONVENTIONAL}/authorize"


@dataclass
class Browser:
    """Whoever sits at it has the cookies of one host."""

    server: Deployment
    _browser: HeadlessBrowser = field(init=False)

    def __post_init__(self) -> None:
        """It has been nowhere."""
        self._browser = HeadlessBrowser(sent_by(self._send))

    @property
    def cookies(self) -> Mapping[str, str]:
        """What the bank has set."""
        return self._browser.cookies.of(CONVENTIONAL)

    def get(self, url: str) -> Answer:
        """Open a page, by a link or by hand."""
        return now(self._browser.get(url)).answer

    def authorize(
        self, request_uri: str, client_id: str = "banking-client", **others: str
    ) -> Answer:
        """Come from the client, with the two parameters it may send."""
        query = {"client_id": client_id, "request_uri": request_uri, **others}
        return self.get(f"{AUTHORIZE}?{urlencode(query)}")

    def submit(self, page: Answer, action: str, **typed: str | None) -> Answer:
        """Send the form of *page* that leads to *action*; None leaves a field out."""
        here = Page(CONVENTIONAL, page)
        return now(self._browser.send_form(here, action, typed)).answer

    def post(self, path: str, form: Mapping[str, str], **changed: str) -> Answer:
        """Send a form as from a page of the same origin."""
        sent = {"Origin": CONVENTIONAL, "Sec-Fetch-Site": "same-origin", **changed}
        headers = (("Content-Type", FORM), *sent.items())
        body = urlencode(form).encode()
        return now(self._browser.ask("POST", CONVENTIONAL + path, headers, body))

    def follow(self, answer: Answer) -> Answer:
        """Go where a redirect within the bank leads."""
        location = answer.header("location")
        assert answer.status == 303, answer.status
        assert location is not None
        return self.get(CONVENTIONAL + location)

    def _send(self, method: str, url: str, headers: Fields, body: bytes) -> Answer:
        return self.server.request(method, url, headers=headers, body=body)


def forms_of(page: Answer) -> dict[str, dict[str, str]]:
    """The filled in fields of each form, by where it leads."""
    assert page.header("content-type") == "text/html; charset=utf-8", page.status
    forms = Page(CONVENTIONAL, page).forms
    return {path: form.fields for path, form in forms.items()}


def sent_back(answer: Answer, redirect_uri: str) -> dict[str, str]:
    """The parameters with which the browser is sent to *redirect_uri*."""
    assert answer.status == 303, answer.status
    location = answer.header("location")
    assert location is not None
    assert location.startswith(redirect_uri)
    query = parse_qs(
        urlsplit(location).query, keep_blank_values=True, strict_parsing=True
    )
    return {name: value for name, (value,) in query.items()}


def sign_in(browser: Browser, page: Answer) -> Answer:
    """Ty signs in with his password; what comes next."""
    answer = browser.submit(page, "/sign-in", username=TY, password=PASSWORD)
    return browser.follow(answer)


def confirm(browser: Browser, page: Answer) -> Answer:
    """Ty types the code that the page of a test bank shows; what comes next."""
    code = re.search(rb">(\d{3} \d{3})<", page.body)
    assert code is not None
    answer = browser.submit(page, "/second-factor", totp=code[1].decode())
    return browser.follow(answer)


def consent_page(browser: Browser, request_uri: str) -> Answer:
    """The page that asks Ty, who has signed in as well as the request wants it."""
    page = sign_in(browser, browser.authorize(request_uri))
    if "/second-factor" in forms_of(page):
        page = confirm(browser, page)
    assert "/consent" in forms_of(page)
    return page


def approve(browser: Browser, page: Answer) -> Answer:
    """Ty shares his first account."""
    chosen = {"account:1": "yes"}
    return browser.submit(page, "/consent", decision="approved", **chosen)
