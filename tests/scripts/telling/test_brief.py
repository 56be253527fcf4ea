"""A line a step, and what decides where the act is about it."""

import json
import re
from base64 import urlsafe_b64encode
from dataclasses import replace

import pytest

from scripts.telling.brief import Brief
from scripts.telling.columns import columns
from scripts.walkthrough.story.story import Act, Derivation, Message, Step
from tests.scripts.telling.narrating import (
    ESCAPE,
    binding,
    decision,
    exchange,
    step,
    told_briefly,
)
from tests.scripts.walkthrough import stories

TOKEN = "Bearer the-opaque-token-of-somebody"
REFUSED = "401 invalid_token, RFC 8705 section 3"


def one(number: str, told: Step, width: int = 100) -> list[str]:
    """The lines of one step."""
    return told_briefly(lambda brief: brief.step(number, told), width)


def central(told: Step) -> Step:
    """The same, but its act is about it."""
    return replace(told, central=True)


def test_a_step_is_a_line() -> None:
    """Number, title, what came and whether it had to; the rule is on the page."""
    (line,) = one("6.3", step(exchange(), expected=REFUSED, came=REFUSED))
    assert line.split() == ["6.3", "A", "step", "401", "invalid_token", "✓"]
    assert columns(line) == 100


def test_a_step_that_came_out_otherwise_has_another_sign() -> None:
    """By more than a colour; in the end it is told in full."""
    failed = step(exchange(), expected="200", came=REFUSED)
    (line,) = one("1.1", failed)
    assert line.endswith("401 invalid_token  ✗")
    act = Act("An act", "", (failed,))
    lines = told_briefly(lambda brief: brief.summary([act]))
    assert "✗ 1.1  A step" in "\n".join(lines)
    assert lines[-2:] == ["        expected 200", f"      ✗ came     {REFUSED}"]


@pytest.mark.parametrize(
    ("came", "shown"),
    [
        ("at+jwt", "at+jwt"),
        ("A" * 43, f"{'A' * 12}…"),
        ('{"iss": "https://as.example", "sub": "somebody"}', "as expected"),
    ],
)
def test_a_long_value_is_not_written_out(came: str, shown: str) -> None:
    """A thumbprint by its beginning, anything else by that it is the one."""
    (line,) = one("1.1", step(expected=came, came=came))
    assert line.split("  ")[-2].strip() == shown


def test_a_long_title_goes_on_below() -> None:
    """What came stands beside its end."""
    lines = one("1.1", replace(step(), title="word " * 30), 80)
    assert len(lines) == 3
    assert lines[-1].endswith("200  ✓")
    assert all(columns(line) <= 80 for line in lines)


def test_what_an_act_is_about_is_told_with_the_check_that_decides() -> None:
    """Who asked whom, with which token; the refusal and its comparison; the answer."""
    request = Message("GET /accounts HTTP/1.1", (("authorization", TOKEN),), "")
    challenge = 'Bearer error="invalid_token", error_description="a constant text"'
    answer = Message("HTTP/1.1 401", (("WWW-Authenticate", challenge),), "")
    good = decision("one", "one", "the token's iss")
    bad = binding("V" * 43, "A" * 43, "it is bound to another")
    theft = exchange("thief", "A" * 43, good, good, bad, request=request)
    told = central(step(replace(theft, response=answer), expected="", came=REFUSED))
    lines = one("6.3", told)
    text = "\n".join(lines)
    assert "thief ⇄ rs (resource server)" in lines[1]
    assert lines[2].strip() == f"→ GET /accounts HTTP/1.1  authorization: {TOKEN}"
    assert "✗ it is bound to another" in lines[3]
    assert lines[3].endswith("RFC 8705 section 3")
    assert [lines[4].split()[1], lines[5].split()[1]] == ["V" * 43, "A" * 43]
    assert "43 of 43 characters differ" in text
    assert "the token's iss" not in text
    assert '← HTTP/1.1 401  Bearer error="invalid_token", …' in lines[-1]
    assert lines[-1].endswith("2 other checks passed")


def test_without_a_comparison_the_steps_own_rule_decides() -> None:
    """And the certificate that was presented is told, with what came along."""
    asked = decision("both", "both", "the subject is the one", "RFC 8705 section 2.1.2")
    other = decision("x", "x", "something else")
    victim = stories.certificate("victim")
    along = exchange("thief", "A" * 43, other, asked)
    along = replace(
        along, handshake=replace(along.handshake, client_sent_after=(victim,))
    )
    about = replace(central(step(along)), rule="RFC 8705 section 2.1.2")
    text = "\n".join(one("2.3", about))
    assert re.search(rf"presents  {'A' * 43}  thief", text)
    assert re.search(rf"behind it {victim.x5t_s256}", text)
    assert "the subject is the one" in text
    assert "something else" not in text


