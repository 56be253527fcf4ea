"""`/demo`: the walk-through that `make demo` wrote, if it did."""

import html
import re
from dataclasses import dataclass
from pathlib import Path

from pki.http.messages import Request, Response
from pki.node.changing_file import ChangingFile
from scripts.walkthrough.page.no_demo_page import POLICY, no_demo_page
from scripts.walkthrough.serving.responses import html_response

LARGEST = 32 * 1024 * 1024  # bytes of a page that are read

_BEGINNING = 4096  # bytes in which the page says what it may do
_POLICY = re.compile(
    rb'<meta http-equiv="Content-Security-Policy" content="([ -!#-~]+)">'
)


@dataclass(frozen=True, slots=True)
class _Page:
    """A page, and the policy that it was written with."""

    body: bytes
    policy: str


class FinishedPage:
    """
    Serves the file as it is.

    Under the policy in it, which names its own script by the hash: the file may be
    older than the scripts of today.
    """

    def __init__(self, path: Path) -> None:
        self._file = ChangingFile(path, _read)

    async def answer(self, request: Request) -> Response:
        """GET; 404 and what helps, where there is none."""
        try:
            page = self._file.current()
        except OSError as error:
            request.journal.about(demo=str(error))
            return html_response(404, no_demo_page(live="/").encode(), POLICY)
        return html_response(200, page.body, page.policy)


def _read(path: Path) -> _Page:
    """
    The page.

    Raises:
        OSError: it cannot be read, is too large, or has no policy.
    """
    with path.open("rb") as file:
        body = file.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise OSError(f"{path} is larger than is read: at most {LARGEST} bytes")
    policy = _POLICY.search(body, 0, _BEGINNING)
    if policy is None:
        raise OSError(f"{path} was written by something else")
    written = html.unescape(policy[1].decode("ascii"))
    return _Page(body, f"{written}; frame-ancestors 'none'")
