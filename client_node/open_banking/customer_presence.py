"""
That a customer is present while we ask the bank, and since when she is signed in.

`x-fapi-customer-ip-address` and `x-fapi-auth-date`: UK Open Banking Read/Write Data API
profile, Request Headers; FAPI 1.0 part 1 section 6.2.2. A bank counts what is asked
without the first as asked in her absence, so it is sent with what she asks for at her
browser, and with nothing else.
"""

from dataclasses import dataclass
from email.utils import formatdate
from ipaddress import IPv6Address, ip_address

from pki.http.messages import Fields


@dataclass(frozen=True, slots=True)
class CustomerPresence:
    """
    A customer is at her browser, which came from *address*: host and port, as
    `pki.http.messages.Connection` has it.

    *auth_time* is when she last signed in, as the bank has told it (the claim of her
    ID token), in seconds since the epoch; `None` where it did not. There is no other
    sign-in: this application has none of its own.
    """

    address: str
    auth_time: int | None

    def fields(self) -> Fields:
        """What can be said of her truly; what is not known is left out."""
        address = _written_address(self.address)
        date = None if self.auth_time is None else http_date(self.auth_time)
        fields = (("x-fapi-customer-ip-address", address), ("x-fapi-auth-date", date))
        return tuple((name, value) for name, value in fields if value is not None)


def http_date(seconds: int) -> str | None:
    """RFC 9110 section 5.6.7, in whole seconds; `None` where the calendar ends."""
    try:
        return formatdate(seconds, usegmt=True)
    except (ValueError, OverflowError, OSError):
        return None


def _written_address(text: str) -> str | None:
    """
    The host as others read it, without the port; `None` where it is no address.

    A zone means nothing on another machine, and one of IPv4 is written as that also
    where a socket of IPv6 took the connection.
    """
    try:
        host = text.rpartition(":")[0].strip("[]")
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(address)
