"""The browser: asks, keeps cookies, follows, sends forms."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode, urljoin, urlsplit

from pki.http.answers import Answer
from pki.http.messages import Fields
from scripts.headless.cookies import Cookies
from scripts.headless.page import Page

Send = Callable[[str, str, Fields, bytes], Awaitable[Answer]]
"""Sends a request: method, URL, header fields, body."""

FORM = "application/x-www-form-urlencoded"
_MOST_REDIRECTS = 10


class WouldNotGo(Exception):
    """Where no browser would go: against a page's policy, or in circles."""


@dataclass
class Browser:
    """
    A browser without a screen.

    It follows redirects to the *origins* alone, by default to the one where it is; one
    to anywhere else it shows as it is.
    """

    send: Send
    origins: Collection[str] | None = None
    cookies: Cookies = field(default_factory=Cookies)

    async def open(self, url: str) -> Page:
        """Go to *url*, as by a link, and on to where that leads."""
        return await self.follow(await self.get(url))

    async def submit(
        self, page: Page, path: str, filled_in: Mapping[str, str | None]
    ) -> Page:
        """Send the form of *page* that leads to *path*, and go where that leads."""
        return await self.follow(await self.send_form(page, path, filled_in))

    async def get(self, url: str) -> Page:
        """Go to *url*; a redirect is shown as it is."""
        return Page(url, await self.ask("GET", url))

    async def send_form(
        self, page: Page, path: str, filled_in: Mapping[str, str | None]
    ) -> Page:
        """
        Send the form of *page* that leads to *path*; a redirect is shown as it is.

        Its fields are as the page has them, but for what was *filled_in*; None leaves
        one out.

        Raises:
            NotOnThePage: there is no such form.
        """
        form = page.form(path)
        url = urljoin(page.url, form.action)
        body = _encoded({**form.fields, **filled_in})
        headers = (("Content-Type", FORM), *_sent_from(page, url))
        return Page(url, await self.ask("POST", url, headers, body), _form_action(page))

    async def follow(self, page: Page) -> Page:
        """
        Go where *page* leads, as far as the browser goes by itself.

        Raises:
            WouldNotGo: it leads where the page of its form forbids, or in circles.
        """
        origins = {origin_of(page.url)} if self.origins is None else self.origins
        for _ in range(_MOST_REDIRECTS):
            following = _find_following(page)
            if following is None or origin_of(following) not in origins:
                return page
            page = replace(await self.get(following), form_action=page.form_action)
        raise WouldNotGo(f"redirected in circles: {page.url}")

    async def ask(
        self, method: str, url: str, headers: Fields = (), body: bytes = b""
    ) -> Answer:
        """One request, whatever its header fields say, with the cookies of *url*."""
        own = (("Accept", "text/html"), *headers, *self.cookies.field(url))
        answer = await self.send(method, url, own, body)
        self.cookies.keep(url, answer.headers.get("set-cookie", ()))
        return answer


def origin_of(url: str) -> str:
    """Scheme, host and port."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _encoded(fields: Mapping[str, str | None]) -> bytes:
    given = {name: value for name, value in fields.items() if value is not None}
    return urlencode(given).encode()


def _find_following(page: Page) -> str | None:
    """Where a redirect leads, if its page may lead there."""
    following = page.leads_to
    if following is None:
        return None
    if page.status not in {302, 303}:
        raise WouldNotGo(f"{page.url}: a Location with status {page.status}")
    if page.form_action is not None and origin_of(following) not in page.form_action:
        allowed = ", ".join(sorted(page.form_action))
        raise WouldNotGo(f"the policy of forms is {allowed or 'none'}, not {following}")
    return following


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
        name, *sources = directive.split() or [""]
        if name == "form-action":
            own = {"'self'": origin_of(page.url)}
            return {own.get(source, source) for source in sources}
    return None