def test_without_a_certificate_it_says_so() -> None:
    """Nobody is told by what is not there."""
    nobody = exchange()
    handshake = replace(nobody.handshake, client_certificate=None)
    text = "\n".join(one("1.4", central(step(replace(nobody, handshake=handshake)))))
    assert "presents  no certificate" in text


def introspected() -> dict[str, object]:
    """What a token says, whichever way it is learnt."""
    return {
        "active": True,
        "iss": "https://as.example",
        "exp": 2,
        "aud": "https://rs.example",
        "sub": "ty.webb@example.com",
        "client_id": "client",
        "iat": 1,
        "nbf": 1,
        "scope": "accounts",
        "cnf": {"x5t#S256": "A" * 43},
        "token_type": "Bearer",
    }


def figure(lines: list[str]) -> dict[str, object]:
    """The JSON object in them."""
    first = next(at for at, line in enumerate(lines) if line.strip() == "{")
    last = next(at for at, line in enumerate(lines) if line.strip() == "}")
    members = json.loads("\n".join(lines[first : last + 1]))
    assert isinstance(members, dict)
    return members


@pytest.mark.parametrize("width", [80, 100, 120])
def test_an_introspection_answer_is_told_whole(width: int) -> None:
    """RFC 8705 section 3.2: as an HTTP message, what matters on lines of its own."""
    said = introspected()
    kind = ("content-type", "application/json")
    answer = Message("HTTP/1.1 200", (kind,), json.dumps(said))
    lines = one("5.12", central(step(exchange(response=answer))), width)
    at = next(at for at, line in enumerate(lines) if "← HTTP/1.1 200" in line)
    assert lines[at + 1].strip() == "Content-Type: application/json"
    assert figure(lines) == said
    assert list(figure(lines)) == list(said)
    own = {line.strip().rstrip(",") for line in lines}
    for name in ("iss", "sub", "exp", "nbf", "cnf"):
        assert f'"{name}": {json.dumps(said[name])}' in own
    assert '"client_id": "client", "iat": 1' in own


def test_the_body_of_a_jwt_is_told_as_it_was_signed() -> None:
    """RFC 8705 section 3.1: a number that was a text in it stays one."""
    said = {**introspected(), "sub": "1234"}
    header, body = (_base64url(json.dumps(each)) for each in ({"typ": "at+jwt"}, said))
    answer = Message("HTTP/1.1 200", (), f'{{"access_token":"{header}.{body}.c2ln"}}')
    lines = tuple((name, json.dumps(v).strip('"')) for name, v in said.items())
    taken_apart = central(replace(step(), derivation=Derivation(lines)))

    def both(brief: Brief) -> None:
        brief.step("5.9", step(exchange(response=answer)))
        brief.step("5.11", taken_apart)

    assert figure(told_briefly(both)) == said


def _base64url(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def test_an_act_ends_with_what_it_comes_to() -> None:
    """When the next begins, and when there is none."""
    first = Act("The first", "Says.", (), sentence="It is so.")
    second = Act("The second", "", (), sentence="And so.")

    def both(brief: Brief) -> None:
        brief.act(1, first)
        brief.act(2, second)
        brief.summary([first, second])

    lines = [line for line in told_briefly(both) if line]
    assert [line[:14].strip() for line in lines] == [
        "━━ 1  The firs",
        "Says.",
        "⇒ It is so.",
        "━━ 2  The seco",
        "⇒ And so.",
    ]


def test_who_takes_part_fits_into_the_narrowest_terminal() -> None:
    """Nothing of what we say ourselves is cut."""
    lines = told_briefly(lambda brief: brief.parties(()), 80)
    assert any("other-tpp" in line and "the thief" in line for line in lines)
    assert not any("…" in line for line in lines)


@pytest.mark.parametrize("width", [80, 100, 120])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    """With hostile and endless texts wherever one can come from."""
    story = stories.story()

    def everything(brief: Brief) -> None:
        brief.parties(story.parties)
        brief.act(1, story.acts[0])
        for each in story.acts[0].steps:
            brief.step("1.1", central(each))
        brief.summary(story.acts)

    lines = told_briefly(everything, width, colour=True)
    plain = [ESCAPE.sub("", line) for line in lines]
    assert max(map(columns, plain)) <= width
    assert all(line.isprintable() for line in plain)
    assert plain == told_briefly(everything, width)
