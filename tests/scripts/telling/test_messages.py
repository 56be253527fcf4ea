"""Requests and answers in the narration."""

import json
from base64 import urlsafe_b64encode

import pytest

from scripts.telling.jwts import (
    claims_of,
    thumbprint_of,
    told_claims,
    with_short_jwts,
)
from scripts.telling.narration import Narration
from scripts.walkthrough.story.story import Message
from tests.scripts.telling.narrating import exchange, step, told

HERE = "yZaMgdt1fd5YV0fybjkR4e8H13_lbpK1KGrs3n8Ay_o"
CLAIMS = {
    "iss": "https://as",
    "sub": "client",
    "aud": ["https://rs"],
    "exp": 1767225600,
    "cnf": {"x5t#S256": HERE},
}


def segment(members: object) -> str:
    """Of a JWT."""
    return urlsafe_b64encode(json.dumps(members).encode()).rstrip(b"=").decode()


def jwt(claims: object, typ: str = "at+jwt") -> str:
    """A JWT whose signature is none."""
    return f"{segment({'typ': typ, 'alg': 'ES256'})}.{segment(claims)}.{'s' * 86}"


def lines_of(request: Message, response: Message | None = None) -> list[str]:
    """What is told of a request and its answer."""
    one = exchange("client", HERE, request=request, response=response)
    return told(lambda narration: narration.step("1.1", step(one)))


def test_header_fields_that_teach_nothing_are_counted() -> None:
    """Whatever is not expected is told: it may be the attack."""
    fields = (("Host", "rs"), ("x-ssl-client-cert", "forged"), ("Accept", "*/*"))
    lines = lines_of(Message("GET / HTTP/1.1", fields, ""))
    assert "        → GET / HTTP/1.1  2 header fields on the page" in lines
    assert "          x-ssl-client-cert: forged" in lines
    assert not any("Host" in line for line in lines)


def test_a_jwt_is_shortened_and_its_claims_are_told_once() -> None:
    """Header, claims and signature, and what decides who may use it."""
    token = jwt(CLAIMS)
    request = Message("GET / HTTP/1.1", (("authorization", f"Bearer {token}"),), "")

    def twice(narration: Narration) -> None:
        for number in ("1.1", "1.2"):
            narration.step(number, step(exchange("client", HERE, request=request)))

    lines = told(twice)
    short = f"{token[:10]}….{token.split('.')[1][:10]}….{'s' * 10}…"
    assert lines.count(f"          authorization: Bearer {short}") == 2
    at = lines.index(f"          {short} says in {len(token)} characters")
    assert lines[at + 1 : at + 5] == [
        "            sub  client",
        '            aud  ["https://rs"]',
        "            exp  1767225600, 01 January 2026, 00:00:00 UTC",
        f"            cnf  {HERE}  client",
    ]
    assert sum("says in" in line for line in lines) == 1
    assert token not in "\n".join(lines)


def test_an_unbound_token_is_called_so() -> None:
    """Only an access token: others are not for presenting."""
    assert dict(told_claims(jwt({"sub": "a"})))["cnf"].startswith("none")
    assert "cnf" not in dict(told_claims(jwt({"sub": "a"}, typ="JWT")))


@pytest.mark.parametrize(
    "claims",
    ["text", [], {"exp": 1e300, "cnf": "x"}, {"exp": "soon", "cnf": {"x5t#S256": 5}}],
)
def test_a_strange_jwt_is_told_all_the_same(claims: object) -> None:
    """It came from the wire."""
    token = jwt(claims)
    assert thumbprint_of(token) == ""
    assert list(told_claims(token))
    assert with_short_jwts(token) != token or claims in ("text", [])


def test_what_is_no_json_has_no_claims() -> None:
    """Neither base64url of nothing nor of binary data."""
    assert claims_of("eyJhbGciOiJub25lIn0.eyJ_____.sig") == {}
    assert claims_of("eyJhbGciOiJub25lIn0.eyJ.sig") == {}


def test_form_parameters_stand_in_two_columns() -> None:
    """One a line, empty ones too."""
    kind = (("content-type", "application/x-www-form-urlencoded"),)
    lines = lines_of(Message("POST / HTTP/1.1", kind, "grant_type=a%20b&scope="))
    at = lines.index("          grant_type  a b")
    assert lines[at + 1] == "          scope"


def test_a_form_of_too_many_parameters_is_told_as_it_is() -> None:
    """Nobody reads a hundred of them."""
    kind = (("content-type", "application/x-www-form-urlencoded"),)
    lines = lines_of(Message("POST / HTTP/1.1", kind, "&".join(["a=1"] * 101)))
    assert any(line.strip().startswith("a=1&a=1&") for line in lines)


