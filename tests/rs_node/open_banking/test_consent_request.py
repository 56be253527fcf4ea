"""`OBReadConsent1`, taken by the letter."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from rs_node.open_banking.consent_request import read_consent_request
from rs_node.open_banking.refusals import (
    DateInvalid,
    FieldInvalid,
    FieldMissing,
    FieldUnexpected,
    FormatInvalid,
    OpenBankingRefusal,
)

NOW = datetime(2026, 6, 1, tzinfo=UTC)
BASIC = ["ReadAccountsBasic"]


def request(**changed: Any) -> bytes:
    """A good request, with other members in `Data`."""
    return json.dumps({"Data": {"Permissions": BASIC, **changed}, "Risk": {}}).encode()


def error(body: bytes) -> OpenBankingRefusal:
    """How *body* is refused."""
    with pytest.raises(OpenBankingRefusal) as caught:
        read_consent_request(body, NOW)
    assert caught.value.response().status == 400
    return caught.value


@pytest.mark.parametrize(
    "permissions",
    [
        ["ReadAccountsBasic"],
        ["ReadAccountsDetail"],
        ["ReadAccountsBasic", "ReadAccountsDetail", "ReadAccountsBasic"],
        ["ReadAccountsBasic", "ReadBalances", "ReadPAN"],
        ["ReadAccountsBasic", "ReadTransactionsBasic", "ReadTransactionsCredits"],
        ["ReadAccountsBasic", "ReadTransactionsDetail", "ReadTransactionsDebits"],
    ],
)
def test_permissions(permissions: list[str]) -> None:
    """Open Banking v4.0: these go together; naming one twice is no mistake."""
    asked = read_consent_request(request(Permissions=permissions), NOW)
    assert list(asked.permissions) == permissions


@pytest.mark.check("consent-request.permissions")
@pytest.mark.parametrize(
    "permissions",
    [
        [],
        ["ReadBalances"],
        ["ReadAccountsBasic", "ReadTransactionsBasic"],
        ["ReadAccountsBasic", "ReadTransactionsDetail"],
        ["ReadAccountsBasic", "ReadTransactionsCredits"],
        ["ReadAccountsBasic", "ReadTransactionsDebits"],
        BASIC * 101,
    ],
)
def test_permissions_that_do_not_go_together(permissions: list[str]) -> None:
    """Open Banking v4.0: an empty list, or one code without another, is 400."""
    found = error(request(Permissions=permissions))
    assert isinstance(found, FieldInvalid)
    assert found.path == "Data.Permissions"


@pytest.mark.check("consent-request.permissions")
@pytest.mark.parametrize("code", ["ReadEverything", "ReadOffers", "readbalances", ""])
def test_permissions_that_are_not_served(code: str) -> None:
    """Open Banking v4.0: an unknown code, or one for what is not served, is 400."""
    found = error(request(Permissions=[*BASIC, code]))
    assert isinstance(found, FieldInvalid)
    assert found.path == "Data.Permissions[1]"


@pytest.mark.check("consent-request.fields")
@pytest.mark.parametrize("value", ["ReadAccountsBasic", None, {}, [1], [*BASIC, None]])
def test_permissions_of_another_type(value: object) -> None:
    """Permissions are an array of strings."""
    assert isinstance(error(request(Permissions=value)), FormatInvalid)


@pytest.mark.check("consent-request.fields")
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b"\xff",
        request().decode().encode("utf-16"),
        b"[" * 40_000,
        b'{"Data": {"Permissions": ["ReadAccountsBasic"]}, "Data": {}, "Risk": {}}',
        b'{"Data": [], "Risk": {}}',
        b'{"Data": {"Permissions": ["\\ud800"]}, "Risk": {}}',
        b'{"Data": {"Permissions": ["ReadAccountsBasic"], "\\udfff": 1}, "Risk": {}}',
        '{"Data": {"Permissions": ["ReadAccountsBasic"]}, "Risk": {}}'.encode("utf-16"),
        b'\xef\xbb\xbf{"Data": {"Permissions": ["ReadAccountsBasic"]}, "Risk": {}}',
        b'{"Data": {"Permissions": ["ReadAccountsBasic"]}, "Risk": 1}',
    ],
)
def test_no_such_object(body: bytes) -> None:
    """Open Banking v4.0: what is not of the schema is 400 with U010."""
    assert error(body).code == "U010"


@pytest.mark.check("consent-request.fields")
@pytest.mark.parametrize(
    ("body", "path"),
    [
        (b'{"Risk": {}}', "Data"),
        (b'{"Data": {"Permissions": ["ReadAccountsBasic"]}}', "Risk"),
        (b'{"Data": {}, "Risk": {}}', "Data.Permissions"),
    ],
)
def test_missing(body: bytes, path: str) -> None:
    """Open Banking v4.0: a missing field is 400 with U004 and its path."""
    found = error(body)
    assert isinstance(found, FieldMissing)
    assert found.path == path


@pytest.mark.check("consent-request.fields")
@pytest.mark.parametrize(
    ("body", "path"),
    [
        (b'{"Data": {}, "Risk": {}, "More": 1}', "More"),
        (request(expirationDateTime="2030-01-01"), "Data.expirationDateTime"),
        (b'{"Data": {}, "Risk": {"DeliveryAddress": {}}}', "Risk"),
        ('{"Data": {"\ud83d\ude00": 1}, "Risk": {}}'.encode("utf-8", "surrogatepass"),
         ""),
    ],
)  # fmt: skip
def test_unexpected(body: bytes, path: str) -> None:
    """A misspelt date must not mean that there is none."""
    found = error(body)
    if path:
        assert isinstance(found, FieldUnexpected)
        assert found.path == path


@pytest.mark.check("consent-request.dates")
@pytest.mark.parametrize(
    "name",
    ["ExpirationDateTime", "TransactionFromDateTime", "TransactionToDateTime"],
)
def test_dates(name: str) -> None:
    """Open Banking v4.0: a date is 400 with U003 if it is none, U010 if no string."""
    for value in ("yesterday", "", "2030-02-30", "0001-01-01T00:00:00+14:00"):
        found = error(request(**{name: value}))
        assert isinstance(found, DateInvalid)
        assert found.path == f"Data.{name}"
    for other in (None, 1_900_000_000):
        assert isinstance(error(request(**{name: other})), FormatInvalid)


def test_dates_taken() -> None:
    """Open Banking v4.0: dates are taken as they are sent, zone included."""
    asked = read_consent_request(
        request(ExpirationDateTime="2026-06-01T02:00:00+01:00"), NOW
    )
    assert asked.expiration is not None
    assert asked.expiration.isoformat() == "2026-06-01T02:00:00+01:00"
    assert asked.transaction_from is asked.transaction_to is None


@pytest.mark.check("consent-request.dates")
@pytest.mark.parametrize(
    "ends", ["2026-06-01T00:00:00Z", "2026-06-01T00:59:59+01:00", "2017-05-02"]
)
def test_expired_from_the_start(ends: str) -> None:
    """Open Banking v4.0: an ExpirationDateTime that is past is 400 with U003."""
    assert isinstance(error(request(ExpirationDateTime=ends)), DateInvalid)


@pytest.mark.check("consent-request.dates")
def test_a_period_that_ends_before_it_begins() -> None:
    """TransactionToDateTime is not before TransactionFromDateTime."""
    names = ("TransactionFromDateTime", "TransactionToDateTime")
    same = dict.fromkeys(names, "2026-01-01T00:00:00Z")
    read_consent_request(request(**same), NOW)
    found = error(request(**same | {names[1]: "2025-12-31T23:59:59Z"}))
    assert isinstance(found, DateInvalid)
    assert found.path == "Data.TransactionToDateTime"
