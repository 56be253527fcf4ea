"""
Sessions: who sits at a browser, and how surely we know.

A browser that we do not know is given a random identifier in a cookie, and nothing
is kept for it: its identifier only keys the tokens of its forms. A session begins
when its owner has signed in, always under a new identifier, so that nobody can sign
her in to a session he knows (fixation). What is kept is the identifier's hash.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from as_node.browser.cookies import identifier_in_cookie
from as_node.store.authorizations import Session, SessionStore
from as_node.tokens.random_values import new_opaque_value, sha256_of
from pki.http.messages import Request

LIFETIME = 900
"""
Seconds from a sign-in to the end of its session, whatever happens between: a second
factor that comes later makes her better known, and not for longer.
"""

COOKIE = "__Host-bank-session"

# Lax and not Strict: the customer comes from the client's site, and shall be known
# when she arrives. Lax sends the cookie with such a GET and never with a POST from
# elsewhere. No Max-Age: it ends with the browser, or by our clock.
_ATTRIBUTES = "Path=/; Secure; HttpOnly; SameSite=Lax"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """
    A person who signed in.

    *sub* is her identifier in tokens. *auth_time*, in seconds since the epoch, is
    when she last gave her password: a code that she adds later does not make that
    newer. *acr* is `urn:openbanking:psd2:sca` if a second factor came with it or
    after it, and else None. *made_for* names the authorization request that she
    signed in for, as `name_of_request` does.
    """

    sub: str
    auth_time: int
    acr: str | None = None
    made_for: str = ""

    def was_made_for(self, request_uri: str) -> bool:
        """Whether she signed in for this very request."""
        return self.made_for == name_of_request(request_uri)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """
    A browser, and the person at it if she has signed in.

    *is_new* tells that the browser does not have *session_id* yet: the answer has to
    carry the cookie (`set_cookie`).
    """

    session_id: str = field(repr=False)
    signed_in: SignedIn | None = None
    is_new: bool = False


class Sessions:
    """The sessions in *store*; *clock* gives seconds since the epoch."""

    def __init__(self, store: SessionStore, clock: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock

    async def visitor(self, request: Request) -> Visitor:
        """Who sent *request*, by its cookie; one who sent none gets a new one."""
        session_id = identifier_in_cookie(request, COOKIE)
        if session_id is None:
            return Visitor(session_id=new_opaque_value(), is_new=True)
        return Visitor(
            session_id=session_id, signed_in=await self._signed_in(session_id)
        )

    async def current_user(self, request: Request) -> SignedIn | None:
        """The person who sent *request*, if she has signed in."""
        return (await self.visitor(request)).signed_in

    async def begin(self, visitor: Visitor, signed_in: SignedIn) -> Visitor:
        """
        The visitor has proved to be that person: her session, under a new identifier.

        The session she had ends, and is no longer good for anything. The new one ends
        when its sign-in, of *signed_in.auth_time*, is too long ago.
        """
        session_id = new_opaque_value()
        state = {
            "sub": signed_in.sub,
            "auth_time": signed_in.auth_time,
            "acr": signed_in.acr,
            "made_for": signed_in.made_for,
        }
        session = Session(
            sha256=sha256_of(session_id),
            state=json.dumps(state),
            exp=signed_in.auth_time + LIFETIME,
        )
        await self._store.keep_session(session)
        await self.end(visitor)
        return Visitor(session_id=session_id, signed_in=signed_in, is_new=True)

    async def end(self, visitor: Visitor) -> None:
        """Sign the visitor out."""
        if visitor.signed_in is not None:
            await self._store.end_session(sha256_of(visitor.session_id))

    async def _signed_in(self, session_id: str) -> SignedIn | None:
        session = await self._store.find_session(sha256_of(session_id))
        if session is None or self._clock() >= session.exp:
            return None
        return SignedIn(**json.loads(session.state))


def name_of_request(request_uri: str) -> str:
    """What a session calls a request: the URI itself opens it, and is not kept."""
    return sha256_of(request_uri).hex()


def set_cookie(visitor: Visitor) -> tuple[str, str]:
    """The header field that gives a browser its identifier."""
    return ("Set-Cookie", f"{COOKIE}={visitor.session_id}; {_ATTRIBUTES}")


def forget_cookie() -> tuple[str, str]:
    """The header field that takes a browser's identifier away."""
    return ("Set-Cookie", f"{COOKIE}=; {_ATTRIBUTES}; Max-Age=0")
