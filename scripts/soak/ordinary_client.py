"""
The ordinary client: one thing after another, as many rounds as a period has.

A round is a token and the accounts it opens (RFC 6749 section 4.4, RFC 8705 section 3)
on kept connections, the same on new ones, and a customer who signs in.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from pki.http.answers import Answer
from scripts.deployment.place import Place
from scripts.headless.browser import FORM
from scripts.soak.asking import Asking, NoAnswer
from scripts.soak.figures import KEPT, NEW, SIGN_IN, Figures
from scripts.soak.sign_in import CLIENT, Customer

TOKEN_REQUEST = f"grant_type=client_credentials&client_id={CLIENT}&scope=accounts"
TOKEN_FIELDS = (("Content-Type", FORM),)

_Ask = Callable[..., Answer]


@dataclass
class OrdinaryClient:
    """Lives through the whole run, so that the nodes know it and its customer."""

    place: Place
    _client: Asking = field(init=False)
    _browser: Asking = field(init=False)
    _customer: Customer = field(init=False)

    def __post_init__(self) -> None:
        self._client = Asking(self.place.tls(CLIENT))
        self._browser = Asking(self.place.tls(None))
        self._customer = Customer(self.place, self._browser)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self._client.__exit__()
        self._browser.__exit__()

    def measure(self, seconds: float) -> Figures:
        """
        Rounds for *seconds*, and until they suffice; the last one is gone through.

        The connections that are kept are of this period.
        """
        figures = Figures()
        with self._client, self._browser:
            end = time.monotonic() + seconds
            first = Figures()  # connects, so its times are another matter
            self._round(first)
            figures.failures += first.failures
            while True:
                self._round(figures)
                if time.monotonic() >= end and figures.suffice:
                    return figures

    def _round(self, figures: Figures) -> None:
        self._token_and_accounts(figures, KEPT, self._client.ask)
        self._token_and_accounts(figures, NEW, self._client.ask_anew)
        try:
            figures.seconds[SIGN_IN].append(self._customer.sign_in(self._client))
        except NoAnswer as problem:
            figures.failures.append(str(problem))

    def _token_and_accounts(self, figures: Figures, kind: str, ask: _Ask) -> None:
        try:
            body = TOKEN_REQUEST.encode()
            url = f"{self.place.mtls}/token"
            answer = _timed(figures, kind, ask, "POST", url, TOKEN_FIELDS, body)
            token = json.loads(answer.body)["access_token"]
            bearer = (("Authorization", f"Bearer {token}"),)
            url = f"{self.place.resource}/accounts"
            _timed(figures, kind, ask, "GET", url, bearer)
        except NoAnswer as problem:
            figures.failures.append(str(problem))


def _timed(figures: Figures, kind: str, ask: _Ask, *request: object) -> Answer:
    begun = time.perf_counter()
    answer = ask(*request)
    if answer.status != 200:
        raise NoAnswer(f"{request[0]} {request[1]}: {answer.status}")
    figures.seconds[kind].append(time.perf_counter() - begun)
    return answer
