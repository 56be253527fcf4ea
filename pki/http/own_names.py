"""
The names a listener answers to, and no other.

A page of somebody else's can have a browser reach us under that page's own name, if
its name server leads here; and a request that was meant for another server is not to
be answered by this one (RFC 9110 sections 7.4 and 17.1).
"""

import re
from collections.abc import Awaitable, Callable, Iterable
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from pki.http.checks import Check
from pki.http.messages import NO_STORE, Refusal, Request, Response, json_response

OWN_NAME = Check(
    "request.own-name",
    "the request came by a name that is ours",
    "RFC 9110 section 7.4",
)

_AUTHORITY = re.compile(
    r"(\[[0-9a-f:.]+\]|[^\[\]:@/?#]+)(?::([0-9]{0,5}))?", re.IGNORECASE
)
_HTTPS = 443


class Misdirected(Refusal):
    """RFC 9110 section 15.5.20: it came by a name that is not ours."""

    def __init__(self, host: str, origin: str) -> None:
        super().__init__(
            "it came by a name that is not ours",
            OWN_NAME,
            expected=origin,
            presented=host,
        )
        self._origin = origin

    def response(self) -> Response:
        members = {
            "error": "misdirected_request",
            "error_description": f"this is {self._origin}",
        }
        return json_response(421, members, NO_STORE)


class OwnNames:
    """
    *answer*, for who came by the host and port of the URL *origin*, or by one of
    *names* at the same port.

    Those of the server's certificate are good names: whoever came by one of them was
    shown a proof that it is ours. Which name TLS was asked for is not looked at: a
    browser that has been misled asks for the same in both. With *at_any_port* the
    port that it came to is as good as the origin's: it may be whichever was free.
    """

    def __init__(
        self,
        origin: str,
        names: Iterable[str],
        answer: Callable[[Request], Awaitable[Response]],
        *,
        at_any_port: bool = False,
    ) -> None:
        self._answer = answer
        self._at_any_port = at_any_port
        ours = urlsplit(origin)
        self._origin = f"{ours.scheme}://{ours.netloc}"
        self._port = ours.port or _HTTPS
        self._hosts = frozenset(map(_normal, (ours.hostname or "", *names)))

    async def answer(self, request: Request) -> Response:
        """
        The answer of the handler that serves this request.

        Nothing is noted of a name that is ours: it would be noted of every request.

        Raises:
            Refusal: by the handler; `Misdirected`.
        """
        host = request.header("host") or ""
        name, port = _authority(host)
        ports = {self._port}
        if self._at_any_port:
            ports.add(request.connection.local_port)
        if name not in self._hosts or port not in ports:
            raise Misdirected(host, self._origin)
        return await self._answer(request)


@lru_cache(maxsize=256)
def _authority(text: str) -> tuple[str, int]:
    """Host and port as a Host field has them (RFC 9110 section 7.2); or no host."""
    found = _AUTHORITY.fullmatch(text)
    if found is None:
        return "", _HTTPS
    return _normal(found[1].strip("[]")), int(found[2] or _HTTPS)


def _normal(host: str) -> str:
    """One spelling of a name or an address (RFC 3986 section 6.2.2)."""
    try:
        return str(ip_address(host))
    except ValueError:
        return host.lower()
