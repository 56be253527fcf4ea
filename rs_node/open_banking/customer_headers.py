"""
What a client says of its customer: that she is there, from where, since when.

`x-fapi-customer-ip-address` is sent where she is present, `x-fapi-auth-date` says when
she last signed in (UK Open Banking Read/Write Data API profile, Request Headers; FAPI
1.0 part 1 section 6.2). Both are the client's word and are believed in nothing: no
answer here depends on what they say. What nobody could read is refused all the same,
since a client whose headers are wrong should learn it here and not from a bank that
counts the requests of absent customers.
"""

from datetime import datetime
from ipaddress import ip_address

from pki.http.checks import Check
from pki.http.messages import Request
from rs_node.open_banking.refusals import HeaderInvalid

IP_ADDRESS = "x-fapi-customer-ip-address"
AUTH_DATE = "x-fapi-auth-date"

READABLE = Check(
    "open-banking.customer-headers",
    "what the client says of its customer's presence can be read",
    "UK Open Banking Read/Write v4.0",
)

# RFC 9110 section 5.6.7: whoever reads a date of HTTP reads its three forms. The
# standard's own example has the first one with UTC in the place of GMT.
_HTTP_DATES = (
    "%a, %d %b %Y %H:%M:%S GMT",
    "%a, %d %b %Y %H:%M:%S UTC",
    "%A, %d-%b-%y %H:%M:%S GMT",
    "%a %b %d %H:%M:%S %Y",
)
_LONGEST = 64  # characters; an address of IPv6 has 45 at most


def verify_customer_headers(request: Request) -> None:
    """
    Each of the two is there once and can be read, or is not there.

    Addresses are of IPv4 or IPv6, without a zone. Whether they are true is not checked.

    Raises:
        HeaderInvalid: one is there twice, or is no address, or no date.
    """
    for name, is_readable in ((IP_ADDRESS, is_ip_address), (AUTH_DATE, is_http_date)):
        values = request.headers.get(name, ())
        if len(values) > 1 or not all(is_readable(value) for value in values):
            raise HeaderInvalid(
                f"{name} cannot be read",
                READABLE,
                path=name,
                presented=ascii(", ".join(values)[:_LONGEST]),
            )


def is_ip_address(text: str) -> bool:
    """An address of IPv4 or IPv6 as text, without a port, brackets or a zone."""
    if len(text) > _LONGEST or "%" in text:
        return False
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def is_http_date(text: str) -> bool:
    """A date as HTTP has it, RFC 9110 section 5.6.7."""
    return len(text) <= _LONGEST and any(_reads(text, form) for form in _HTTP_DATES)


def _reads(text: str, form: str) -> bool:
    try:
        datetime.strptime(text, form)  # noqa: DTZ007 - whether it can be read, no more
    except ValueError:
        return False
    return text.isascii()
