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
from pki.http.messages import NO_STORE, Request, Response, json_response

_STYLE = style_sheet(__file__, "pages")
_FRAME = template(__file__, "frame")

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
            _FRAME, title=title, navigation=_navigation(current), content=content
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

    def is_ours(self, request: Request) -> bool:
        """Whether *request* came by our name: a name of others may lead here too."""
        host = request.header("host") or ""
        return host.lower() == urlsplit(self.origin).netloc.lower()

    def misdirected(self) -> Response:
        """RFC 9110 section 15.5.20: nothing is told under a name that is not ours."""
        members = {
            "error": "misdirected_request",
            "error_description": f"this is {self.origin}",
        }
        return json_response(421, members, NO_STORE)

    @property
    def _policy(self) -> str:
        bank = urlsplit(self.issuer)
        return (
            f"default-src 'none'; style-src {_STYLE.source}; img-src data:;"
            f" base-uri 'none'; form-action 'self' {bank.scheme}://{bank.netloc};"
            " frame-ancestors 'none'"
        )


def _navigation(current: str) -> Flattenable:
    return [
        link_item(path, name, is_current=path == current) for path, name in _NAVIGATION
    ]
