"""A page as a browser has it: where it is, what it says, which forms it has."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

from pki.http.answers import Answer


class NotOnThePage(Exception):
    """What is looked for is not there: another page came than was expected."""


@dataclass
class Form:
    """A form: *fields* has what is filled in, *boxes* all that can be ticked."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    boxes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """
    Where the browser is; *url* is the one it asked last.

    *form_action* are the origins that the page before it lets its forms lead to, where
    this one came from a form; None is anywhere.
    """

    url: str
    answer: Answer
    form_action: Collection[str] | None = None

    @property
    def status(self) -> int:
        """Of the answer."""
        return self.answer.status

    @property
    def text(self) -> str:
        """What it says, tags included."""
        return self.answer.body.decode("utf-8")

    @property
    def location(self) -> str | None:
        """Where the browser is sent and has not gone."""
        return self.answer.header("location")

    @property
    def leads_to(self) -> str | None:
        """The same, as a whole URL."""
        return None if self.location is None else urljoin(self.url, self.location)

    @property
    def forms(self) -> dict[str, Form]:
        """Its forms, by the path they lead to; of several, the first."""
        parser = _Forms()
        parser.feed(self.text)
        found: dict[str, Form] = {}
        for form in parser.found:
            found.setdefault(urlsplit(urljoin(self.url, form.action)).path, form)
        return found

    def form(self, path: str) -> Form:
        """
        The form that leads to *path*.

        Raises:
            NotOnThePage: there is none.
        """
        found = self.forms.get(path)
        if found is None:
            raise NotOnThePage(f"{self.url}: no form for {path}")
        return found

    def sent_back(self) -> dict[str, str]:
        """
        The parameters of the redirect that the browser did not follow.

        Raises:
            NotOnThePage: there is none, or it has a parameter twice.
        """
        if self.status != 303 or self.location is None:
            raise NotOnThePage(f"{self.status}, no redirect: {self.text}")
        query = urlsplit(self.location).query
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=True)
        if len(pairs) != len(dict(pairs)):
            raise NotOnThePage(f"a parameter comes twice: {query}")
        return dict(pairs)


class _Forms(HTMLParser):
    """Finds the forms of a page: hidden and filled in fields, and boxes to tick."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A form, or a field of the one that began last."""
        attributes = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(attributes.get("action", "")))
        elif tag == "input" and self.found and "name" in attributes:
            self._field(self.found[-1], attributes)

    def _field(self, form: Form, attributes: Mapping[str, str]) -> None:
        name, value = attributes["name"], attributes.get("value", "")
        is_box = attributes.get("type") == "checkbox"
        if is_box:
            form.boxes[name] = value
        if not is_box or "checked" in attributes:
            form.fields[name] = value
