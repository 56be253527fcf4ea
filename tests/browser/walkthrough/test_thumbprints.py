"""The certificate's thumbprint, beside the one that a token names."""

from base64 import b64decode
from hashlib import sha256

import pytest
from playwright.sync_api import expect

from pki.thumbprint import x5t_s256
from tests.browser.walkthrough.conftest import NewReader
from tests.browser.walkthrough.reader import (
    Story,
    Told,
    Walkthrough,
    claims_of,
    encoded,
    number_of,
    steps_of,
)

# Of each comparison what stands above, what below, and the columns of each line.
_LINES = """all => all.map(pairs => {
  const row = n => [...pairs.children].map(pair => pair.children[n].textContent);
  const lines = {};
  for (const { offsetTop: at } of pairs.children) lines[at] = (lines[at] || 0) + 1;
  return [row(0).join("").trim(), row(1).join("").trim(), Object.values(lines)];
})"""

THEFT = "thief.wrong-certificate"
"""A token that is bound to one certificate, with another."""


def differences(one: str, other: str) -> list[bool]:
    """At which places two texts of the same length differ."""
    return [a != b for a, b in zip(one, other, strict=True)]


def difference_in_words(one: str, other: str) -> str:
    """How many of their 43 characters differ, as the page says it."""
    different = sum(differences(one, other))
    return f"{'all 43' if different == 43 else f'{different} of 43'} characters differ"


def named_by_the_token(exchange: Story) -> str:
    """RFC 8705 section 3.1: what the request's one token is bound to."""
    (token,) = exchange["tokens"]
    confirmation = claims_of(token["value"])["cnf"]
    assert isinstance(confirmation, dict)
    named = confirmation["x5t#S256"]
    assert isinstance(named, str)
    return named


def test_the_thumbprint_is_worked_out(reading: Walkthrough, told: Told) -> None:
    """RFC 8705 section 3.1: from the bytes of the certificate to 43 characters."""
    reading.read(THEFT)
    x5t = told.exchange(THEFT)["handshake"]["client_certificate"]
    der = b64decode(told.story["certificates"][x5t]["der"])
    part = reading.unfolded("Thumbprint, byte by byte")
    expect(part.get_by_text(f"{len(der)} bytes of DER")).to_be_visible()
    dump = part.get_by_role("group", name="The bytes of the certificate in hex")
    expect(dump).to_contain_text(der[:8].hex(" "))
    expect(dump).to_contain_text(der[-(len(der) % 16 or 16) :][:4].hex(" "))
    digest = sha256(der).digest()
    expect(part.locator(".digest code")).to_have_text(
        [f"{each:02x}" for each in digest]
    )
    worked = part.locator(".derived-value code")
    expect(worked).to_have_text(x5t_s256(der))
    assert x5t_s256(der) == x5t
    bits = part.get_by_role("table", name="The first group").locator(".glass-bit")
    first = f"{int.from_bytes(digest[:3]):024b}"
    assert "".join(bits.all_text_contents()) == first


def test_the_thumbprint_beside_that_of_the_token(
    reading: Walkthrough, told: Told
) -> None:
    """RFC 8705 section 3: character by character, and where they differ."""
    reading.read(THEFT)
    exchange = told.exchange(THEFT)
    own = exchange["handshake"]["client_certificate"]
    named = named_by_the_token(exchange)
    unlike = differences(own, named)
    part = reading.unfolded("Thumbprint, byte by byte")
    drawn = part.locator(".group-characters > span").all_text_contents()
    assert "".join(drawn) == own
    assert part.locator(".pair").all_text_contents() == [
        f"{one}{other}{'≠' if differs else '='}"
        for one, other, differs in zip(named, own, unlike, strict=True)
    ]
    verdict = part.locator(".verdict-line").first
    expect(verdict).to_contain_text("Not the same as cnf of the token in the request")
    expect(verdict).to_contain_text(difference_in_words(own, named))


def test_the_thumbprint_of_the_right_certificate(
    reading: Walkthrough, told: Told
) -> None:
    """RFC 8705 section 3: with its own certificate, every character is the same."""
    reading.read("jwt.client-reads")
    part = reading.unfolded("Thumbprint, byte by byte")
    expect(part.locator(".pair-sign")).to_have_text(["="] * 43)
    said = part.locator(".verdict-line").first
    expect(said).to_contain_text("The same as cnf of the token in the request")
    expect(said).to_contain_text(": all 43 characters are the same")


