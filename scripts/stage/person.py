"""
A person at a browser, without the screen: follows, reads forms, fills them in.

It knows pages by what is on them, as she would, and nothing of the servers' code.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

from client_node.oauth.requests.identity import Identity
from pki.http.answers import Answer

_SHOWN_CODE = re.compile(r"\b(\d{3}) (\d{3})\b")
_NEXT_CODE = re.compile(r"The next one comes within (\d+) seconds")
_MOST_REDIRECTS = 5


class NotOnThePage(Exception):
    """What she looks for is not there: another page came than she expected."""


@dataclass(slots=True)
class Form:
    """A form: where it goes, and the fields that are filled in already."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    choices: list[tuple[str, str]] = field(default_factory=list)
    """Checkboxes, of which she ticks some."""


class _Forms(HTMLParser):
    """The forms of a page, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form, or a field of the last one."""
        named = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(named.get("action", "")))
        elif tag == "input" and self.forms and "name" in named:
            form, pair = self.forms[-1], (named["name"], named.get("value", ""))
            (form.choices if named.get("type") == "checkbox" else form.fields).append(
                pair
            )


@dataclass(slots=True)
class Person:
    """
    *browser* is a client without a certificate.

    Cookies are kept for each origin and sent back there; a redirect is followed only
    within an origin, so the one that leads back to the client is what she ends with.
    """

    browser: Identity
    url: str = ""
    page: Answer | None = None
    _cookies: dict[str, dict[str, str]] = field(default_factory=dict)

    async def open(self, url: str) -> Answer:
        """Go there; the answer as it comes, a redirect not followed."""
        return await self._request("GET", url)

    async def follow(self) -> Answer:
        """Follow redirects as far as they stay within the origin."""
        for _ in range(_MOST_REDIRECTS):
            leads_to = self.leads_to
            if leads_to is None or _origin(leads_to) != _origin(self.url):
                break
            await self.open(leads_to)
        return self._shown()

    @property
    def leads_to(self) -> str | None:
        """Where the last answer redirects to."""
        location = self._shown().header("location")
        return None if location is None else urljoin(self.url, location)

    async def submit(
        self, action: str, values: Mapping[str, str], *, tick_all: bool = False
    ) -> Answer:
        """
        Fill in the form that goes to the path *action*, and send it.

        Raises:
            NotOnThePage: there is none.
        """
        form = self._form(action)
        kept = [(name, value) for name, value in form.fields if name not in values]
        ticked = form.choices if tick_all else []
        body = urlencode([*kept, *ticked, *values.items()]).encode()
        return await self._request("POST", urljoin(self.url, form.action), body)

    def find_shown_code(self) -> str | None:
        """The code that a test bank shows beside the field for it, if it shows one."""
        found = _SHOWN_CODE.search(self._text)
        return None if found is None else found[1] + found[2]

    def seconds_to_the_next_code(self) -> int:
        """
        How long it takes where all codes of this moment are used.

        Raises:
            NotOnThePage: the page does not say.
        """
        found = _NEXT_CODE.search(self._text)
        if found is None:
            raise NotOnThePage("no code, and none is announced")
        return int(found[1])

    def sees_form(self, action: str) -> bool:
        """Whether there is a form that goes to the path *action*."""
        return any(urlsplit(form.action).path == action for form in self._forms())

    def _form(self, action: str) -> Form:
        for form in self._forms():
            if urlsplit(form.action).path == action:
                return form
        raise NotOnThePage(f"{self.url}: no form for {action}")

    def _forms(self) -> list[Form]:
        forms = _Forms()
        forms.feed(self._text)
        return forms.forms

    async def _request(self, method: str, url: str, body: bytes = b"") -> Answer:
        origin = _origin(url)
        fields = [("Accept", "text/html"), ("Origin", origin)]
        if method == "POST":
            fields.append(("Content-Type", "application/x-www-form-urlencoded"))
        jar = self._cookies.setdefault(origin, {})
        if jar:
            pairs = "; ".join(f"{name}={value}" for name, value in jar.items())
            fields.append(("Cookie", pairs))
        answer = await self.browser.send(method, url, tuple(fields), body)
        for set_cookie in answer.headers.get("set-cookie", ()):
            name, _, value = set_cookie.partition(";")[0].partition("=")
            jar[name] = value
        self.url, self.page = url, answer
        return answer

    @property
    def _text(self) -> str:
        return self._shown().body.decode("utf-8")

    def _shown(self) -> Answer:
        if self.page is None:
            raise NotOnThePage("no page is open")
        return self.page


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
