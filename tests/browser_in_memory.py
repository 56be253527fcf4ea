"""A browser, as far as the pages of the authorization server need one."""

import re
from collections.abc import Mapping
from dataclasses import replace
from html import unescape
from types import MappingProxyType
from urllib.parse import urlencode

from as_node.authorization.request import (
    AuthorizationRequest,
    RequestedAuthentication,
)
from as_node.authorization.response import WayBack
from as_node.browser.pending_requests import PendingRequest
from pki.http.messages import Connection, Request, Response
from tests.authorizing import CHALLENGE, CLIENT, NOW, REDIRECT_URI

ORIGIN = "https://localhost:9443"
FORM = "application/x-www-form-urlencoded"
ASKED = AuthorizationRequest(
    client_id=CLIENT.client_id,
    redirect_uri=REDIRECT_URI,
    scope=frozenset({"accounts", "openid"}),
    code_challenge=CHALLENGE,
    state="a state",
    nonce=None,
    claims={},
    openbanking_intent_id=None,
    authentication=RequestedAuthentication(
        may_ask=True,
        anew=False,
        max_age=None,
        second_factor=False,
        acr_is_essential=False,
    ),
    asked_at=NOW,
)
PENDING = PendingRequest(
    request_uri="urn:ietf:params:oauth:request_uri:one",
    client=replace(CLIENT, client_name="Example Banking Client"),
    asked=ASKED,
    way_back=WayBack(issuer=ORIGIN, redirect_uri=REDIRECT_URI, state="a state"),
)

_INPUT = re.compile(r"<input\b[^>]*>")
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')


class Browser:
    """Keeps a cookie, and sends the forms of the pages it was shown."""

    def __init__(self, address: str = "127.0.0.1:50000") -> None:
        self.cookie: str | None = None
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
            if name == "Set-Cookie":
                self.cookie = value.partition(";")[0]
        return response.body.decode()

    def _request(
        self, method: str, path: str, fields: Mapping[str, str], body: bytes
    ) -> Request:
        headers = {name: (value,) for name, value in fields.items()}
        if self.cookie is not None:
            headers["cookie"] = (self.cookie,)
        connection = Connection(
            1, self._address, "TLSv1.3", certificate_requested=False, peer=None
        )
        return Request(method, path, "", headers, body, connection)


def fields_of(page: str, action: str) -> dict[str, str]:
    """The fields of the form that leads to *action*, as the page has them."""
    (form,) = re.findall(
        rf'<form method="post" action="{action}".*?</form>', page, re.DOTALL
    )
    inputs = [dict(_ATTRIBUTE.findall(each)) for each in _INPUT.findall(form)]
    return {
        unescape(each["name"]): unescape(each.get("value", ""))
        for each in inputs
        if each.get("type") != "checkbox"
    }


def header(response: Response, name: str) -> str | None:
    """The only header field of this name."""
    values = [value for each, value in response.headers if each == name]
    assert len(values) <= 1
    return values[0] if values else None
