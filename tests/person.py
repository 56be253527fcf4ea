"""
A customer at a browser that has no screen.

The browser keeps cookies, follows redirects to the places it was told of, fills in
the forms it is shown, and holds to the policies of the pages as a real one does. It
has no certificate, ever. The person signs in, and then approves or refuses.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from pki.http.answers import Answer
from pki.http.messages import Fields

Send = Callable[[str, str, Fields, bytes], Answer]
"""Sends a request: method, URL, header fields, body."""

FORM = "application/x-www-form-urlencoded"
_MOST_REDIRECTS = 10

# One that was used before the bank was restarted is shown once more, and refused.
_MOST_CODES = 3

TY = "ty.webb@example.com"
TYS_PASSWORD = "be-the-ball"


@dataclass
class Form:
    """A form of a page: *fields* has what is filled in, *boxes* the names to tick."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    boxes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """Where the browser is; *url* is the one it asked last."""

    url: str
    answer: Answer

    @property
    def status(self) -> int:
        """Of the answer."""
        return self.answer.status

    @property
    def text(self) -> str:
        """What it says, tags included."""
        return self.answer.body.decode("utf-8")

    @property
    def location(self) -> str | None:
        """Where the browser was sent and did not go, because nobody serves it."""
        return self.answer.header("location")

    @property
    def forms(self) -> dict[str, Form]:
        """Its forms, by the path they lead to."""
        parser = _Forms()
        parser.feed(self.text)
        return {urlsplit(urljoin(self.url, f.action)).path: f for f in parser.found}

    def sent_back(self) -> dict[str, str]:
        """The parameters of the redirect that the browser did not follow."""
        assert self.status == 303, (self.status, self.text)
        assert self.location is not None
        pairs = parse_qsl(
            urlsplit(self.location).query, keep_blank_values=True, strict_parsing=True
        )
        assert len(pairs) == len(dict(pairs)), "a parameter comes twice"
        return dict(pairs)


@dataclass
class Browser:
    """
    A browser without a screen.

    It goes to the *origins* alone; a redirect to anywhere else it shows as it is.
    """

    send: Send
    origins: Collection[str]
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)

    def open(self, url: str) -> Page:
        """Go to *url*, as by a link, and on to where that leads."""
        return self._arrive(url, self._ask("GET", url))

    def submit(self, page: Page, path: str, **filled_in: str) -> Page:
        """
        Send the form of *page* that leads to *path*, and go where that leads.

        Its fields are as the page has them, but for what was *filled_in*.
        """
        form = page.forms[path]
        url = urljoin(page.url, form.action)
        body = urlencode({**form.fields, **filled_in}).encode()
        headers = (("Content-Type", FORM), *_sent_from(page, url))
        answer = self._ask("POST", url, headers, body)
        return self._arrive(url, answer, _form_action(page))

    def _arrive(
        self, url: str, answer: Answer, allowed: Collection[str] | None = None
    ) -> Page:
        """*allowed* are the origins a form may lead to, if it was a form."""
        for _ in range(_MOST_REDIRECTS):
            location = answer.header("location")
            if location is None:
                return Page(url, answer)
            assert answer.status in {302, 303}, answer.status
            following = urljoin(url, location)
            assert allowed is None or origin_of(following) in allowed, (
                f"the page's policy lets its form lead to {allowed}, not to {following}"
            )
            if origin_of(following) not in self.origins:
                return Page(url, answer)
            url, answer = following, self._ask("GET", following)
        raise AssertionError(f"redirected in circles: {url}")

    def _ask(
        self, method: str, url: str, headers: Fields = (), body: bytes = b""
    ) -> Answer:
        # Cookies go by host and ignore ports (RFC 6265 section 8.5).
        kept = self.cookies.setdefault(urlsplit(url).hostname or "", {})
        cookie = "; ".join(f"{name}={value}" for name, value in kept.items())
        own: Fields = (("Accept", "text/html"),)
        if cookie:
            own = (*own, ("Cookie", cookie))
        answer = self.send(method, url, (*own, *headers), body)
        for set_cookie in answer.headers.get("set-cookie", ()):
            _keep(kept, set_cookie)
        return answer


@dataclass
class Person:
    """Somebody who has an account at the bank, and a browser."""

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
        boxes = page.forms["/consent"].boxes
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


def origin_of(url: str) -> str:
    """Scheme, host and port."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _sent_from(page: Page, url: str) -> Fields:
    """
    What a browser says of the page a form was sent from.

    Under the policy `no-referrer` the origin is hidden (Fetch section 3.1).
    """
    here = origin_of(page.url)
    hidden = page.answer.header("referrer-policy") == "no-referrer"
    site = "same-origin" if here == origin_of(url) else "cross-site"
    return (("Origin", "null" if hidden else here), ("Sec-Fetch-Site", site))


def _form_action(page: Page) -> Collection[str] | None:
    """Where the page's policy lets its forms lead, redirects included; None: away."""
    policy = page.answer.header("content-security-policy") or ""
    for directive in policy.split(";"):
        name, *sources = directive.split()
        if name == "form-action":
            own = {"'self'": origin_of(page.url)}
            return {own.get(source, source) for source in sources}
    return None


def _keep(kept: dict[str, str], set_cookie: str) -> None:
    """As a browser does, which drops a `__Host-` cookie that is not one."""
    pair, *attributes = (part.strip() for part in set_cookie.split(";"))
    name, _, value = pair.partition("=")
    said = {each.partition("=")[0].lower(): each for each in attributes}
    if name.startswith("__Host-"):
        assert "secure" in said, set_cookie
        assert said.get("path") == "Path=/", set_cookie
        assert "domain" not in said, set_cookie
    if said.get("max-age") == "Max-Age=0":
        kept.pop(name, None)
    else:
        kept[name] = value


class _Forms(HTMLParser):
    """Finds the forms of a page: hidden and filled in fields, and boxes to tick."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A form, or a field of the one that began last."""
        attributes = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(attributes["action"]))
        elif tag == "input":
            self._field(attributes)

    def _field(self, attributes: Mapping[str, str]) -> None:
        name, value = attributes["name"], attributes.get("value", "")
        form = self.found[-1]
        if attributes.get("type") == "checkbox":
            form.boxes[name] = value
            if "checked" in attributes:
                form.fields[name] = value
        else:
            form.fields[name] = value
