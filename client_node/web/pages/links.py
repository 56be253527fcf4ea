"""Lists of links, one of which may be where the reader is."""

from twisted.web.template import Flattenable, tags


def link_item(path: str, name: str, *, is_current: bool = False) -> Flattenable:
    """One of a list of links; a screen reader says of the current one that it is."""
    link = tags.a(name, href=path)
    return tags.li(link(**{"aria-current": "page"}) if is_current else link)
