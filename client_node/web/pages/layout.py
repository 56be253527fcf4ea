"""The pages of the banking client, as a browser gets them."""

from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from client_node.web.journey.browser_session import BrowserSession
from client_node.web.pages.markup import Html, fill, joined
from pki.http.messages import NO_STORE, Fields, Request, Response

_STYLE = Html(
    (Path(__file__).parent / "templates" / "pages.css").read_text(encoding="utf-8")
)
_STYLE_HASH = b64encode(sha256(_STYLE.encode()).digest()).decode("ascii")

_NAVIGATION = (
    ("/", "Home"),
    ("/accounts", "Accounts"),
    ("/consents", "What you share"),
)


@dataclass(frozen=True, slots=True)
class Site:
    """
    Where the pages live, and where their forms may lead.

    *origin* is ours, for example `https://127.0.0.1:9446`. *bank* is what the bank
    is called. *issuer* is where the form to connect leads, by a redirect: browsers
    apply `form-action` to that as well. *walkthrough_url* is where what the nodes do
    is shown, if it is.
    """

    origin: str
    issuer: str
    bank: str
    walkthrough_url: str | None

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
            navigation=self._navigation(current),
            content=content,
        )
        cookie = () if session is None else (session.cookie,)
        return html_response(status, body.encode(), self._policy, cookie)

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

    def _navigation(self, current: str) -> Html:
        shown = [*_NAVIGATION]
        if self.walkthrough_url is not None:
            shown.append((self.walkthrough_url, "Walk-through"))
        return joined(
            fill(
                "navigation_here" if path == current else "navigation_link",
                path=path,
                name=name,
            )
            for path, name in shown
        )

    @property
    def _policy(self) -> str:
        bank = urlsplit(self.issuer)
        return (
            f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; img-src data:;"
            f" base-uri 'none'; form-action 'self' {bank.scheme}://{bank.netloc};"
            " frame-ancestors 'none'"
        )


def html_response(status: int, body: bytes, policy: str, more: Fields = ()) -> Response:
    """A page under *policy* (Content Security Policy), for our own origin alone."""
    fields: Fields = (
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff"),
        # `no-referrer` would make browsers send `Origin: null` with our own forms.
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        *NO_STORE,
        *more,
    )
    return Response(status, fields, body)
