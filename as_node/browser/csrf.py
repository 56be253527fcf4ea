"""
Whether a form was filled in on a page of ours, by the browser it was shown to.

Each form carries a token that is made from the browser's session identifier, the
step, and the request it is about. Who does not know the identifier cannot make one,
and one made for another step, another request or another session does not fit.
"""

import hmac
from urllib.parse import urlencode

from as_node.browser.error_pages import ForeignForm
from as_node.browser.sessions import Visitor
from as_node.protocol.parameters import Parameters
from pki.http.checks import Check
from pki.http.messages import Request

FIELD = "csrf_token"

SAME_ORIGIN = Check(
    "csrf.same-origin",
    "the form was sent by the browser that was shown it",
    "RFC 6749 section 10.12",
)


def csrf_token(visitor: Visitor, step: str, request_uri: str) -> str:
    """The token for a form of this visitor's: 256 bits of HMAC-SHA256, in hex."""
    about = urlencode({"step": step, "request_uri": request_uri})
    return hmac.digest(
        visitor.session_id.encode("ascii"), about.encode("ascii"), "sha256"
    ).hex()


class SameOrigin:
    """Forms of *origin*, for example `https://localhost:9443`."""

    def __init__(self, origin: str) -> None:
        self._origin = origin

    def verify_csrf(
        self, request: Request, form: Parameters, visitor: Visitor, step: str
    ) -> None:
        """
        The form was sent from a page of ours that this visitor was shown.

        Raises:
            ForeignForm: it came from elsewhere, or belongs to another session (one
                that ended when she signed in, say), step or request.
        """
        self.verify_origin(request)
        request_uri = form.get("request_uri", "")
        expected = csrf_token(visitor, step, request_uri).encode()
        presented = form.get(FIELD, "").encode("utf-8")
        if not hmac.compare_digest(expected, presented):
            raise ForeignForm(
                "the token of the form is not the one of this session and request",
                SAME_ORIGIN,
                client_id=form.get("client_id", ""),
                request_uri=request_uri,
            )
        request.journal.accepted(SAME_ORIGIN, self.verify_csrf)

    def verify_origin(self, request: Request) -> None:
        """
        The form was not sent from a page of somebody else's, as far as browsers tell.

        They say where a form was sent from, in fields that no page can set.

        Our pages have the policy `no-referrer`, and for those browsers send `Origin:
        null` with a form (Fetch section 3.1). So do pages that want to hide, so it
        only counts beside `Sec-Fetch-Site: same-origin`. Who sends neither field is
        no browser of these years, and has the token to prove the rest.

        Raises:
            ForeignForm: it was.
        """
        origins = set(request.headers.get("origin", ()))
        sites = set(request.headers.get("sec-fetch-site", ()))
        allowed = {self._origin, "null"} if sites == {"same-origin"} else {self._origin}
        if not origins <= allowed or not sites <= {"same-origin"}:
            raise ForeignForm(
                "a form was sent from a page that is not ours",
                SAME_ORIGIN,
                expected=self._origin,
                presented=f"{', '.join(origins)!a:.120} {', '.join(sites)!a:.40}",
            )
