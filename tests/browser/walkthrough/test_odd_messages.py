"""Messages that are not what they call themselves, and stories with gaps."""

import copy
import json

import pytest
from playwright.sync_api import expect

from tests.browser.walkthrough.conftest import NewReader
from tests.browser.walkthrough.harmless import LONG, MARKUP, SCRIPT, assert_harmless
from tests.browser.walkthrough.reader import (
    Story,
    Told,
    encoded,
    exchanges_of,
    steps_of,
)

_NO_UTF_8 = b"\xff\xfe"

_NO_JWT = {
    "one part": "token",
    "two parts": "a.b",
    "four parts": "a.b.c.d",
    "empty parts": "..",
    "no base64": "!.!.!",
    "no UTF-8": f"{encoded(_NO_UTF_8)}.{encoded(_NO_UTF_8)}.c2ln",
    "no JSON": f"{encoded(b'{')}.{encoded(b'[[')}.c2ln",
    "no objects": f"{encoded([1])}.{encoded(None)}.c2ln",
}

_ODD_CLAIMS: dict[str, dict[str, object]] = {
    "a script": {SCRIPT: SCRIPT, "cnf": {"x5t#S256": SCRIPT}, "iss": MARKUP},
    "no text": {"cnf": {"x5t#S256": 7}, "exp": "never", "aud": [None, {}], "sub": {}},
    "cnf is a list": {"cnf": ["x5t#S256"], "exp": 1e300, "iat": -1e300},
    "many": {f"claim-{n}": [n] * 20 for n in range(300)},
    "deep": {"cnf": {"jwk": {"a": {"b": {"c": {"d": {"e": LONG}}}}}}},
    "names": {"__proto__": {"hacked": 1}, "constructor": 1, "toString": "x"},
}


def copies(told: Told, number: str, count: int) -> tuple[Story, list[Story]]:
    """A story of that step alone, *count* times over; and its exchanges."""
    story = told.changed(number)
    (act,) = story["acts"]
    act["steps"] = [
        {**copy.deepcopy(act["steps"][0]), "number": f"{act['number']}.{n}"}
        for n in range(1, count + 1)
    ]
    return story, [exchange for step in act["steps"] for exchange in step["exchanges"]]


def presenting(told: Told, tokens: list[str]) -> Story:
    """A story in which each step presents another token."""
    story, exchanges = copies(told, "thief.wrong-certificate", len(tokens))
    for exchange, token in zip(exchanges, tokens, strict=True):
        before = exchange["tokens"][0]["value"]
        fields = exchange["request"]["headers"]
        fields[:] = [[name, value.replace(before, token)] for name, value in fields]
        exchange["tokens"][0]["value"] = token
    return story


def test_what_is_no_jwt(new_reader: NewReader, told: Told) -> None:
    """It is shown as it came, and not decoded."""
    reader = new_reader(presenting(told, list(_NO_JWT.values())))
    reader.open()
    for n, token in enumerate(_NO_JWT.values(), 1):
        assert_harmless(reader, f"6.{n}")
        expect(reader.view).to_contain_text(f"Bearer {token}")
        expect(reader.view.get_by_text("authorization, decoded")).to_have_count(0)


def test_odd_claims(new_reader: NewReader, told: Told) -> None:
    """A JWT may say anything; it is decoded all the same."""
    head = encoded({"alg": SCRIPT, "typ": [MARKUP]})
    tokens = [f"{head}.{encoded(claims)}.c2ln" for claims in _ODD_CLAIMS.values()]
    story = presenting(told, tokens)
    reader = new_reader(story, viewport={"width": 360, "height": 800})
    reader.open()
    for n, claims in enumerate(_ODD_CLAIMS.values(), 1):
        assert_harmless(reader, f"6.{n}")
        part = reader.unfolded("authorization, decoded")
        table = part.get_by_role("table", name="The claims")
        expect(table.locator("tbody > tr > th")).to_have_text(list(claims))


