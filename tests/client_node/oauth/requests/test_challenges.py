"""`WWW-Authenticate` fields, well-formed and otherwise."""

import pytest

from client_node.oauth.requests.challenges import find_bearer_challenge


@pytest.mark.parametrize(
    ("field", "parameters"),
    [
        ("Bearer", {}),
        ("bearer  ", {}),
        ('Bearer error="invalid_token"', {"error": "invalid_token"}),
        ("BEARER error=invalid_token", {"error": "invalid_token"}),
        ('Bearer Error = "a" ,scope="b c"', {"error": "a", "scope": "b c"}),
        (r'Bearer error="a\"b\\"', {"error": 'a"b\\'}),
        ('Basic realm="Bearer error=x", Bearer error="y"', {"error": "y"}),
        ('Negotiate YWJj==, Bearer error="y"', {"error": "y"}),
        ('Negotiate, Bearer error="y", Basic realm="z"', {"error": "y"}),
        (', ,Bearer error="first", error="second"', {"error": "first"}),
        ('Bearer error="a" scope="b"', {}),
        ('Bearer error="a", "scope', {"error": "a"}),
    ],
)
def test_the_bearer_challenge_is_found_among_others(
    field: str, parameters: dict[str, str]
) -> None:
    """RFC 9110 section 11.6.1: challenges and parameters share one comma list."""
    challenge = find_bearer_challenge([field])
    assert challenge is not None
    assert challenge.parameters == parameters


@pytest.mark.parametrize(
    "field", ["", "Basic", 'Basic error="Bearer"', '"Bearer"', "("]
)
def test_a_field_without_bearer_has_none(field: str) -> None:
    """A scheme is the first word of a challenge, and nothing in quotes is one."""
    assert find_bearer_challenge([field]) is None


def test_a_later_field_counts_as_well() -> None:
    """RFC 9110 section 5.3: a field may be sent in several lines."""
    challenge = find_bearer_challenge(["Basic", 'Bearer error="a"'])
    assert challenge is not None
    assert challenge.error == "a"


def test_what_was_told_is_one_line() -> None:
    """The error code, and the description where there is one."""
    told = find_bearer_challenge(['Bearer error="a", error_description="b"'])
    bare = find_bearer_challenge(['Bearer error="a"'])
    assert told is not None
    assert bare is not None
    assert (told.told, bare.told) == ("a: b", "a")
