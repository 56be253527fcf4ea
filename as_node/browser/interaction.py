"""Who asks: an authorization request, as far as the person at the browser goes."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlencode

AUTHORIZE = "/authorize"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """
    A pushed authorization request that is in force: found, not used, not expired.

    *client_name* is the name the client registered, for people. *redirect_uri* is
    the one of the request, which is one the client registered.
    """

    client_id: str
    client_name: str
    request_uri: str
    redirect_uri: str

    @property
    def authorize_path(self) -> str:
        """Where the browser goes on with this request: a path of ours, and GET."""
        return authorize_path(self.client_id, self.request_uri)


FindAsking = Callable[[str, str], Awaitable[Asking]]
"""
Finds the request of a `client_id` and a `request_uri`.

Raises:
    PageRefusal: it is unknown, another client's, used or expired.
"""


def authorize_path(client_id: str, request_uri: str) -> str:
    """The authorization endpoint with the only two parameters it takes."""
    query = urlencode({"client_id": client_id, "request_uri": request_uri})
    return f"{AUTHORIZE}?{query}"
