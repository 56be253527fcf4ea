"""The pages of the banking client, as a browser gets them."""

import html
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from string import Template

from client_node.changing_file import ChangingFile
from pki.mtls.messages import Fields, Request, Response

LARGEST = 32 * 1024 * 1024  # bytes of a walk-through that are read

_HERE = Path(__file__).parent
_STYLE = (_HERE / "pages.css").read_text(encoding="utf-8")
_STYLE_HASH = b64encode(sha256(_STYLE.encode()).digest()).decode("ascii")
_OURS = f"'sha256-{_STYLE_HASH}'"
# The walk-through is made by `make demo` with styles of its own.
_ANY_STYLE = "'unsafe-inline'"


def page(name: str, values: Mapping[str, str]) -> bytes:
    """The page *name*.html; each of *values* stands for its `$name`, escaped."""
    text = (_HERE / f"{name}.html").read_text(encoding="utf-8")
    escaped = {key: html.escape(value) for key, value in values.items()}
    return Template(text).substitute(escaped, style=_STYLE).encode()


class Pages:
    """
    Serves the pages, all made at the start but the walk-through.

    *origin* is where they live, for example `https://127.0.0.1:9446`.
    """

    def __init__(
        self, origin: str, walkthrough: Path, values: Mapping[str, str]
    ) -> None:
        self._origin = origin
        self._home = page("home", values)
        self._no_walkthrough = page("no_walkthrough", values)
        self._walkthrough = ChangingFile(walkthrough, _read_bounded)

    async def home(self, request: Request) -> Response:
        """What this is, and what to try."""
        return self._elsewhere(request) or _html(200, self._home, _OURS)

    async def walkthrough(self, request: Request) -> Response:
        """The walk-through that `make demo` wrote, if it did."""
        if elsewhere := self._elsewhere(request):
            return elsewhere
        try:
            body = self._walkthrough.current()
        except OSError:
            return _html(404, self._no_walkthrough, _OURS)
        return _html(200, body, _ANY_STYLE)

    def _elsewhere(self, request: Request) -> Response | None:
        """
        The way to the same page in its own origin, for a browser at `localhost`.

        A path this is called for is one of ours, so it leads nowhere else.
        """
        host = (request.header("host") or "").lower().partition(":")[0]
        if host != "localhost":
            return None
        return Response(302, (("Location", f"{self._origin}{request.path}"),))


def _html(status: int, body: bytes, style_source: str) -> Response:
    policy = (
        f"default-src 'none'; style-src {style_source};"
        " img-src data:;"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    fields: Fields = (
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Cache-Control", "no-cache"),
    )
    return Response(status, fields, body)


def _read_bounded(path: Path) -> bytes:
    with path.open("rb") as file:
        body = file.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise OSError(f"{path} is larger than {LARGEST} bytes")
    return body
