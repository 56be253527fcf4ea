"""The forms of our pages: what each carries, and the one that leads to the bank."""

from twisted.web.template import Flattenable, tags

from client_node.web.journey.browser_session import BrowserSession


def hidden_fields(session: BrowserSession, **more: str) -> Flattenable:
    """The proof that a form is ours (see `find_own_form`), and what it is about."""
    fields = {"csrf": session.csrf_token, **more}
    return [
        tags.input(type="hidden", name=name, value=value)
        for name, value in fields.items()
    ]


def connect_form(session: BrowserSession, label: str) -> Flattenable:
    """The button that leads to the bank."""
    return tags.form(
        hidden_fields(session),
        tags.button(label, class_="action", type="submit"),
        method="post",
        action="/connect",
    )


def renew_form(session: BrowserSession, connection_id: str) -> Flattenable:
    """The button that leads to the bank to sign in again for a connection."""
    return tags.form(
        hidden_fields(session, connection=connection_id),
        tags.button("Renew access", class_="action", type="submit"),
        method="post",
        action="/renew",
    )


def connect_panel(session: BrowserSession, label: str, words: str = "") -> Flattenable:
    """The same for who has connected nothing; *words* say what will happen."""
    quiet = tags.p(words, class_="quiet") if words else ""
    return tags.div(connect_form(session, label), quiet, class_="panel")
