"""
The whole code flow: push the request, open the page, redeem the code.

RFC 9126, RFC 6749 section 4.1, RFC 7636. The customer has signed in before and is asked
nothing more: what is measured is the servers, not how long she thinks.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from scripts.bench import clients
from scripts.bench.contenders import checking, requests
from scripts.bench.contenders.contender import Skipped
from scripts.bench.contenders.site import Site
from scripts.bench.load.answers import Answer
from scripts.bench.load.callers import (
    Caller,
    Step,
    WrongAnswer,
    verify_success,
)
from scripts.bench.load.loading import Loading
from scripts.bench.load.tls import Door

CALLERS = 32
_BACK, _FRONT = 0, 1  # the client's door, and the browser's
_NAME = clients.FLOW.client_id


@dataclass(frozen=True, slots=True)
class Customers:
    """
    Of an authorization server at *site*.

    *back* is the port that clients push to and redeem at, *front* the browsers'; the
    other three are the paths of the endpoints.
    """

    site: Site
    back: int
    front: int
    par: str
    authorize: str
    token: str

    def callers(self) -> Sequence[Caller]:
        """Each a customer of her own, with her client's certificate."""
        doors = (self.site.door(self.back, _NAME), self.site.door(self.front, None))
        return [Customer(self, doors) for _ in range(CALLERS)]

    def verify(self) -> None:
        """
        The flow comes to its end, and the token is bound.

        Raises:
            Skipped: otherwise.
        """
        customer = Customer(self, self.callers()[0].doors)
        loading = Loading([customer], 1)
        try:
            failures = loading.run(0).failures
        finally:
            loading.close()
        if failures:
            raise Skipped(f"the code flow fails: {failures[0]}")
        token = checking.access_token(customer.last)
        checking.verify_jwt(self.site, _NAME, clients.FLOW.alg, token)


@dataclass
class Customer:
    """Goes through the flow again and again; *last* is the last token response."""

    customers: Customers
    doors: Sequence[Door]
    last: bytes = b""
    _verifier: str = ""
    _cookies: dict[str, str] = field(default_factory=dict)

    def begin(self) -> Step:
        """Push a request."""
        self._verifier = secrets.token_urlsafe(32)
        digest = hashlib.sha256(self._verifier.encode()).digest()
        return Step(
            _BACK,
            requests.post(
                self.customers.back,
                self.customers.par,
                client_id=_NAME,
                response_type="code",
                redirect_uri=clients.REDIRECT_URI,
                scope="openid",
                state=secrets.token_urlsafe(16),
                nonce=secrets.token_urlsafe(16),
                code_challenge=base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
                code_challenge_method="S256",
            ),
        )

    def heard(self, answer: Answer) -> Step | None:
        """What the client, or the browser, does then."""
        if answer.status == 201:
            reference = json.loads(answer.body)["request_uri"]
            query = f"client_id={_NAME}&request_uri={reference}"
            return self._opened(f"{self.customers.authorize}?{query}")
        if answer.status in (302, 303):
            return self._sent_on(answer)
        verify_success(answer)
        self.last = answer.body
        return None

    def _sent_on(self, answer: Answer) -> Step:
        """To the client, whose code it is; or to another page of the server's."""
        for cookie in answer.values("set-cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        location = answer.values("location")[0]
        if not location.startswith(clients.REDIRECT_URI):
            parts = urlsplit(location)
            return self._opened(f"{parts.path}?{parts.query}")
        parameters = parse_qs(urlsplit(location).query)
        if "code" not in parameters:
            raise WrongAnswer(f"no code: {location}")
        return Step(
            _BACK,
            requests.post(
                self.customers.back,
                self.customers.token,
                grant_type="authorization_code",
                client_id=_NAME,
                code=parameters["code"][0],
                redirect_uri=clients.REDIRECT_URI,
                code_verifier=self._verifier,
            ),
        )

    def _opened(self, target: str) -> Step:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = [f"Cookie: {cookies}"] if cookies else []
        return Step(_FRONT, requests.get(self.customers.front, target, *headers))
