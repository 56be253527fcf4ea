"""What a client says of its customer's presence: read, and believed in nothing."""

from types import MappingProxyType

import pytest

from pki.http.messages import Connection, Request
from pki.pem import Credential
from rs_node.open_banking.customer_headers import (
    AUTH_DATE,
    IP_ADDRESS,
    verify_customer_headers,
)
from rs_node.open_banking.refusals import HeaderInvalid
from tests.rs_node.bank import Bank
from tests.rs_node.consented import ACCOUNTS, CONSENTS, data, given_consent, refused

CONNECTION = Connection(1, "127.0.0.1", "TLSv1.3", certificate_requested=True,
                        peer=None)  # fmt: skip


def request(name: str, *values: str) -> Request:
    """A request with one header field, as often as there are values."""
    headers = MappingProxyType({name: values} if values else {})
    return Request("GET", "/", "", headers, b"", CONNECTION)


@pytest.mark.check("open-banking.customer-headers")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        (IP_ADDRESS, "104.25.212.99"),
        (IP_ADDRESS, "2001:db8::1"),
        (IP_ADDRESS, "2001:DB8:0:0:8:800:200C:417A"),
        (IP_ADDRESS, "::ffff:192.0.2.1"),
        (AUTH_DATE, "Sun, 10 Sep 2017 19:43:31 GMT"),
        (AUTH_DATE, "Sun, 10 Sep 2017 19:43:31 UTC"),
        (AUTH_DATE, "Sunday, 06-Nov-94 08:49:37 GMT"),
        (AUTH_DATE, "Sun Nov  6 08:49:37 1994"),
        ("x-fapi-customer-user-agent", "anything"),
        ("x-customer-user-agent", "anything"),
    ],
)
def test_readable(name: str, value: str) -> None:
    """FAPI 1.0 part 1 section 6.2.1: addresses of both kinds, dates of HTTP."""
    verify_customer_headers(request(name, value))
    verify_customer_headers(request(name))


@pytest.mark.check("open-banking.customer-headers")
@pytest.mark.parametrize(
    ("name", "values"),
    [
        (IP_ADDRESS, ("",)),
        (IP_ADDRESS, ("localhost",)),
        (IP_ADDRESS, ("256.1.1.1",)),
        (IP_ADDRESS, ("010.1.1.1",)),
        (IP_ADDRESS, ("127.0.0.1:443",)),
        (IP_ADDRESS, ("[::1]",)),
        (IP_ADDRESS, ("fe80::1%eth0",)),
        (IP_ADDRESS, ("192.0.2.0/24",)),
        (IP_ADDRESS, ("192.0.2.1, 192.0.2.2",)),
        (IP_ADDRESS, ("192.0.2.1", "192.0.2.1")),
        (IP_ADDRESS, ("0" * 100_000,)),
        (AUTH_DATE, ("",)),
        (AUTH_DATE, ("2017-09-10T19:43:31Z",)),
        (AUTH_DATE, ("1505072611",)),
        (AUTH_DATE, ("Sun, 10 Sep 2017 19:43:31",)),
        (AUTH_DATE, ("Sun, 10 Sep 2017 19:43:31 +0100",)),
        (AUTH_DATE, ("Sun, 32 Sep 2017 19:43:31 GMT",)),
        (AUTH_DATE, ("Sun, 10 Sep 2017 25:43:31 GMT",)),
        (AUTH_DATE, ("Sun, \u0661\u0660 Sep 2017 19:43:31 GMT",)),
        (AUTH_DATE, ("Sun, 10 Sep 2017 19:43:31 GMT",) * 2),
        (AUTH_DATE, ("Sun, 10 Sep 2017 19:43:31 GMT" + " " * 100_000,)),
    ],
)
def test_unreadable(name: str, values: tuple[str, ...]) -> None:
    """UK Open Banking: 400 for one that nobody can read, or that is there twice."""
    with pytest.raises(HeaderInvalid) as invalid:
        verify_customer_headers(request(name, *values))
    assert invalid.value.path == name


@pytest.mark.check("open-banking.customer-headers")
@pytest.mark.parametrize("path", [ACCOUNTS, f"{CONSENTS}/{{}}"])
def test_told(bank: Bank, tpp: Credential, path: str) -> None:
    """In this API's form, with the name of the header; to who has a good token only."""
    consent = given_consent(bank)
    customers = path == ACCOUNTS
    token = bank.customers_jwt(tpp, consent) if customers else bank.jwt(tpp)
    wrong = ((IP_ADDRESS, "somewhere"),)
    answer = bank.get(tpp, token, path.format(consent), headers=wrong)
    assert refused(answer, 400, "U006")["Path"] == IP_ADDRESS
    answer = bank.get(tpp, None, path.format(consent), headers=wrong)
    assert answer.status == 401


def test_believed_in_nothing(bank: Bank, tpp: Credential) -> None:
    """Whatever they say the answer is the same: they are the client's word."""
    token = bank.customers_jwt(tpp, given_consent(bank))
    said = (
        (IP_ADDRESS, "192.0.2.1"),
        (AUTH_DATE, "Fri, 31 Dec 9999 23:59:59 GMT"),
    )
    with_them = data(bank.get(tpp, token, ACCOUNTS, headers=said))
    assert with_them == data(bank.get(tpp, token, ACCOUNTS))
