"""
An Open Banking bank that does as told, and a browser, in memory.

Every part of the bank's behaviour is an attribute or an answer a test may change, to
make of it a bank that misbehaves in one point.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS
from twisted.internet.defer import Deferred

from client_node.oauth.authorization.pkce import code_challenge
from client_node.web.journey.redeeming import SCA
from pki.http.answers import Answer
from pki.http.messages import Fields, Request, Response, json_response
from scripts.headless.browser import FORM
from scripts.headless.browser import Browser as HeadlessBrowser
from scripts.headless.cookies import Cookies
from scripts.headless.page import Page
from tests.client_node.in_memory.bank import (
    ISSUER,
    MTLS,
    RESOURCE,
    WEB,
    WELL_KNOWN,
    Bank,
    always,
    metadata_document,
)
from tests.customers.headless import now, sent_by

AISP = "/open-banking/v4.0/aisp"
SIGNING_KEY = JWK.generate(kty="EC", crv="P-256", kid="one", use="sig", alg="ES256")
OTHER_KEY = JWK.generate(kty="EC", crv="P-256", kid="two", use="sig", alg="ES256")
REQUEST_URI = "urn:ietf:params:oauth:request_uri:1"
SUB = "ty.webb@example.com"


def own_metadata(**changes: object) -> dict[str, object]:
    """The metadata of an authorization server that customers sign in at."""
    aliases = {
        f"{name}_endpoint": f"{MTLS}/{path}"
        for name, path in (
            ("token", "token"),
            ("revocation", "revoke"),
            ("pushed_authorization_request", "par"),
        )
    }
    conventional = {
        f"{name}_endpoint": f"{ISSUER}/{path}"
        for name, path in (
            ("authorization", "authorize"),
            ("pushed_authorization_request", "par"),
        )
    }
    return metadata_document(
        **{**conventional, "mtls_endpoint_aliases": aliases, **changes}
    )


def signed(claims: dict[str, Any], key: JWK = SIGNING_KEY, **header: object) -> str:
    """A JWT with these claims."""
    members = {"alg": "ES256", "kid": key.get("kid"), **header}
    jws = JWS(json.dumps(claims))
    jws.add_signature(key, protected=json.dumps(members))
    return str(jws.serialize(compact=True))


def without(members: dict[str, Any]) -> dict[str, Any]:
    """*members* without those that are `None`."""
    return {name: value for name, value in members.items() if value is not None}


@dataclass
class OpenBank:
    """The bank behind the three fake servers of *bank*."""

    bank: Bank
    id_token: Callable[[dict[str, Any]], str] = signed
    id_token_changes: dict[str, Any] = field(default_factory=dict)
    token_changes: dict[str, Any] = field(default_factory=dict)
    pushed: dict[str, str] = field(default_factory=dict)
    refused_tokens: set[str] = field(default_factory=set)
    bound_to: dict[str, str] = field(default_factory=dict)
    revoked: list[str] = field(default_factory=list)
    consents: dict[str, dict[str, Any]] = field(default_factory=dict)
    accounts: list[dict[str, Any]] = field(default_factory=list)
    transactions: list[dict[str, Any]] = field(default_factory=list)
    keys: list[JWK] = field(default_factory=lambda: [SIGNING_KEY])
    issued: int = 0
    page_size: int = 2

    def __post_init__(self) -> None:
        """Serve it."""
        bank = self.bank
        bank.conventional.answers |= {
            WELL_KNOWN: always(200, own_metadata()),
            "/jwks": lambda _request: self._jwks(),
        }
        bank.mutual_tls.answers |= {
            "/par": self._par,
            "/token": self._token,
            "/revoke": self._revoke,
        }
        bank.resource.answers |= {
            f"{AISP}/account-access-consents": self._create_consent,
            f"{AISP}/account-access-consents/consent-1": self._consent,
            f"{AISP}/accounts": self._protected(self._accounts),
            f"{AISP}/accounts/22/balances": self._protected(self._balances),
            f"{AISP}/accounts/22/transactions": self._protected(self._transactions),
        }
        self.accounts.append(
            {
                "AccountId": "22",
                "Currency": "GBP",
                "Nickname": "Household",
                "Account": [
                    {
                        "SchemeName": "UK.OBIE.SortCodeAccountNumber",
                        "Identification": "20000012345678",
                    }
                ],
            }
        )
        self.transactions += [
            self.transaction("12.50", "Debit", 1, "Golf balls"),
            self.transaction("900.00", "Credit", 20, "Salary"),
        ]

    def transaction(
        self, amount: str, indicator: str, days_ago: int, text: str
    ) -> dict[str, Any]:
        """One record of the bank's."""
        at = datetime.fromtimestamp(self.bank.network.clock(), UTC)
        return {
            "TransactionId": text,
            "CreditDebitIndicator": indicator,
            "Status": "BOOK",
            "BookingDateTime": (at - timedelta(days=days_ago)).isoformat(),
            "Amount": {"Amount": amount, "Currency": "GBP"},
            "TransactionInformation": text,
        }

    def _jwks(self) -> Response:
        keys = [key.export_public(as_dict=True) for key in self.keys]
        return json_response(200, {"keys": keys})

    def _par(self, request: Request) -> Response:
        self.pushed = dict(parse_qsl(request.body.decode()))
        return json_response(
            201,
            {"request_uri": "urn:ietf:params:oauth:request_uri:1", "expires_in": 90},
        )

    def _token(self, request: Request) -> Response:
        form = dict(parse_qsl(request.body.decode()))
        self.issued += 1
        token = f"{form['grant_type']}-{self.issued}"
        assert request.peer is not None
        self.bound_to[token] = request.peer.x5t_s256
        members: dict[str, Any] = {
            "access_token": token,
            "token_type": "bearer",
            "expires_in": 300,
        }
        if form["grant_type"] == "authorization_code":
            challenge = code_challenge(form["code_verifier"])
            assert challenge == self.pushed["code_challenge"]
            assert form["redirect_uri"] == self.pushed["redirect_uri"]
            members |= {"refresh_token": "refresh-1", "id_token": self._id_token()}
        return json_response(200, without({**members, **self.token_changes}))

    def _id_token(self) -> str:
        now = int(self.bank.network.clock())
        claims = {
            "iss": ISSUER,
            "sub": SUB,
            "aud": "banking-client",
            "exp": now + 300,
            "iat": now,
            "auth_time": now,
            "nonce": self.pushed["nonce"],
            "acr": SCA,
            "openbanking_intent_id": "consent-1",
        }
        return self.id_token(without({**claims, **self.id_token_changes}))

    def _revoke(self, request: Request) -> Response:
        self.revoked += parse_qs(request.body.decode())["token"]
        return Response(200)

    def _create_consent(self, request: Request) -> Response:
        data = json.loads(request.body)["Data"]
        self.consents["consent-1"] = {
            **data,
            "ConsentId": "consent-1",
            "Status": "AWAU",
        }
        return json_response(201, {"Data": self.consents["consent-1"], "Risk": {}})

    def _consent(self, request: Request) -> Response:
        if request.method == "DELETE":
            self.consents.pop("consent-1", None)
            return Response(204)
        if "consent-1" not in self.consents:
            return json_response(400, {"Errors": [{"ErrorCode": "U011"}]})
        consent = {**self.consents["consent-1"], "Status": "AUTH"}
        return json_response(200, {"Data": consent})

    def _protected(
        self, answering: Callable[[Request], Response]
    ) -> Callable[[Request], Response]:
        """RFC 8705 section 3: the token, with its certificate, and not refused."""

        def answer(request: Request) -> Response:
            _, _, token = (request.header("authorization") or "").partition(" ")
            assert request.peer is not None
            bound_here = self.bound_to.get(token) == request.peer.x5t_s256
            if token in self.refused_tokens or not bound_here:
                challenge = 'Bearer error="invalid_token"'
                return Response(401, (("WWW-Authenticate", challenge),))
            return answering(request)

        return answer

    def _accounts(self, request: Request) -> Response:
        return json_response(200, {"Data": {"Account": self.accounts}})

    def _balances(self, request: Request) -> Response:
        balance = {
            "AccountId": "22",
            "Type": "ITBD",
            "CreditDebitIndicator": "Credit",
            "DateTime": "2026-11-23T10:00:00+00:00",
            "Amount": {"Amount": "1234.50", "Currency": "GBP"},
        }
        return json_response(200, {"Data": {"Balance": [balance]}})

    def _transactions(self, request: Request) -> Response:
        """So many to a page."""
        query = dict(parse_qsl(request.query))
        assert "fromBookingDateTime" in query
        begin = int(query.get("page", "0")) * self.page_size
        links: dict[str, str] = {}
        if begin + self.page_size < len(self.transactions):
            following = urlencode({**query, "page": begin // self.page_size + 1})
            links["Next"] = f"{RESOURCE}{request.path}?{following}"
        shown = self.transactions[begin : begin + self.page_size]
        return json_response(200, {"Data": {"Transaction": shown}, "Links": links})


@dataclass
class Browser:
    """At one page of the client's; follows nothing by itself."""

    bank: Bank
    cookies: dict[str, str] = field(default_factory=dict)
    answer: Answer | None = None
    origin: str | None = WEB
    _browser: HeadlessBrowser = field(init=False)

    def __post_init__(self) -> None:
        """With the cookies it was given."""
        kept = Cookies({urlsplit(WEB).hostname or "": self.cookies})
        self._browser = HeadlessBrowser(sent_by(self._over_the_network), cookies=kept)

    @property
    def text(self) -> str:
        """The page it is at."""
        return self._page.text

    @property
    def status(self) -> int:
        """Of the page it is at."""
        return self._page.status

    @property
    def location(self) -> str:
        """Where it is sent."""
        return self._page.location or ""

    def get(self, path: str) -> "Browser":
        """Go to a page."""
        self.answer = now(self._browser.get(f"{WEB}{path}")).answer
        return self

    def send(self, path: str, **fields: str) -> "Browser":
        """Send a form, by default with what the page's form for *path* has hidden."""
        return self.post(path, urlencode({**self.hidden(path), **fields}))

    def post(self, path: str, body: str, kind: str = FORM) -> "Browser":
        """Send *body* as it is."""
        origin = () if self.origin is None else (("Origin", self.origin),)
        fields = (("Content-Type", kind), *origin)
        sending = self._browser.ask("POST", f"{WEB}{path}", fields, body.encode())
        self.answer = now(sending)
        return self

    def hidden(self, path: str) -> dict[str, str]:
        """The hidden fields of the first form that leads to *path*."""
        form = None if self.answer is None else self._page.forms.get(path)
        return {} if form is None else form.fields

    def connected(self, open_bank: OpenBank) -> "Browser":
        """All the way to the bank and back."""
        self.get("/").send("/connect")
        assert self.status == 303, self.text
        return self.get(callback(open_bank))

    def at_once(self, *paths: str) -> list[Answer]:
        """The answers to several requests, sent at the same instant."""
        fields = (("Accept", "text/html"), *self._browser.cookies.field(WEB))
        identity = self.bank.identity(None)

        async def gathered() -> list[Answer]:
            asked = [
                Deferred.fromCoroutine(identity.send("GET", f"{WEB}{path}", fields))
                for path in paths
            ]
            return [await each for each in asked]

        return self.bank.network.run(gathered())

    @property
    def _page(self) -> Page:
        assert self.answer is not None
        return Page(WEB, self.answer)

    def _over_the_network(
        self, method: str, url: str, fields: Fields, body: bytes
    ) -> Answer:
        identity = self.bank.identity(None)
        return self.bank.network.run(identity.send(method, url, fields, body))


def callback(open_bank: OpenBank, **changes: str | None) -> str:
    """The way back with a code, and what is changed of it."""
    response = {
        "code": "code-1",
        "state": open_bank.pushed.get("state"),
        "iss": ISSUER,
        **changes,
    }
    return f"/callback?{urlencode(without(response))}"


def query_of(url: str) -> dict[str, str]:
    """The parameters of a URL."""
    return dict(parse_qsl(urlsplit(url).query))


def hashed(text: str) -> bytes:
    """SHA-256."""
    return sha256(text.encode()).digest()
