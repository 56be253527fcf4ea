"""From a method and a path to the handler that answers."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from pki.http.messages import Refusal, Request, Response, json_response

Handler = Callable[..., Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Route:
    """
    *path* is matched whole. A segment in braces, `/accounts/{account_id}`, takes
    any one non-empty segment and is passed to *handler* by that name.
    """

    method: str
    path: str
    handler: Handler


class NotFound(Refusal):
    """Nothing is served under this path."""

    def response(self) -> Response:
        return json_response(404, {"error": "not_found"})


class MethodNotAllowed(Refusal):
    """The path is served, by other methods; RFC 9110 section 15.5.6."""

    def __init__(self, detail: str, allowed: Iterable[str]) -> None:
        super().__init__(detail)
        self.allowed = tuple(allowed)

    def response(self) -> Response:
        allow = (("Allow", ", ".join(self.allowed)),)
        return json_response(405, {"error": "method_not_allowed"}, allow)


class Routes:
    """The table of what one listener serves. HEAD is served wherever GET is."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._exact: dict[str, dict[str, Handler]] = {}
        self._patterns: list[tuple[tuple[str, ...], dict[str, Handler]]] = []
        for route in routes:
            handlers = self._methods_at(route.path)
            handlers[route.method] = route.handler
            if route.method == "GET":
                handlers["HEAD"] = route.handler

    async def answer(self, request: Request) -> Response:
        """
        The answer of the handler that serves this request.

        Raises:
            Refusal: by the handler, or because there is none.
        """
        handlers, captured = self._find(request.path)
        handler = handlers.get(request.method)
        if handler is None:
            raise MethodNotAllowed(
                f"{request.method} is not served at {request.path}", handlers
            )
        return await handler(request, **captured)

    def _methods_at(self, path: str) -> dict[str, Handler]:
        if "{" not in path:
            return self._exact.setdefault(path, {})
        segments = tuple(path.split("/"))
        for known, handlers in self._patterns:
            if known == segments:
                return handlers
        self._patterns.append((segments, {}))
        return self._patterns[-1][1]

    def _find(self, path: str) -> tuple[dict[str, Handler], dict[str, str]]:
        if handlers := self._exact.get(path):
            return handlers, {}
        segments = path.split("/")
        for pattern, handlers in self._patterns:
            captured = _captured(pattern, segments)
            if captured is not None:
                return handlers, captured
        raise NotFound(f"nothing is served at {path}")


def _captured(pattern: tuple[str, ...], segments: list[str]) -> dict[str, str] | None:
    """The named segments, or `None` where the path is not of this pattern."""
    if len(pattern) != len(segments):
        return None
    captured = {}
    for expected, segment in zip(pattern, segments, strict=True):
        if expected.startswith("{") and segment:
            captured[expected[1:-1]] = segment
        elif expected != segment:
            return None
    return captured