_ODD_BODIES = [
    ("application/json", "{"),
    ("application/json", '{"a":'),
    ("application/json", "[" * 3000 + "]" * 3000),
    ("application/json", json.dumps({"a": [[[[[LONG]]]]]})),
    ("application/json", '"text"'),
    ("application/x-www-form-urlencoded", "%%%=%E0%A4%A&&=&=x&a"),
    ("application/x-www-form-urlencoded", f"grant_type={SCRIPT}"),
    ("text/html", f"<body onload=window.hacked=1>{SCRIPT}"),
    (SCRIPT, LONG),
    ("", "\x00\x01\x02"),
]


def test_odd_bodies(new_reader: NewReader, told: Told) -> None:
    """A body may be anything, whatever its head calls it."""
    story, exchanges = copies(told, "authentication.subject-dn", len(_ODD_BODIES))
    for exchange, (content_type, body) in zip(exchanges, _ODD_BODIES, strict=True):
        for name in ("request", "response"):
            exchange[name]["headers"] = [["Content-Type", content_type]]
            exchange[name]["body"] = body
    reader = new_reader(story, viewport={"width": 360, "height": 800})
    reader.open()
    assert_harmless(reader, *(step["number"] for step in steps_of(story)))


_SHOWN = (
    "bearer.asks-with-a-secret",
    "authentication.self-signed-jwks-uri",
    "thief.sent-along",
    "thumbprints.base64url-of-hex",
)

_OPTIONAL = {
    "story": ("rules", "sources", "glossary", "parties"),
    "step": ("rule", "expected", "derivation"),
    "exchange": ("decisions", "nested", "tokens", "curl", "curl_note", "response"),
    "handshake": (
        *("group", "server_name", "alpn", "client_sent_after", "messages"),
        *("in_the_clear", "client_certificate"),
    ),
    "certificate": ("fields", "alternative_names", "usage", "der", "holder"),
}


def test_parts_that_are_missing(new_reader: NewReader, told: Told) -> None:
    """Everything that may be absent is absent: what there is is shown."""
    story = told.changed(*_SHOWN)
    holders = {
        "story": [story],
        "step": [s for s in steps_of(story) if s["exchanges"]],
        "exchange": list(exchanges_of(story)),
        "handshake": [each["handshake"] for each in exchanges_of(story)],
        "certificate": list(story["certificates"].values()),
    }
    for kind, names in _OPTIONAL.items():
        for holder in holders[kind]:
            for name in names:
                holder.pop(name)
    reader = new_reader(story, viewport={"width": 360, "height": 800})
    reader.open()
    assert_harmless(reader, *_SHOWN)
    expect(reader.view).to_contain_text("The recordings show none.")


@pytest.mark.slow
def test_certificates_that_were_not_kept(new_reader: NewReader, told: Told) -> None:
    """The story knows none of them, or holds what is no certificate."""
    for certificates in (
        {},
        {x5t: {"x5t_s256": x5t} for x5t in told.story["certificates"]},
        {
            x5t: {**certificate, "der": "no base64 §"}
            for x5t, certificate in told.story["certificates"].items()
        },
        {
            x5t: {**certificate, "der": "AAAA"}
            for x5t, certificate in told.story["certificates"].items()
        },
    ):
        story = {
            **told.changed("jwt.thumbprint", "thief.wrong-certificate"),
            "certificates": certificates,
        }
        reader = new_reader(story)
        reader.open()
        assert_harmless(reader, "jwt.thumbprint", "thief.wrong-certificate")


def test_bytes_of_another_certificate(new_reader: NewReader, told: Told) -> None:
    """The page works the thumbprint out itself, and says that this is another one."""
    story = told.changed("thief.wrong-certificate")
    x5t = told.exchange("thief.wrong-certificate")["handshake"]["client_certificate"]
    story["certificates"][x5t]["der"] = "AAAA"
    reader = new_reader(story)
    reader.open()
    assert_harmless(reader, "thief.wrong-certificate")
    expect(reader.view.get_by_text("its bytes say otherwise")).to_be_visible()
