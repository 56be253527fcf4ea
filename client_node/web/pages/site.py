"""The pages of the banking client, as a browser gets them."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from twisted.web.template import Flattenable

from client_node.web.journey.browser_session import BrowserSession
from client_node.web.pages.links import link_item
from client_node.web.pages.security_headers import html_response
from pki.html.document import document
from pki.html.style_sheet import style_sheet
from pki.html.templates import filled, template
from pki.http.messages import Request, Response

_STYLE = style_sheet(__file__, "pages")
_FRAME = template(__file__, "frame")

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
        content: Flattenable,
        *,
        status: int = 200,
        current: str = "",
        session: BrowserSession | None = None,
    ) -> Response:
        """
        A whole page; the navigation marks *current*.

        The browser is given the cookie of a *session* that is new.
        """
        page = filled(
            _FRAME,
            title=title,
            navigation=self._navigation(current),
            content=content,
        )
        cookie = (session.cookie,) if session and session.is_new else ()
        return html_response(status, document(page, _STYLE), self._policy, cookie)

    def elsewhere(self, request: Request) -> Response | None:
        """
        The way to the same page in its own origin, for a browser at `localhost`.

        A path this is called for is one of ours, so it leads nowhere else.
        """
        host = (request.header("host") or "").lower().partition(":")[0]
        if host != "localhost":
            return None
        return Response(302, (("Location", f"{self.origin}{request.path}"),))

    def _navigation(self, current: str) -> Flattenable:
        shown = [*_NAVIGATION]
        if self.walkthrough_url is not None:
            shown.append((self.walkthrough_url, "Walk-through"))
        return [
            link_item(path, name, is_current=path == current) for path, name in shown
        ]

    @property
    def _policy(self) -> str:
        bank = urlsplit(self.issuer)
        return (
            f"default-src 'none'; style-src {_STYLE.source}; img-src data:;"
            f" base-uri 'none'; form-action 'self' {bank.scheme}://{bank.netloc};"
            " frame-ancestors 'none'"
        )
