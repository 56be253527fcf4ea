"""The frame of every page: the bank's name, its style, its footer."""

from twisted.web.template import Flattenable

from as_node.browser.security_headers import html_response
from pki.html.document import document
from pki.html.style_sheet import style_sheet
from pki.html.templates import filled, template
from pki.http.messages import Fields, Response

_STYLE = style_sheet(__file__, "pages")
_FRAME = template(__file__, "frame")


def page_response(
    status: int,
    title: str,
    content: Flattenable,
    *,
    redirect_uri: str | None = None,
    headers: Fields = (),
) -> Response:
    """
    The page with this *content*; *redirect_uri* is where its forms lead in the end.
    """
    return html_response(
        status,
        document(filled(_FRAME, title=title, content=content), _STYLE),
        style_source=_STYLE.source,
        redirect_uri=redirect_uri,
        headers=headers,
    )