def test_the_thumbprint_beside_an_introspection_answer(reading: Walkthrough) -> None:
    """RFC 8705 section 3.2: an opaque token's cnf comes from the answer."""
    reading.read("thief.opaque-token")
    said = reading.view.locator(".verdict-line")
    expect(said).to_contain_text("Not the same as")
    expect(said).to_contain_text("cnf of the introspection answer")


def test_a_wrong_thumbprint_is_recognised(reading: Walkthrough, told: Told) -> None:
    """RFC 8705 section 3.1: each of the nine by its name, beside the right one."""
    for number in (f"8.{n}" for n in range(2, 11)):
        reading.read(number)
        mistake = told.step(number)["came"].rpartition(": ")[2]
        part = reading.unfolded("Thumbprint, byte by byte")
        refused = part.locator(".thumbprint-verdict.refused").first
        expect(refused).to_contain_text(mistake)


def test_the_binding_at_a_glance(reading: Walkthrough, told: Told) -> None:
    """RFC 8705 section 3: both thumbprints in columns, and each that differs marked."""
    for number, kind in ((THEFT, "other"), ("jwt.client-reads", "same")):
        reading.read(number)
        exchange = told.exchange(number)
        own = exchange["handshake"]["client_certificate"]
        named = named_by_the_token(exchange)
        bound = reading.view.get_by_role("region", name="The binding")
        expect(bound).to_contain_class(kind)
        pairs = bound.locator(".pair")
        signs = ["≠" if each else "=" for each in differences(own, named)]
        assert pairs.all_text_contents() == [
            f"{one}{other}{sign}"
            for one, other, sign in zip(named, own, signs, strict=True)
        ]
        expect(bound.locator(".pair.unlike")).to_have_count(signs.count("≠"))
        words = difference_in_words(own, named)
        same = "The same, in all 43 characters."
        said = same if own == named else f"Not the same: {words}."
        expect(bound).to_contain_text(said)


@pytest.mark.parametrize("width", [1280, 360])
def test_one_comparison_has_one_layout(
    new_reader: NewReader, told: Told, width: int
) -> None:
    """What is named above, what is proved below, wherever; no thumbprint is broken."""
    reader = new_reader(viewport={"width": width, "height": 900})
    reader.open()
    for number in (THEFT, "thumbprints.hex", "thumbprints.base64", "thumbprints.jkt"):
        reader.read(number)
        reader.unfold_everything()
        own = told.exchange(number)["handshake"]["client_certificate"]
        drawn = reader.view.locator(".pairs").evaluate_all(_LINES)
        assert len(drawn) >= 2
        assert {below for _, below, _ in drawn} == {own}
        assert len({above for above, _, _ in drawn}) == 1
        assert all(lines[0] >= 43 and sum(lines) >= 43 for *_, lines in drawn)
        alone = reader.view.locator(".derived-value code")
        assert alone.evaluate_all("all => all.map(e => e.getClientRects().length)") == (
            [1] * alone.count()
        )
    assert reader.too_wide() == []


NONE_PROVED = "Nothing to compare: this connection has proved no certificate."
NONE_NAMED = "the token names no certificate."

UNJUDGED = (
    ("thief.no-certificate", "other", NONE_PROVED),
    ("thumbprints.none", "other", f"Nothing to compare: {NONE_NAMED}"),
    *(
        (
            f"bearer.{name}",
            "uncompared",
            f"Nobody compared: {NONE_NAMED} Whoever has it may use it.",
        )
        for name in ("client-reads", "thief-reads", "thief-in-his-own-name")
    ),
    (
        "introspection.revoked",
        "uncompared",
        "Nobody compared these two: RS refused before it came to that.",
    ),
    (
        "introspection.kept-verdict",
        "uncompared",
        "Nobody compared these two: careless-rs let it pass without.",
    ),
    (
        "jwt.asks",
        "issued",
        "Bound just now: the token was issued for this connection's certificate.",
    ),
)


def test_nothing_is_compared_that_nobody_compared(reading: Walkthrough) -> None:
    """Only a recorded decision compares: else it is said, and nothing in columns."""
    for number, kind, said in UNJUDGED:
        reading.read(number)
        bound = reading.view.get_by_role("region", name="The binding")
        expect(bound.locator(".bound-head")).to_have_text(f" {said}")
        expect(bound).to_contain_class(kind)
        reading.unfold_everything()
        expect(reading.view.locator(".pair")).to_have_count(0)
        expect(reading.view.locator(".verdict-line .mark")).to_have_count(0)


