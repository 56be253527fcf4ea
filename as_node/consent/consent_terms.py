"""What a consent allows, as the pages show it: which data, of when, until when."""

from datetime import UTC, datetime

from twisted.web.template import Flattenable, tags

from as_node.consent.consent import ConsentView
from as_node.consent.permissions import permissions_in_words


def permissions_shown(view: ConsentView) -> Flattenable:
    """The groups of data, for a list of terms."""
    in_words = permissions_in_words(view.permissions)
    return [_permission(group, each) for group, each in in_words.items()]


def until(expiration: datetime | None) -> str:
    """When access ends."""
    if expiration is None:
        return "Until you end it. No end has been asked for."
    return f"Until {_day(expiration)} at {_utc(expiration):%H:%M} UTC."


def period(view: ConsentView) -> Flattenable:
    """The bounds of the transactions, where the consent has some."""
    first, last = view.transaction_from, view.transaction_to
    if first and last:
        words = f"from {_day(first)} to {_day(last)}"
    elif first:
        words = f"from {_day(first)} on"
    elif last:
        words = f"up to {_day(last)}"
    else:
        return ""
    return tags.p(f"Only transactions {words}.")


def _day(time: datetime) -> str:
    """As people write it, whatever the locale of the machine."""
    utc = _utc(time)
    return f"{utc.day} {_MONTHS[utc.month - 1]} {utc.year}"


def _utc(time: datetime) -> datetime:
    return time.astimezone(UTC)


def _permission(group: str, words: tuple[str, ...]) -> Flattenable:
    return tags.div(tags.dt(group), tags.dd(tags.ul(tags.li(each) for each in words)))


_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
