"""
An authorization request that was found to be in order, and the form it is kept in.

Whoever judged it, and wherever it came from (pushed by RFC 9126, in a URL, in a signed
object), it is the same value: everything that the steps after it need.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from as_node.protocol.scopes import scope_text

_FORMAT = 1
"""Of the kept text. A change of what it says is another format, and reads no older."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedAuthentication:
    """
    What a client asks about the authentication of its customer.

    *may_ask*: she may be shown a page (`prompt=none` forbids it). *anew*: she has to
    sign in even if she just did. *max_age*, in seconds, is how long ago that may be.
    *second_factor*: the `acr` asked for needs one, and no other would do where
    *acr_is_essential* (OpenID Connect Core section 5.5.1.1).
    """

    may_ask: bool
    anew: bool
    max_age: int | None
    second_factor: bool
    acr_is_essential: bool

    def is_recent(self, auth_time: int, *, asked_at: int, now: float) -> bool:
        """
        Whether a sign-in at *auth_time* is recent enough for a request of *asked_at*.

        One that was made for this very request is; else a `max_age` of a few
        seconds could never be met by somebody who has a page to read after it.
        """
        if auth_time >= asked_at:
            return True
        if self.anew:
            return False
        return self.max_age is None or int(now) <= auth_time + self.max_age


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationRequest:
    """
    What a client asks for, judged: by RFC 6749 section 4.1.1 and its registration.

    *state* and *nonce* are as they were sent, *claims* is the parameter as it was
    parsed, *openbanking_intent_id* the consent that it names. *asked_at* is in
    seconds since the epoch.

    Only the client's registration can change after that: see
    `as_node.authorization.registration`.
    """

    client_id: str
    redirect_uri: str
    scope: frozenset[str]
    code_challenge: str
    state: str | None
    nonce: str | None
    claims: Mapping[str, object]
    openbanking_intent_id: str | None
    authentication: RequestedAuthentication
    asked_at: int


def kept_text(request: AuthorizationRequest) -> str:
    """The request as a JSON object, for `read_request`."""
    members = {
        "format": _FORMAT,
        "client_id": request.client_id,
        "redirect_uri": request.redirect_uri,
        "scope": scope_text(request.scope),
        "code_challenge": request.code_challenge,
        "state": request.state,
        "nonce": request.nonce,
        "claims": request.claims,
        "openbanking_intent_id": request.openbanking_intent_id,
        "authentication": asdict(request.authentication),
        "asked_at": request.asked_at,
    }
    # Not in escapes: they are up to three times as long as what came.
    return json.dumps(members, separators=(",", ":"), ensure_ascii=False)


def read_request(text: str) -> AuthorizationRequest | None:
    """
    The request that `kept_text` wrote.

    None of everything else: a text of another format is not guessed at, and its
    request is over as if it had expired.
    """
    try:
        return _request(json.loads(text))
    except (ValueError, RecursionError):
        return None


def _request(members: object) -> AuthorizationRequest:
    match members:
        case {
            "format": int(kept_format),
            "client_id": str(client_id),
            "redirect_uri": str(redirect_uri),
            "scope": str(scope),
            "code_challenge": str(code_challenge),
            "state": str() | None as state,
            "nonce": str() | None as nonce,
            "claims": dict(claims),
            "openbanking_intent_id": str() | None as openbanking_intent_id,
            "authentication": authentication,
            "asked_at": int(asked_at),
            **others,
        } if kept_format == _FORMAT and not others:
            return AuthorizationRequest(
                client_id=client_id,
                redirect_uri=redirect_uri,
                scope=frozenset(scope.split()),
                code_challenge=code_challenge,
                state=state,
                nonce=nonce,
                claims=claims,
                openbanking_intent_id=openbanking_intent_id,
                authentication=_authentication(authentication),
                asked_at=asked_at,
            )
    raise ValueError("not an authorization request of this format")


def _authentication(members: object) -> RequestedAuthentication:
    match members:
        case {
            "may_ask": bool(may_ask),
            "anew": bool(anew),
            "max_age": int() | None as max_age,
            "second_factor": bool(second_factor),
            "acr_is_essential": bool(acr_is_essential),
            **others,
        } if not others:
            return RequestedAuthentication(
                may_ask=may_ask,
                anew=anew,
                max_age=max_age,
                second_factor=second_factor,
                acr_is_essential=acr_is_essential,
            )
    raise ValueError("not what is asked about an authentication")
