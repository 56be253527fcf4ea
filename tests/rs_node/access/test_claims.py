"""The claims of a token: complete, of their types, from our issuer and for us."""

import json

import pytest

from pki.http.journal import Journal
from pki.http.strict_json import json_object
from rs_node.access.challenges import InvalidToken
from rs_node.access.claims import Expectations, verify_claims

EXPECTED = Expectations(issuer="https://as.example", resource="https://rs.example")
REQUIRED = ("iss", "exp", "aud", "sub", "client_id", "iat", "jti")
GOOD: dict[str, object] = {
    "iss": "https://as.example",
    "aud": "https://rs.example",
    "exp": 2_000_000_000,
    "iat": 1_000_000_000.5,
    "nbf": 0,
    "sub": "tpp",
    "client_id": "tpp",
    "jti": "1",
    "scope": "",
}


def test_good_claims(journal: Journal) -> None:
    """RFC 9068 section 4: issuer and audience are accepted, and each is said."""
    verify_claims(GOOD, REQUIRED, EXPECTED, journal)
    assert [d.presented for d in journal.decisions] == [GOOD["iss"], GOOD["aud"]]


def refused(**changed: object) -> InvalidToken:
    """The refusal of the good claims with these changed."""
    claims = {
        name: value for name, value in {**GOOD, **changed}.items() if value != ...
    }
    with pytest.raises(InvalidToken) as caught:
        verify_claims(claims, REQUIRED, EXPECTED, Journal())
    return caught.value


@pytest.mark.check("token.claims")
@pytest.mark.parametrize("name", REQUIRED)
def test_missing_claim(name: str) -> None:
    """RFC 9068 section 2.2: each of the required claims is required."""
    assert refused(**{name: ...}).detail == f"claim {name} is missing"


@pytest.mark.check("token.claims")
@pytest.mark.parametrize("name", ["iss", "sub", "client_id", "jti", "scope"])
@pytest.mark.parametrize("value", [None, 1, True, ["tpp"], {}])
def test_claim_that_is_no_text(name: str, value: object) -> None:
    """RFC 9068 section 2.2: claims that are names are strings."""
    assert refused(**{name: value}).detail == f"{name} is not a text"


@pytest.mark.check("token.claims")
@pytest.mark.parametrize("name", ["iss", "sub", "client_id", "jti"])
def test_empty_claim(name: str) -> None:
    """RFC 9068 section 2.2: nobody is called nothing."""
    assert refused(**{name: ""}).detail == f"{name} is not a text"


@pytest.mark.check("token.times")
@pytest.mark.parametrize("name", ["exp", "nbf", "iat"])
@pytest.mark.parametrize("value", [None, True, "2000000000", [1]])
def test_time_that_is_no_number(name: str, value: object) -> None:
    """RFC 7519 section 2: a NumericDate is a JSON number."""
    assert refused(**{name: value}).detail == f"{name} is not a number"


@pytest.mark.check("token.times")
@pytest.mark.parametrize(
    "value", [float("inf"), float("-inf"), float("nan"), 1e300, 10**400, -(10**400)]
)
def test_time_out_of_this_world(value: float) -> None:
    """RFC 7519 section 2: seconds since 1970, so a finite number of them."""
    assert refused(exp=value).detail == "exp is not a time"


@pytest.mark.check("token.issuer")
@pytest.mark.parametrize(
    "iss", ["https://as.example/", "HTTPS://as.example", "https://as.example.evil", "x"]
)
def test_another_issuer(iss: str) -> None:
    """RFC 9068 section 4: the issuer is compared exactly."""
    refusal = refused(iss=iss)
    assert refusal.detail == "the token is another issuer's"
    assert (refusal.expected, refusal.presented) == ("https://as.example", iss)


def test_issuer_that_is_not_required(journal: Journal) -> None:
    """RFC 7662 section 2.2: iss is optional there; what the server says is its own."""
    claims = {name: value for name, value in GOOD.items() if name != "iss"}
    verify_claims(claims, ("aud",), EXPECTED, journal)


@pytest.mark.parametrize(
    "aud", [["https://rs.example"], ["https://other.example", "https://rs.example"]]
)
def test_audience_that_contains_us(aud: object, journal: Journal) -> None:
    """RFC 9068 section 4: several resources may share a token."""
    verify_claims({**GOOD, "aud": aud}, REQUIRED, EXPECTED, journal)


@pytest.mark.check("token.audience")
@pytest.mark.parametrize(
    "aud", ["https://rs.example/", "https://rs.example.evil", "https", [], ["x"], ""]
)
def test_another_audience(aud: object) -> None:
    """RFC 9068 section 4: a token for somebody else is not for us."""
    assert refused(aud=aud).detail == "the token is for another resource server"


@pytest.mark.check("token.audience")
@pytest.mark.parametrize(
    "aud", [None, 1, {"https://rs.example": 1}, ["https://rs.example", 1], [["x"]]]
)
def test_audience_of_another_type(aud: object) -> None:
    """RFC 7519 section 4.1.3: a string or an array of strings."""
    assert refused(aud=aud).detail == "aud is neither a string nor strings"


def test_json_object() -> None:
    """RFC 8259: an object, from text or bytes."""
    assert json_object(b'{"a":1}') == json_object('{"a":1}') == {"a": 1}


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[]",
        b"1",
        b'"x"',
        b"null",
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":-Infinity}',
        b'{"a":"\xff"}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"a":' + b"9" * 5_000 + b"}",
    ],
)
def test_no_json_object(text: bytes) -> None:
    """RFC 8259: anything else is a ValueError, whatever the parser thinks of it."""
    with pytest.raises(ValueError):  # noqa: PT011 - the text is the parser's
        json_object(text)


def test_json_that_python_writes_and_nobody_reads() -> None:
    """RFC 8259 section 6: infinity is not a number of JSON, though Python writes it."""
    with pytest.raises(ValueError, match="Infinity is not JSON"):
        json_object(json.dumps({"exp": float("inf")}))
