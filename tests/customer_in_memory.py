"""
Ty Webb at his browser, which has no screen: it keeps cookies and fills in forms.

It holds no certificate and goes to the conventional listener only. Redirects are
answers like any other, since where they lead is what the tests want to know.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from pki.http.answers import Answer
from pki.http.messages import Fields
from tests.as_in_memory import CONVENTIONAL, FORM, Deployment
from tests.consents_in_memory import TY

PASSWORD = "be-the-ball"
AUTHORIZE = f"{CONVENTIONAL}/authorize"


@dataclass
class Browser:
    """Whoever sits at it has the cookies of one host."""

    server: Deployment
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, url: str) -> Answer:
        """Open a page, by a link or by hand."""
        return self._request("GET", url)

    def authorize(
        self, request_uri: str, client_id: str = "banking-client", **others: str
    ) -> Answer:
        """Come from the client, with the two parameters it may send."""
        query = {"client_id": client_id, "request_uri": request_uri, **others}
        return self.get(f"{AUTHORIZE}?{urlencode(query)}")

    def submit(self, page: Answer, action: str, **typed: str | None) -> Answer:
        """Send the form of *page* that leads to *action*; None leaves a field out."""
        fields = {**forms_of(page)[action], **typed}
        form = {name: value for name, value in fields.items() if value is not None}
        return self.post(action, form)

    def post(self, path: str, form: dict[str, str], **changed: str) -> Answer:
        """Send a form as from a page of the same origin."""
        sent = {"Origin": CONVENTIONAL, "Sec-Fetch-Site": "same-origin", **changed}
        headers = (("Content-Type", FORM), *sent.items())
        return self._request("POST", CONVENTIONAL + path, headers, form)

    def follow(self, answer: Answer) -> Answer:
        """Go where a redirect within the bank leads."""
        location = answer.header("location")
        assert answer.status == 303, answer.status
        assert location is not None
        return self.get(CONVENTIONAL + location)

    def _request(
        self,
        method: str,
        url: str,
        headers: Fields = (),
        form: dict[str, str] | None = None,
    ) -> Answer:
        if self.cookies:
            pairs = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            headers = (*headers, ("Cookie", pairs))
        body = urlencode(form).encode() if form is not None else b""
        answer = self.server.request(method, url, headers=headers, body=body)
        for field_value in answer.headers.get("set-cookie", ()):
            self._keep(field_value)
        return answer

    def _keep(self, set_cookie: str) -> None:
        pair, _, attributes = set_cookie.partition(";")
        name, _, value = pair.partition("=")
        if "Max-Age=0" in attributes:
            self.cookies.pop(name, None)
        else:
            self.cookies[name] = value


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, dict[str, str]] = {}
        self._form: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        attributes = dict(attrs)
        if tag == "form":
            self._form = self.found.setdefault(attributes["action"], {})
        elif tag == "input" and attributes.get("type") == "hidden":
            self._form[attributes["name"]] = attributes["value"]


def forms_of(page: Answer) -> dict[str, dict[str, str]]:
    """The hidden fields of each form, by where it leads."""
    assert page.header("content-type") == "text/html; charset=utf-8", page.status
    parser = _Forms()
    parser.feed(page.body.decode())
    return parser.found


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