def test_json_is_spread_no_wider_than_it_must() -> None:
    """What fits on one line is on one; the outermost object is always open."""
    kind = (("content-type", "application/json"),)
    body = json.dumps({"active": True, "cnf": {"x5t#S256": HERE}, "none": []})
    lines = lines_of(Message("GET / HTTP/1.1", kind, body))
    at = lines.index('            "active": true,')
    assert lines[at - 1 : at + 4] == [
        "          {",
        '            "active": true,',
        f'            "cnf": {{"x5t#S256": "{HERE}"}},',
        '            "none": []',
        "          }",
    ]


@pytest.mark.parametrize("body", ["{", "[" * 100_000, "\x00", "null", "NaN"])
def test_a_body_that_is_no_json_is_told_as_it_is(body: str) -> None:
    """Whatever its header says."""
    kind = (("content-type", "application/json"),)
    lines = lines_of(Message("GET / HTTP/1.1", kind, body))
    assert any(line.startswith("          ") for line in lines)


def test_a_body_told_before_is_not_told_again() -> None:
    """The step that told it is named; a short one is said again."""
    kind = (("content-type", "application/json"),)
    long = Message("HTTP/1.1 200", kind, '{"a": 1, "b": 2, "c": 3}')
    short = Message("HTTP/1.1 200", kind, "{}")

    def twice(narration: Narration) -> None:
        for number in ("1.1", "1.2"):
            for response in (long, short):
                narration.step(number, step(exchange(response=response)))

    lines = told(twice)
    assert lines.count("          (the same body as in 1.1)") == 1
    assert lines.count("          {}") == 2


def test_a_long_body_is_cut_and_the_rest_is_counted() -> None:
    """The page has all of it."""
    kind = (("content-type", "text/plain"),)
    body = "\n".join(map(str, range(40)))
    lines = lines_of(Message("GET / HTTP/1.1", kind, body))
    assert "          … 26 more lines on the page" in lines


@pytest.mark.parametrize("width", [80, 100, 120])
def test_what_says_a_confirmation_is_told_whole(width: int) -> None:
    """RFC 8705 section 3.2, the slides' own figure: its type, and every member."""
    kind = (("Content-Type", "application/json"), ("Cache-Control", "no-store"))
    members = {
        "active": True,
        "iss": "https://as.of-a-bank-with-a-long-name.example.com:9443/and-a-path",
        "sub": "ty.webb@example.com",
        **{f"more_{at}": at for at in range(20)},
        "cnf": {"x5t#S256": HERE},
    }
    answer = Message("HTTP/1.1 200", kind, json.dumps(members))
    request = Message("POST /introspect HTTP/1.1", (), "")
    one = exchange("client", HERE, request=request, response=answer)
    lines = told(lambda n: n.step("1.1", step(one)), width)
    at = lines.index("        ← HTTP/1.1 200  1 header field on the page")
    assert lines[at + 1] == "          Content-Type: application/json"
    whole = "".join("".join(lines[at + 2 :]).split())
    assert whole.startswith(json.dumps(members, separators=(",", ":")))
    assert any(f'"{HERE}"' in line for line in lines)


def test_no_answer_floods_the_terminal() -> None:
    """Somebody else's server may say a cnf among a thousand lines."""
    kind = (("Content-Type", "application/json"),)
    members = {**{str(at): at for at in range(1000)}, "cnf": {}}
    lines = lines_of(Message("GET / HTTP/1.1", kind, json.dumps(members)))
    assert "          … 903 more lines on the page" in lines


def test_a_page_is_only_mentioned() -> None:
    """A browser shows it better."""
    kind = (("content-type", "text/html"),)
    lines = lines_of(Message("GET / HTTP/1.1", kind, "<p>hello</p>"))
    assert "          (a page of 12 characters)" in lines


@pytest.mark.parametrize(
    ("status", "colour"), [("200", 29), ("303", 29), ("401", 131), ("500", 131)]
)
def test_green_is_allowed_and_red_is_refused(status: str, colour: int) -> None:
    """A redirection is no refusal."""
    one = exchange(response=Message(f"HTTP/1.1 {status}", (), ""))
    text = "\n".join(told(lambda n: n.step("1.1", step(one)), colour=True))
    assert f"\x1b[38;5;{colour};1m← HTTP/1.1 {status}\x1b[0m" in text
