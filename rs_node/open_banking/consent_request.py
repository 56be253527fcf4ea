"""What a client asks a consent for: `OBReadConsent1`, taken by the letter."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pki.http.checks import Check
from pki.http.strict_json import json_object
from rs_node.open_banking.date_times import parse_date_time
from rs_node.open_banking.permissions import verify_permissions
from rs_node.open_banking.refusals import (
    DateInvalid,
    FieldInvalid,
    FieldMissing,
    FieldUnexpected,
    FormatInvalid,
)

FIELDS = Check(
    "consent-request.fields",
    "the request has the fields of the standard, and no others",
    "UK Open Banking Read/Write v4.0",
)
DATES = Check(
    "consent-request.dates",
    "the request's dates are dates, and in order",
    "UK Open Banking Read/Write v4.0",
)

MOST_PERMISSIONS = 100  # there are 22 codes, and naming one twice is allowed

_EXPIRATION = "ExpirationDateTime"
_FROM = "TransactionFromDateTime"
_TO = "TransactionToDateTime"


@dataclass(frozen=True, slots=True)
class ConsentRequest:
    """
    What is asked for; a date that was not sent is `None`, which is open ended.
    """

    permissions: tuple[str, ...]
    expiration: datetime | None
    transaction_from: datetime | None
    transaction_to: datetime | None


def read_consent_request(body: bytes, now: datetime) -> ConsentRequest:
    """
    The request in *body*, as of *now*.

    Raises:
        OpenBankingRefusal: it is not one, or asks for what there is not.
    """
    try:
        members = json_object(body.decode("utf-8"))
    except ValueError as error:  # UnicodeDecodeError is one
        raise FormatInvalid(
            "the body is not a JSON object", FIELDS, presented=f"{error!s:.120}"
        ) from error
    _verify_known(members, ("Data", "Risk"), "")
    data = _object(members, "Data")
    if _object(members, "Risk"):
        raise FieldUnexpected("the standard has no field for this", FIELDS, path="Risk")
    _verify_known(data, ("Permissions", _EXPIRATION, _FROM, _TO), "Data.")
    asked = ConsentRequest(
        permissions=_permissions(data),
        expiration=_date(data, _EXPIRATION),
        transaction_from=_date(data, _FROM),
        transaction_to=_date(data, _TO),
    )
    _verify_dates(asked, now)
    return asked


def _verify_known(
    members: Mapping[str, object], known: tuple[str, ...], prefix: str
) -> None:
    for name in members:
        if name not in known:
            path = f"{prefix}{ascii(name)[1:-1]:.100}"
            text = "the standard has no such field here"
            raise FieldUnexpected(text, FIELDS, path=path)


def _object(members: Mapping[str, object], name: str) -> dict[str, Any]:
    if name not in members:
        raise FieldMissing("the field is required", FIELDS, path=name)
    value = members[name]
    if not isinstance(value, dict):
        raise FormatInvalid("the field must be an object", FIELDS, path=name)
    return value


def _permissions(data: Mapping[str, object]) -> tuple[str, ...]:
    path = "Data.Permissions"
    if "Permissions" not in data:
        raise FieldMissing("the field is required", FIELDS, path=path)
    listed = data["Permissions"]
    not_strings = "the field must be an array of strings"
    if not isinstance(listed, list):
        raise FormatInvalid(not_strings, FIELDS, path=path)
    codes = [each for each in listed if isinstance(each, str)]
    if len(codes) < len(listed):
        raise FormatInvalid(not_strings, FIELDS, path=path)
    if not 1 <= len(codes) <= MOST_PERMISSIONS:
        text = f"there must be 1 to {MOST_PERMISSIONS} permissions"
        raise FieldInvalid(
            text,
            FIELDS,
            path=path,
            expected=f"at most {MOST_PERMISSIONS}",
            presented=str(len(codes)),
        )
    verify_permissions(codes)
    return tuple(codes)


def _date(data: Mapping[str, object], name: str) -> datetime | None:
    if name not in data:
        return None
    value, path = data[name], f"Data.{name}"
    if not isinstance(value, str):
        raise FormatInvalid("the field must be a string", FIELDS, path=path)
    try:
        return parse_date_time(value)
    except ValueError as error:
        raise DateInvalid(str(error), DATES, path=path) from error


def _verify_dates(asked: ConsentRequest, now: datetime) -> None:
    if asked.expiration is not None and asked.expiration <= now:
        text = "it must be in the future"
        raise DateInvalid(text, DATES, path=f"Data.{_EXPIRATION}")
    first, last = asked.transaction_from, asked.transaction_to
    if first is not None and last is not None and last < first:
        text = f"it must not be before {_FROM}"
        raise DateInvalid(text, DATES, path=f"Data.{_TO}")
