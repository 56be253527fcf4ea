"""
A resource server without RFC 8705: whoever holds a good token may use it.

It speaks mutual TLS and sees the certificate of every client that has one. It checks
signature, type, issuer, audience, time and scope of the token, as RFC 9068 section 4
asks, and never compares the token with the certificate: nothing in the token says
with which.
"""

import json
from collections.abc import Callable, Mapping

from jwcrypto.common import JWException
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS

from pki.http.checks import Check
from pki.http.journal import Journal
from pki.http.messages import Request, Response, json_response
from pki.http.routes import Route, Routes
from pki.peer import PeerCertificate
from scripts.twin.refusals import InvalidToken

_RULE = "RFC 9068 section 4"

HEADER = Check(
    "bearer-twin.token-presented", "the request has a token", "RFC 6750 section 2.1"
)
SIGNATURE = Check("bearer-twin.signature", "the token's signature", _RULE)
TYPE = Check("bearer-twin.type", "the token is an access token", _RULE)
ISSUER = Check("bearer-twin.issuer", "the token's iss", _RULE)
AUDIENCE = Check("bearer-twin.audience", "the token's aud", _RULE)
SCOPE = Check("bearer-twin.scope", "the token's scope", _RULE)
NOT_EXPIRED = Check(
    "bearer-twin.not-expired", "the token has not expired", "RFC 7519 section 4.1.4"
)
BEARER = Check(
    "bearer-twin.bearer", "who bears the token may use it", "RFC 6750 section 1.2"
)

_ACCOUNTS = {"accounts": [{"name": "Operating account", "currency": "GBP"}]}


class BearerResourceServer:
    """
    Accounts, for tokens of *issuer* that *key* verifies and that are for *resource*.

    *clock* gives seconds since the epoch.
    """

    def __init__(
        self, issuer: str, key: JWK, resource: str, clock: Callable[[], float]
    ) -> None:
        self._issuer = issuer
        self._key = key
        self._resource = resource
        self._clock = clock

    def routes(self) -> Routes:
        """What it serves: accounts alone."""
        return Routes([Route("GET", "/accounts", self.accounts)])

    async def accounts(self, request: Request) -> Response:
        """
        Raises:
            InvalidToken: there is no token, or it is not good.
        """
        scheme, _, token = (request.header("authorization") or "").partition(" ")
        if scheme.lower() != "bearer":
            raise InvalidToken("there is no token", HEADER)
        claims = self.verify_signature(token, request.journal)
        self.verify_claims(claims, request.journal)
        admit_the_bearer(request.peer, request.journal)
        return json_response(200, _ACCOUNTS)

    def verify_signature(self, token: str, journal: Journal) -> Mapping[str, object]:
        """
        The claims of *token*, an access token which its issuer has signed.

        Raises:
            InvalidToken: it has not.
        """
        jws = JWS()
        jws.allowed_algs = ["ES256"]
        try:
            jws.deserialize(token)
            jws.verify(self._key)
            claims: Mapping[str, object] = json.loads(jws.payload)
        except (JWException, ValueError) as error:
            raise InvalidToken("the signature is wrong", SIGNATURE) from error
        if jws.jose_header.get("typ") != "at+jwt":
            raise InvalidToken("typ is not that of an access token", TYPE)
        name = f"kid {self._key['kid']}, ES256"
        journal.accepted(
            SIGNATURE,
            self.verify_signature,
            expected=name,
            presented=name,
        )
        return claims

    def verify_claims(self, claims: Mapping[str, object], journal: Journal) -> None:
        """
        Raises:
            InvalidToken: a claim is not as it must be.
        """
        for name, check, expected in (
            ("iss", ISSUER, self._issuer),
            ("aud", AUDIENCE, self._resource),
            ("scope", SCOPE, "accounts"),
        ):
            self._verify(name, check, expected, str(claims.get(name)), journal)
        exp = claims.get("exp")
        if not isinstance(exp, int) or exp <= self._clock():
            raise InvalidToken("the token has expired", NOT_EXPIRED)
        journal.accepted(NOT_EXPIRED, self.verify_claims)

    def _verify(
        self, name: str, check: Check, expected: str, presented: str, journal: Journal
    ) -> None:
        if presented != expected:
            raise InvalidToken(
                f"{name} is another",
                check,
                expected=expected,
                presented=presented,
            )
        journal.accepted(
            check,
            self._verify,
            expected=expected,
            presented=presented,
        )


def admit_the_bearer(peer: PeerCertificate | None, journal: Journal) -> None:
    """RFC 6750 section 1.2: any party in possession of the token can use it."""
    journal.accepted(
        BEARER,
        admit_the_bearer,
        expected="anybody",
        presented="no certificate" if peer is None else peer.x5t_s256,
    )
