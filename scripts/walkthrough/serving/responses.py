"""Answers that hold tokens: for the page in front, kept nowhere, read by no other."""

import json
from collections.abc import Mapping

from pki.http.messages import NO_STORE, Fields, Response

_FOR_US_ALONE: Fields = (
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    *NO_STORE,
)


def html_response(status: int, body: bytes, policy: str) -> Response:
    """A page under *policy* (Content Security Policy)."""
    fields: Fields = (
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Security-Policy", policy),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        *_FOR_US_ALONE,
    )
    return Response(status, fields, body)


def json_response(
    status: int, members: Mapping[str, object], more: Fields = ()
) -> Response:
    """A JSON object, in ASCII."""
    fields: Fields = (("Content-Type", "application/json"), *_FOR_US_ALONE, *more)
    body = json.dumps(members, ensure_ascii=True, separators=(",", ":")).encode()
    return Response(status, fields, body)
