"""A page that only says something: what went wrong, and how to go on."""

from dataclasses import dataclass

from twisted.web.template import Flattenable, tags

from as_node.browser.frame import page_response
from pki.html.templates import filled, template
from pki.http.messages import Fields, Response

_MESSAGE = template(__file__, "message")


@dataclass(frozen=True, slots=True)
class Message:
    """
    A heading and a text, and the words and the path of a link of ours.

    Without a path there is no link.
    """

    heading: str
    text: str
    link: str = ""
    path: str = ""


def message_page(status: int, message: Message, *, headers: Fields = ()) -> Response:
    """The page. Its only link leads to *message.path*, which must be ours."""
    link: Flattenable = ""
    if message.path:
        link = tags.p(tags.a(message.link, href=message.path, class_="action"))
    content = filled(_MESSAGE, heading=message.heading, text=message.text, link=link)
    return page_response(status, message.heading, content, headers=headers)
