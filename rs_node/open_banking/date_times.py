"""
Dates and times: ISO 8601 as this API reads and writes it.

In bodies a time has a zone, and without one it is taken as UTC. In queries it has
none, and one that is there does not count: the standard has it so. Written is always
a time with its zone.
"""

import re
from datetime import UTC, datetime, time

# The extended format. The basic one, weeks and days of the year are not read.
_DATE_TIME = re.compile(
    r"\d{4}-\d{2}-\d{2}"
    r"(?P<time>T\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?"
    r"(?P<zone>Z|[+-]\d{2}(?::?\d{2})?)?)?",
    re.ASCII,
)


def parse_date_time(text: str) -> datetime:
    """
    A moment from a body; a date alone is its first second.

    Raises:
        ValueError: it is none.
    """
    _verify_form(text)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    _verify_in_range(moment)
    return moment


def parse_filter(text: str, *, is_end: bool) -> datetime:
    """
    A moment from a query; a date alone is its first second, or its last.

    Raises:
        ValueError: it is none.
    """
    form = _verify_form(text)
    moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
    if is_end and form["time"] is None:
        moment = datetime.combine(moment, time.max, UTC)
    return moment


def written(moment: datetime) -> str:
    """With its zone, to the second unless it is more exact."""
    return moment.isoformat()


def _verify_form(text: str) -> re.Match[str]:
    form = _DATE_TIME.fullmatch(text)
    if form is None:
        raise ValueError("not an ISO 8601 date, or date and time")
    return form


def _verify_in_range(moment: datetime) -> None:
    """At either end of the calendar a moment may have no UTC."""
    try:
        moment.astimezone(UTC).timestamp()
    except OverflowError as error:
        raise ValueError("beyond the calendar") from error
