"""
Identifiers that browsers are given in cookies.

The prefix `__Host-` of their names makes browsers refuse a cookie unless it is Secure,
for the path `/` and for this host alone: no neighbour under the same domain can plant
one.
"""

from pki.http.messages import Request


def identifier_in_cookie(request: Request, cookie: str) -> str | None:
    """
    The identifier in the *cookie* of ours, if there is exactly one of a sane form.

    Two of them are none: nobody could say which of the two is the browser's own.
    """
    pairs = ";".join(request.headers.get("cookie", ())).split(";")
    values = [
        value
        for name, _, value in (pair.strip().partition("=") for pair in pairs)
        if name == cookie
    ]
    if len(values) != 1 or not _is_identifier(values[0]):
        return None
    return values[0]


def _is_identifier(value: str) -> bool:
    """As `new_opaque_value` makes them."""
    return len(value) == 43 and value.isascii() and value.isprintable()
