"""
Which transactions are asked for, and which page of them: the query.

The links to other pages carry the moment up to which the first one looked, so that
what is booked in the meantime moves nothing from one page to the next.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, unquote

from pki.http.checks import Check
from rs_node.open_banking.date_times import parse_filter
from rs_node.open_banking.refusals import DateInvalid, FieldInvalid, FieldUnexpected

FROM = "fromBookingDateTime"
TO = "toBookingDateTime"
PAGE = "page"

PAGE_SIZE = 100

QUERY = Check(
    "transactions.query",
    "the query says which transactions are asked for",
    "UK Open Banking Read/Write v4.0",
)


@dataclass(frozen=True, slots=True)
class TransactionQuery:
    """The filters, both ends included, as sent and as meant; pages count from 1."""

    parameters: Mapping[str, str]
    first: datetime | None
    last: datetime | None
    page: int


def read_transaction_query(query: str) -> TransactionQuery:
    """
    What the query of a request says.

    Raises:
        FieldUnexpected: a parameter that nobody knows: it may be a filter misspelt,
            which must not mean "all".
        FieldInvalid, DateInvalid: a parameter is there twice, or means nothing.
    """
    parameters = _parameters(query)
    return TransactionQuery(
        parameters,
        first=_filter(parameters, FROM, is_end=False),
        last=_filter(parameters, TO, is_end=True),
        page=_page(parameters),
    )


@dataclass(frozen=True, slots=True)
class Pages:
    """How so many things are divided, and which part is *number*, from 1."""

    total: int
    number: int

    def slice(self) -> slice:
        """This page, of the list of all."""
        return slice((self.number - 1) * PAGE_SIZE, self.number * PAGE_SIZE)

    def links(self, url: str, parameters: Mapping[str, str]) -> dict[str, str]:
        """The other pages of *url* with these *parameters*, where there are any."""
        if self.total == 1:
            return {}
        found = {"First": 1, "Last": self.total}
        if self.number > 1:
            found["Prev"] = self.number - 1
        if self.number < self.total:
            found["Next"] = self.number + 1
        return {
            name: with_query(url, {**parameters, PAGE: str(number)})
            for name, number in found.items()
        }


def pages_of(things: int, number: int) -> Pages:
    """
    Page *number* of so many *things*; of none there is one, which is empty.

    Raises:
        FieldInvalid: there is no such page.
    """
    total = max(1, -(-things // PAGE_SIZE))
    if number > total:
        text = "there is no such page"
        raise FieldInvalid(text, QUERY, path=PAGE, presented=str(number))
    return Pages(total, number)


def with_query(url: str, parameters: Mapping[str, str]) -> str:
    """*url* with *parameters*, if there are any."""
    pairs = (f"{name}={quote(value, safe=':')}" for name, value in parameters.items())
    return f"{url}?{query}" if (query := "&".join(pairs)) else url


def _parameters(query: str) -> dict[str, str]:
    """
    A plus sign is itself, unlike in forms: it begins the zone of a time.
    """
    parameters: dict[str, str] = {}
    for pair in filter(None, query.split("&")):
        name, _, value = pair.partition("=")
        if name not in (FROM, TO, PAGE):
            text = "there is no such parameter"
            raise FieldUnexpected(text, QUERY, path=f"{name:.60}")
        if name in parameters:
            raise FieldInvalid("the parameter is there twice", QUERY, path=name)
        parameters[name] = unquote(value)
    return parameters


def _filter(
    parameters: Mapping[str, str], name: str, *, is_end: bool
) -> datetime | None:
    if name not in parameters:
        return None
    try:
        return parse_filter(parameters[name], is_end=is_end)
    except ValueError as error:
        raise DateInvalid(str(error), QUERY, path=name) from error


def _page(parameters: Mapping[str, str]) -> int:
    text = parameters.get(PAGE, "1")
    # Six digits are more than there can be, and fewer than make `int` slow.
    if not (text.isascii() and text.isdecimal() and len(text) <= 6) or int(text) < 1:
        raise FieldInvalid("not the number of a page", QUERY, path=PAGE)
    return int(text)
