"""The table of routes, for people: what is not there, or fails, is told in words."""

from client_node.web.journey.error_messages import KNOWN, NO_SUCH_PAGE, WRONG_METHOD
from client_node.web.pages.error_page import Explained, explained
from client_node.web.pages.site import Site
from pki.http.messages import Request, Response
from pki.http.routes import MethodNotAllowed, NotFound, Routes


class PageRoutes:
    """
    *routes*, with pages for what goes wrong.

    What a bank or our store did (`KNOWN`) only our pages meet, so it is a page. That
    there is no such page is one where a browser asked, which says so: it accepts
    `text/html`. A program gets JSON as everywhere.
    """

    def __init__(self, site: Site, routes: Routes) -> None:
        self._site = site
        self._routes = routes

    async def answer(self, request: Request) -> Response:
        """
        The answer of the handler that serves this request.

        Raises:
            Refusal: by the handler, for what failed under it, or because there is none.
        """
        try:
            return await self._routes.answer(request)
        except KNOWN as error:
            raise explained(self._site, request, error) from error
        except NotFound as error:
            if not _is_for_reading(request):
                raise
            raise Explained(self._site, request, NO_SUCH_PAGE, error.detail) from error
        except MethodNotAllowed as error:
            if not _is_for_reading(request):
                raise
            allow = (("Allow", ", ".join(error.allowed)),)
            raise Explained(
                self._site, request, WRONG_METHOD, error.detail, allow
            ) from error


def _is_for_reading(request: Request) -> bool:
    return "text/html" in (request.header("accept") or "")
