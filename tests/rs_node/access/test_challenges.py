"""What the peer of a refused request is told, to the letter."""

import json

import pytest

from pki.http.messages import Refusal
from rs_node.access.access_control import SCOPE
from rs_node.access.challenges import (
    InsufficientScope,
    InvalidRequest,
    InvalidToken,
    NoToken,
    NotTheClientItself,
    Unavailable,
)

ALL = [
    (NoToken("secret"), 401, "Bearer"),
    (
        InvalidRequest("secret"),
        400,
        'Bearer error="invalid_request", error_description="the request is malformed"',
    ),
    (
        InvalidToken("secret"),
        401,
        (
            'Bearer error="invalid_token", '
            'error_description="the access token is not valid on this connection"'
        ),
    ),
    (
        InsufficientScope("secret", SCOPE, scope="accounts", presented="secret"),
        403,
        (
            'Bearer error="insufficient_scope", '
            'error_description="the access token does not cover this resource", '
            'scope="accounts"'
        ),
    ),
    (
        NotTheClientItself("secret"),
        403,
        (
            'Bearer error="insufficient_scope", error_description='
            '"this resource is for the client itself, not for a customer"'
        ),
    ),
    (Unavailable("secret"), 503, None),
]


@pytest.mark.parametrize(
    ("refusal", "status", "challenge"), ALL, ids=[type(r).__name__ for r, _, _ in ALL]
)
def test_answers(refusal: Refusal, status: int, challenge: str | None) -> None:
    """RFC 6750 section 3.1: status and error of each refusal, and JSON that agrees."""
    response = refusal.response()
    headers = dict(response.headers)
    assert response.status == status
    assert headers.get("WWW-Authenticate") == challenge
    assert headers["Cache-Control"] == "no-store"
    assert b"secret" not in response.body
    if challenge == "Bearer":  # nothing was tried, so nothing was wrong
        assert response.body == b""
        return
    members = json.loads(response.body)
    assert members.keys() == {"error", "error_description"}
    if challenge is not None:
        assert f'error="{members["error"]}"' in challenge


def test_resource_metadata() -> None:
    """RFC 9728 section 5.1: a challenge tells where the resource's metadata is."""
    challenge = NoToken("")
    challenge.resource_metadata = "https://rs.example/meta"
    headers = dict(challenge.response().headers)
    expected = 'Bearer resource_metadata="https://rs.example/meta"'
    assert headers["WWW-Authenticate"] == expected


def test_when_to_try_again() -> None:
    """RFC 9110 section 10.2.3: what is temporary says when to come back."""
    assert ("Retry-After", "5") in Unavailable("").response().headers
