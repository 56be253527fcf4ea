"""The forms of our pages, as a browser sends them."""

from as_node.browser.error_pages import UnreadableForm
from as_node.protocol.errors import InvalidRequest
from as_node.protocol.parameters import Parameters, read_form
from pki.http.messages import Request


def read_person_form(request: Request) -> Parameters:
    """
    The fields of a form, by name; empty ones are left out. See `read_form`.

    Raises:
        UnreadableForm: our pages do not send anything like it.
    """
    try:
        return read_form(request)
    except InvalidRequest as error:
        raise UnreadableForm(
            error.detail,
            error.check,
            rule=error.rule,
            expected=error.expected,
            presented=error.presented,
        ) from error
