"""What the bank is told of a customer who is present: the truth, in its forms."""

import pytest

from client_node.open_banking.customer_presence import CustomerPresence, http_date


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("192.0.2.1:50000", "192.0.2.1"),
        ("[2001:DB8:0:0:8:800:200C:417A]:50000", "2001:db8::8:800:200c:417a"),
        ("[::1]:50000", "::1"),
        ("[::ffff:192.0.2.1]:50000", "192.0.2.1"),
        ("[fe80::1%eth0]:50000", "fe80::1"),
    ],
)
def test_an_address(address: str, written: str) -> None:
    """FAPI 1.0 part 1 section 6.2.2: of IPv4 or IPv6, as other machines read it."""
    fields = CustomerPresence(address, None).fields()
    assert fields == (("x-fapi-customer-ip-address", written),)


@pytest.mark.parametrize("address", ["", "unknown", "memory:1", ":50000", "192.0.2.1"])
def test_no_address(address: str) -> None:
    """What is not known is left out, and not made up."""
    assert CustomerPresence(address, None).fields() == ()


def test_when_she_signed_in() -> None:
    """RFC 9110 section 5.6.7: the preferred form, with two digits for each day."""
    fields = CustomerPresence("192.0.2.1:50000", 784111777).fields()
    assert fields == (
        ("x-fapi-customer-ip-address", "192.0.2.1"),
        ("x-fapi-auth-date", "Sun, 06 Nov 1994 08:49:37 GMT"),
    )


def test_beyond_the_calendar() -> None:
    """A time that has no date is left out."""
    assert http_date(10**18) is None
