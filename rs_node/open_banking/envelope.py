"""The envelope of an answer: `Data`, `Links`, `Meta`; and of an error."""

import json
from collections.abc import Mapping

from pki.http.messages import NO_STORE, Fields, Response

BASE_PATH = "/open-banking/v4.0/aisp"

JSON = ("Content-Type", "application/json; charset=utf-8")


def answer(
    status: int, members: Mapping[str, object], headers: Fields = ()
) -> Response:
    """A JSON object as an answer that nobody may keep: it is about one customer."""
    body = json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(status, (JSON, *NO_STORE, *headers), body)


def document(
    data: Mapping[str, object],
    url: str,
    *,
    links: Mapping[str, str] | None = None,
    meta: Mapping[str, object] | None = None,
) -> dict[str, object]:
    """*data* with what comes around it; *url* is its own, absolute address."""
    return {
        "Data": data,
        "Links": {"Self": url, **(links or {})},
        "Meta": {"TotalPages": 1, **(meta or {})},
    }


def error(code: str, message: str, path: str = "") -> dict[str, object]:
    """`OBErrorResponse1` with one error; *code* is of OBExternalStatusReason1Code."""
    found = {"ErrorCode": code, "Message": message}
    return {"Errors": [{**found, "Path": path} if path else found]}
