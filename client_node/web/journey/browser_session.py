"""A browser that comes back: its cookie, and forms that are really ours."""

import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import parse_qsl

from client_node.web.store.records import Connection
from client_node.web.store.store import SESSION_LIFETIME, WebStore
from pki.http.messages import Request

COOKIE = "__Host-tpp-session"
_SESSION_ID = re.compile(r"[A-Za-z0-9_-]{43}")
_FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 16


@dataclass(frozen=True, slots=True)
class BrowserSession:
    """
    One browser.

    There is no sign-in here: whoever holds the id is the customer. It is 256 bits
    of chance, it goes to this host alone (`__Host-`), no script reads it, and the
    store keeps its hash. Nothing is stored for a browser that only looks.

    *is_new* tells that the browser does not have the id yet: the answer has to carry
    the cookie.
    """

    id: str = field(repr=False)
    is_new: bool = False

    @property
    def sha256(self) -> bytes:
        """What the store knows it by."""
        return sha256(self.id.encode()).digest()

    @property
    def csrf_token(self) -> str:
        """
        What a form of ours contains, and nobody can say who does not hold the id.

        Derived, so that it needs no place in the store and tells nothing of the id.
        """
        digest = hmac.digest(self.id.encode(), b"form", "sha256")
        return urlsafe_b64encode(digest).rstrip(b"=").decode()

    @property
    def cookie(self) -> tuple[str, str]:
        """
        The `Set-Cookie` field.

        `Lax` and not `Strict`: the way back from the bank is a cross-site
        navigation, and has to find the attempt it belongs to.
        """
        attributes = f"Path=/; Max-Age={SESSION_LIFETIME}; Secure; HttpOnly"
        return "Set-Cookie", f"{COOKIE}={self.id}; {attributes}; SameSite=Lax"


def find_session(request: Request) -> BrowserSession | None:
    """The session of the browser; `None` without a cookie, or with a strange one."""
    found = [
        value.strip()
        for field_value in request.headers.get("cookie", ())
        for name, _, value in (pair.partition("=") for pair in field_value.split(";"))
        if name.strip() == COOKIE
    ]
    if len(found) != 1 or not _SESSION_ID.fullmatch(found[0]):
        return None
    return BrowserSession(found[0])


def current_session(request: Request) -> BrowserSession:
    """The same, or a new one for a browser that has none."""
    new = BrowserSession(secrets.token_urlsafe(32), is_new=True)
    return find_session(request) or new


async def connections_of(session: BrowserSession, store: WebStore) -> list[Connection]:
    """
    What this browser has connected; of a new one *store* cannot know anything.

    Raises:
        StoreFailed: the store could not be read.
    """
    return [] if session.is_new else await store.connections(session.sha256)


def find_own_form(
    request: Request, session: BrowserSession | None, origin: str
) -> Mapping[str, str] | None:
    """
    The fields of a form that this browser sent from a page of ours, or `None`.

    Two locks: the browser's word that the form came from *origin*, and the token
    that only our page could contain. A field that comes twice is refused.
    """
    kind = (request.header("content-type") or "").partition(";")[0].strip().lower()
    if session is None or kind != _FORM or request.header("origin") != origin:
        return None
    number = request.body.count(b"&") + 1
    if number > MOST_FIELDS:
        request.journal.about(
            expected=f"at most {MOST_FIELDS} fields", presented=f"{number}"
        )
        return None
    try:
        pairs = parse_qsl(
            request.body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
        )
    except ValueError:
        return None
    fields = dict(pairs)
    presented = fields.get("csrf", "").encode()
    if len(fields) < len(pairs) or not hmac.compare_digest(
        presented, session.csrf_token.encode()
    ):
        return None
    return fields