SIGNS = {
    "bearer.client-reads": "unbound",
    "bearer.thief-reads": "unbound",
    "jwt.client-reads": "linked",
    "introspection.gives-back": None,
    "introspection.revoked": None,
    "introspection.kept-verdict": "uncompared",
    "introspection.kept-revoked": "linked",
    "thief.wrong-certificate": "broken",
    "thief.no-certificate": "broken",
    "thumbprints.hex": "broken",
    "thumbprints.none": None,
}


def test_a_sign_of_the_binding_has_one_meaning(reading: Walkthrough) -> None:
    """In the picture as in the legend; red is where a server has found another."""
    for step, sign in SIGNS.items():
        drawn = reading.row(step).locator(".binding-signs > .icon")
        expect(drawn).to_have_count(1 if sign else 0)
        if sign:
            expect(drawn).to_contain_class(f"icon-{sign}")
    red = reading.row("thief.wrong-certificate").locator(".binding-signs > .icon")
    plain = reading.row("bearer.client-reads").locator(".binding-signs > .icon")
    colour = "each => getComputedStyle(each).color"
    assert red.evaluate(colour) != plain.evaluate(colour)
    for sign in set(SIGNS.values()) - {None}:
        expect(reading.view.locator(f".legend .icon-{sign}")).to_have_count(1)


def test_a_refresh_token_of_a_client_that_authenticates(reading: Walkthrough) -> None:
    """RFC 8705 section 7.1: the client's, and not whoever's; section 4: bound."""
    of_client = reading.row("renewal.refresh-token").locator(".request .ticket")
    expect(of_client).to_contain_class("of-client")
    expect(of_client).to_contain_text("bound to the client, which has to authenticate")
    reading.read("renewal.refresh-token")
    told = reading.unfolded("Request").locator(".opaque-token")
    expect(told).to_contain_text("bound to the client, which has to authenticate")
    of_public = reading.row("renewal.public-client").locator(".request .ticket")
    expect(of_public).to_contain_text("bound to the certificate of mobile-app")


def test_where_all_characters_differ(new_reader: NewReader, told: Told) -> None:
    """Where one of 43 is the same by chance it is counted; here none is."""
    story = told.changed(THEFT)
    (exchange,) = steps_of(story)[0]["exchanges"]
    own = exchange["handshake"]["client_certificate"]
    token = exchange["tokens"][0]["value"]
    other = "".join("B" if each == "A" else "A" for each in own)
    head, _, signature = token.split(".")
    claims = {**claims_of(token), "cnf": {"x5t#S256": other}}
    changed = f"{head}.{encoded(claims)}.{signature}"
    fields = exchange["request"]["headers"]
    fields[:] = [[name, value.replace(token, changed)] for name, value in fields]
    (refusal,) = (each for each in exchange["decisions"] if not each["accepted"])
    refusal["expected"] = other
    reader = new_reader(story)
    reader.open(f"#step-{number_of(THEFT)}")
    bound = reader.view.get_by_role("region", name="The binding")
    expect(bound).to_contain_text("Not the same: all 43 characters differ.")
    expect(bound.locator(".pair.unlike")).to_have_count(43)


def test_a_thief_succeeds_where_nothing_is_compared(
    reading: Walkthrough, told: Told
) -> None:
    """It is said of all his successes, in the picture and in the step; of no other."""
    robbed = [
        "bearer.thief-reads",
        "bearer.thief-in-his-own-name",
        "introspection.kept-verdict",
    ]
    rows = reading.page.locator(".step", has=reading.page.locator(".harm"))
    numbers = rows.evaluate_all("rows => rows.map(row => row.dataset.number)")
    assert numbers == [number_of(each) for each in robbed]
    for number in robbed:
        expect(reading.row(number).locator(".harm")).to_have_text("the thief succeeds")
    for number in (
        *robbed,
        "bearer.client-reads",
        "bearer.changed-token",
        "bearer.bound-token",
        THEFT,
        "thief.code-is-still-good",
    ):
        reading.read(number)
        outcome = reading.view.get_by_role("region", name="Outcome")
        harm = outcome.get_by_text("the thief succeeds")
        expect(harm).to_have_count(1 if number in robbed else 0)
    assert len(steps_of(told.story)) > 60
