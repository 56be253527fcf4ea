"""A customer signs in with her password, again and again: OpenID Connect Core 3.1.2."""

import asyncio
import json
import secrets
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

from pki.http.answers import Answer
from pki.http.messages import Fields
from scripts.deployment.place import Place
from scripts.headless.browser import FORM, Browser
from scripts.headless.page import NotOnThePage, Page
from scripts.soak.asking import Asking, NoAnswer

CUSTOMER = "ty.webb@example.com"
PASSWORD = "be-the-ball"  # noqa: S105 - the test bank shows it on its page
PATH = "/sign-in"
_SOMEBODY_ELSE = "/not-you"
CLIENT = "banking-client"
"""Pushes for her. Of public clients a network may push 200 requests, and no more."""


def push(asking: Asking, place: Place) -> str:
    """
    Push a request for which she has to sign in, whoever she is; the URL to open.

    *asking* asks with the certificate of CLIENT.

    Raises:
        NoAnswer: none, or one that is no success.
    """
    parameters = {
        "client_id": CLIENT,
        "response_type": "code",
        "redirect_uri": f"{place.client}/callback",
        "scope": "openid",
        "state": secrets.token_urlsafe(16),
        "nonce": secrets.token_urlsafe(16),
        # Of no verifier: nobody will get as far as the code.
        "code_challenge": secrets.token_urlsafe(32),
        "code_challenge_method": "S256",
        "prompt": "login",
    }
    headers = (("Content-Type", FORM),)
    body = urlencode(parameters).encode()
    answer = asking.ask("POST", f"{place.mtls}/par", headers, body)
    if answer.status != 201:
        raise NoAnswer(f"POST /par: {answer.status}")
    reference = json.loads(answer.body)["request_uri"]
    query = urlencode({"client_id": CLIENT, "request_uri": reference})
    return f"{place.issuer}/authorize?{query}"


@dataclass
class Customer:
    """Her browser, which keeps its cookies: the bank has seen it before."""

    place: Place
    without_certificate: Asking
    _browser: Browser = field(init=False)

    def __post_init__(self) -> None:
        self._browser = Browser(self._send)

    def sign_in(self, asking: Asking) -> float:
        """
        Sign in; how many seconds her name and password took.

        *asking* pushes the request for her.

        Raises:
            NoAnswer: she is not let in, or there is no page.
        """
        page = asyncio.run(self._sign_in_page(push(asking, self.place)))
        filled_in: dict[str, str | None] = {"username": CUSTOMER, "password": PASSWORD}
        begun = time.perf_counter()
        answer = asyncio.run(self._posted(page, filled_in))
        seconds = time.perf_counter() - begun
        if answer.status != 303:
            raise NoAnswer(f"POST {PATH}: {answer.status}")
        return seconds

    async def _sign_in_page(self, url: str) -> Page:
        """Whoever the bank takes her for is not her: it asks again."""
        page = await self._browser.open(url)
        if _SOMEBODY_ELSE in page.forms and PATH not in page.forms:
            return await self._browser.submit(page, _SOMEBODY_ELSE, {})
        return page

    async def _posted(self, page: Page, filled_in: dict[str, str | None]) -> Page:
        try:
            return await self._browser.send_form(page, PATH, filled_in)
        except NotOnThePage as problem:
            raise NoAnswer(f"no sign-in page: {page.status}") from problem

    async def _send(
        self, method: str, url: str, headers: Fields, body: bytes
    ) -> Answer:
        return self.without_certificate.ask(method, url, headers, body)
