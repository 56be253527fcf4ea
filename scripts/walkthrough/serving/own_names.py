"""
The names the observer answers to, and no other.

It shows tokens to whoever reaches it, and a page of somebody else's can have a browser
reach it: under that page's own name, if its name server leads here.
"""

from collections.abc import Iterable
from urllib.parse import urlsplit

from pki.http.messages import NO_STORE, Refusal, Request, Response, json_response
from pki.http.routes import Routes


class Misdirected(Refusal):
    """RFC 9110 section 15.5.20: it came by a name that is not ours."""

    def __init__(self, host: str, origin: str) -> None:
        super().__init__(
            "it came by a name that is not ours", expected=origin, presented=host
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
    *routes*, for who came by *origin*, or by one of *names* at the same port.

    Which name TLS was asked for is not looked at: a browser that has been misled asks
    for the same in both.
    """

    def __init__(self, origin: str, names: Iterable[str], routes: Routes) -> None:
        self._origin = origin
        self._routes = routes
        ours = urlsplit(origin)
        port = "" if ours.port is None else f":{ours.port}"
        self._hosts = {ours.netloc.lower(), *(f"{_host(n)}{port}" for n in names)}

    async def answer(self, request: Request) -> Response:
        """
        The answer of the handler that serves this request.

        Raises:
            Refusal: by the handler, or because there is none; `Misdirected`.
        """
        host = request.header("host") or ""
        if host.lower() not in self._hosts:
            raise Misdirected(host, self._origin)
        return await self._routes.answer(request)


def _host(name: str) -> str:
    """A name or an address as a Host field has it."""
    return f"[{name}]" if ":" in name else name.lower()
