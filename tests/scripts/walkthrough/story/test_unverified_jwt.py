"""What a JWT says, whatever somebody has written into it."""

import json
from base64 import urlsafe_b64encode

import pytest

from scripts.walkthrough.story.unverified_jwt import confirmed, decoded, jwt_claims


def jwt(claims: object, header: object = None) -> str:
    """A JWT whose signature is nothing."""
    parts = ({"alg": "ES256"} if header is None else header, claims)
    octets = (json.dumps(part).encode() for part in parts)
    return ".".join([*(urlsafe_b64encode(o).decode().strip("=") for o in octets), "c2"])


def test_its_claims_are_read() -> None:
    """The second segment, with a header that names an algorithm."""
    assert jwt_claims(jwt({"sub": "Ty Webb"})) == {"sub": "Ty Webb"}


@pytest.mark.parametrize(
    "token",
    [
        "opaque",
        "a.b.c",
        "a.b.c.d.e",
        "é.é.é",
        f"{'x' * 5}.e30.x",
        jwt({}, {"no": "alg"}),
        jwt([], []),
        jwt({}, "alg"),
        urlsafe_b64encode(b"[" * 100_000).decode() + ".e30.x",
    ],
)
def test_what_is_no_jwt_has_no_claims(token: str) -> None:
    """A token can be any text, and has perhaps a dot."""
    assert jwt_claims(token) is None


@pytest.mark.parametrize("segment", ["", "a", "é", "W10", "gICA", "bm90IEpTT04"])
def test_a_segment_without_a_json_object_holds_nothing(segment: str) -> None:
    """Nor is a list one, or what is no UTF-8, no JSON, no base64url."""
    assert decoded(segment) == {}


def test_the_thumbprint_is_that_of_cnf() -> None:
    """RFC 8705 section 3.1: the member x5t#S256 of the claim cnf."""
    assert confirmed({"cnf": {"x5t#S256": "thumb"}, "x5t#S256": "another"}) == "thumb"


@pytest.mark.parametrize("cnf", [None, "x", [], {}, {"x5t#S256": 1}, {"jkt": "x"}])
def test_without_a_thumbprint_there_is_none(cnf: object) -> None:
    """Whatever else stands there."""
    assert confirmed({"cnf": cnf}) == ""
