"""
Requests as a browser sends them, for what takes a request and gives a response.

There is no network here; a test that has one uses the browser of `scripts.headless`.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from urllib.parse import urlencode

from as_node.authorization.request import (
    AuthorizationRequest,
    RequestedAuthentication,
)
from as_node.authorization.response import WayBack
from as_node.browser.pending_requests import PendingRequest
from as_node.login.known_browsers import COOKIE as KNOWN_BROWSER
from pki.http.answers import Answer
from pki.http.messages import Connection, Request, Response
from scripts.headless.browser import FORM
from scripts.headless.page import Page
from tests.as_node.authorizing import CHALLENGE, CLIENT, REDIRECT_URI

ORIGIN = "https://localhost:9443"
ASKED = AuthorizationRequest(
    client_id=CLIENT.client_id,
    redirect_uri=REDIRECT_URI,
    scope=frozenset({"accounts", "openid"}),
    code_challenge=CHALLENGE,
    state="a state",
    nonce=None,
    claims={},
    openbanking_intent_id=None,
    subs=None,
    authentication=RequestedAuthentication(
        may_ask=True,
        anew=False,
        max_age=None,
        second_factor=False,
        acr_is_essential=False,
    ),
)
PENDING = PendingRequest(
    request_uri="urn:ietf:params:oauth:request_uri:one",
    client=replace(CLIENT, client_name="Example Banking Client"),
    asked=ASKED,
    way_back=WayBack(issuer=ORIGIN, redirect_uri=REDIRECT_URI, state="a state"),
)


class Browser:
    """
    Sends what it was given last for each cookie, or what a test puts in its place.

    *cookie* is that of its session, *known* the one that tells it from strangers.
    """

    def __init__(self, address: str = "127.0.0.1:50000") -> None:
        self.cookie: str | None = None
        self.known: str | None = None
        self._address = address

    def get(self, path: str = "/authorize") -> Request:
        """A GET with the cookie."""
        return self._request("GET", path, {}, b"")

    def post(
        self,
        path: str,
        form: Mapping[str, str],
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> Request:
        """A POST with the cookie."""
        fields = {"content-type": FORM, **headers}
        return self._request("POST", path, fields, urlencode(form).encode())

    def shown(self, response: Response) -> str:
        """Take an answer: keep its cookie, give its page."""
        for name, value in response.headers:
            if name == "Set-Cookie" and value.startswith(KNOWN_BROWSER):
                self.known = value.partition(";")[0]
            elif name == "Set-Cookie":
                self.cookie = value.partition(";")[0]
        return response.body.decode()

    def _request(
        self, method: str, path: str, fields: Mapping[str, str], body: bytes
    ) -> Request:
        headers = {name: (value,) for name, value in fields.items()}
        if cookies := [each for each in (self.cookie, self.known) if each]:
            headers["cookie"] = ("; ".join(cookies),)
        connection = Connection(
            1, self._address, "TLSv1.3", certificate_requested=False, peer=None
        )
        return Request(method, path, "", headers, body, connection)


def fields_of(page: str, action: str) -> dict[str, str]:
    """
    The fields of the only form that leads to *action*, as the page has them.

    Those that a test bank has filled in, under it, are not meant.
    """
    assert page.count(f'<form method="post" action="{action}"') == 1
    return Page(ORIGIN, Answer(200, {}, page.encode())).form(action).fields


def header(response: Response, name: str) -> str | None:
    """The only header field of this name."""
    values = [value for each, value in response.headers if each == name]
    assert len(values) <= 1
    return values[0] if values else None
