"""The pages of the banking client, as a browser gets them."""

from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from client_node.browser_session import BrowserSession
from client_node.changing_file import ChangingFile
from client_node.markup import Html, fill, joined
from pki.mtls.messages import NO_STORE, Fields, Request, Response

LARGEST = 32 * 1024 * 1024  # bytes of a walk-through that are read

_STYLE = Html(
    (Path(__file__).parent / "templates" / "pages.css").read_text(encoding="utf-8")
)
_STYLE_HASH = b64encode(sha256(_STYLE.encode()).digest()).decode("ascii")
_OURS = f"'sha256-{_STYLE_HASH}'"
# The walk-through is made by `make demo` with styles of its own.
_ANY_STYLE = "'unsafe-inline'"

_NAVIGATION = (
    ("/", "Home"),
    ("/accounts", "Accounts"),
    ("/consents", "What you share"),
    ("/walkthrough", "Walk-through"),
)


@dataclass(frozen=True, slots=True)
class Site:
    """
    Where the pages live, and where their forms may lead.

    *origin* is ours, for example `https://127.0.0.1:9446`. *bank* is what the bank
    is called. *issuer* is where the form to connect leads, by a redirect: browsers
    apply `form-action` to that as well.
    """

    origin: str
    issuer: str
    bank: str

    def answer(
        self,
        title: str,
        content: Html,
        *,
        status: int = 200,
        current: str = "",
        session: BrowserSession | None = None,
    ) -> Response:
        """
        A whole page; the navigation marks *current*.

        With *session*, the browser is given its cookie.
        """
        body = fill(
            "layout",
            title=title,
            style=_STYLE,
            navigation=_navigation(current),
            content=content,
        )
        cookie = () if session is None else (session.cookie,)
        return _html(status, body.encode(), _OURS, self._form_action, cookie)

    def connect_form(self, session: BrowserSession, label: str) -> Html:
        """The button that leads to the bank."""
        return fill("connect_form", csrf=session.csrf_token, label=label)

    def elsewhere(self, request: Request) -> Response | None:
        """
        The way to the same page in its own origin, for a browser at `localhost`.

        A path this is called for is one of ours, so it leads nowhere else.
        """
        host = (request.header("host") or "").lower().partition(":")[0]
        if host != "localhost":
            return None
        return Response(302, (("Location", f"{self.origin}{request.path}"),))

    @property
    def _form_action(self) -> str:
        bank = urlsplit(self.issuer)
        return f"'self' {bank.scheme}://{bank.netloc}"


class Walkthrough:
    """Serves the walk-through that `make demo` wrote, if it did."""

    def __init__(self, site: Site, path: Path) -> None:
        self._site = site
        self._file = ChangingFile(path, _read_bounded)

    async def answer(self, request: Request) -> Response:
        """GET; 404 and what helps, where there is none."""
        if elsewhere := self._site.elsewhere(request):
            return elsewhere
        try:
            body = self._file.current()
        except OSError:
            return self._site.answer(
                "No walk-through yet",
                fill("no_walkthrough"),
                status=404,
                current="/walkthrough",
            )
        return _html(200, body, _ANY_STYLE, "'none'")


def _navigation(current: str) -> Html:
    return joined(
        fill(
            "navigation_here" if path == current else "navigation_link",
            path=path,
            name=name,
        )
        for path, name in _NAVIGATION
    )


def _html(
    status: int,
    body: bytes,
    style_source: str,
    form_action: str,
    more: Fields = (),
) -> Response:
    policy = (
        f"default-src 'none'; style-src {style_source};"
        " img-src data:;"
        f" base-uri 'none'; form-action {form_action}; frame-ancestors 'none'"
    )
    fields: Fields = (
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff"),
        # `no-referrer` would make browsers send `Origin: null` with our own forms.
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        *NO_STORE,
        *more,
    )
    return Response(status, fields, body)


def _read_bounded(path: Path) -> bytes:
    with path.open("rb") as file:
        body = file.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise OSError(f"{path} is larger than {LARGEST} bytes")
    return body
