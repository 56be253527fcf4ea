"""The narration in a terminal."""

import re
from dataclasses import replace

import pytest

from scripts.telling.columns import columns
from scripts.telling.narration import Narration
from scripts.telling.terminal import COLOURS
from scripts.walkthrough.story.story import (
    Act,
    Derivation,
    Handshake,
    Message,
    SeenToken,
)
from tests.scripts.telling.narrating import (
    ESCAPE,
    binding,
    decision,
    exchange,
    of_holder,
    step,
    told,
)
from tests.scripts.walkthrough import stories

WIDE = "漢字\u0301カナ" * 60  # two columns each, and none for the accents
ATTACK = "\x1b]0;owned\x07\x1b[2J\x9b31m\r\n\u202eevil"


def small(narration: Narration) -> None:
    """The small story, hostile wherever something came from the wire."""
    story = stories.story()
    narration.parties(story.parties)
    narration.act(1, story.acts[0])
    for number, each in enumerate(story.acts[0].steps, 1):
        narration.step(f"1.{number}", each)
    narration.summary(story.acts)


def everywhere(narration: Narration, value: str) -> None:
    """A story with *value* wherever a text can be."""
    certificate = replace(
        stories.certificate(), holder=value, subject=value, issuer=f"CN={value}"
    )
    handshake = Handshake(
        value,
        value,
        value,
        certificate_requested=True,
        server_certificate=certificate,
        client_certificate=certificate,
        client_sent_after=(certificate,),
        messages=(),
    )
    message = Message(value, ((value, value), ("content-type", value)), value)
    one = replace(
        exchange(
            "x", "A" * 43, decision(value, value, value), decision("", value, value)
        ),
        client=value,
        server=value,
        handshake=handshake,
        request=message,
        response=message,
        failure=value,
    )
    derived = Derivation(((value, value),))
    whole = replace(step(one, came=value), title=value, says=value, derivation=derived)
    narration.parties([replace(stories.story().parties[0], name=value, role=value)])
    narration.act(1, Act(value, value, ()))
    narration.step("1.1", whole)
    narration.summary([replace(stories.story().acts[0], title=value, steps=(whole,))])


@pytest.mark.parametrize("width", range(80, 121, 5))
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    """Whatever came over the wire, however long."""
    assert max(map(len, told(small, width))) <= width


@pytest.mark.parametrize("width", [80, 100, 120])
@pytest.mark.parametrize("value", [WIDE, "x" * 3000, "CN=a,O=" * 90, "a b" * 700, ""])
def test_no_value_makes_a_line_wider(width: int, value: str) -> None:
    """In columns of a terminal, of which an ideograph takes two."""
    lines = told(lambda narration: everywhere(narration, value), width)
    assert max(map(columns, lines)) <= width


@pytest.mark.parametrize("colour", [False, True], ids=["plain", "coloured"])
def test_what_came_from_the_wire_controls_no_terminal(colour: bool) -> None:  # noqa: FBT001 - a parameter of pytest's
    """Of escape sequences only our colours are written; others can be read."""
    lines = told(lambda narration: everywhere(narration, ATTACK), colour=colour)
    text = ESCAPE.sub("", "\n".join(lines))
    assert [each for each in text if not each.isprintable()] == ["\n"] * (
        len(lines) - 1
    )
    assert r"\x1b]0;owned\x07\x1b[2J\x9b31m" in text
    assert r"\u202eevil" in text


def test_only_colours_are_written_and_no_cursor_is_moved() -> None:
    """A recording plays anywhere: bold, underlined, and one of our colours."""
    text = "\n".join(told(small, colour=True))
    codes = {code for found in ESCAPE.findall(text) for code in found[2:-1].split(";")}
    assert codes <= {
        "0",
        "1",
        "4",
        "38",
        "5",
        *(str(number) for number, _ in COLOURS.values()),
    }
    assert text.count("\x1b") == len(ESCAPE.findall(text))


def test_colour_changes_no_text() -> None:
    """With the escape codes taken out, it is the plain narration."""
    coloured = told(small, colour=True)
    assert any("\x1b[" in line for line in coloured)
    assert [ESCAPE.sub("", line) for line in coloured] == told(small)


def test_expected_and_came_stand_one_above_the_other() -> None:
    """A step that came out otherwise is marked and says both."""
    lines = told(small)
    expected = "      expected 401 invalid_token"
    at = lines.index("    ✓ came     401 invalid_token")
    assert lines[at - 1] == expected
    at = lines.index("    ✗ came     200")
    assert lines[at - 1] == expected


def test_nothing_is_expected_of_a_person() -> None:
    """What she did is neither right nor wrong."""
    lines = told(lambda n: n.step("1.1", step(exchange(), expected="", came="303")))
    assert lines[-1] == "    · came     303"
    assert not any("expected" in line for line in lines)


def test_a_handshake_and_a_certificate_are_told_once() -> None:
    """The second time only the thumbprint and its holder."""

    def both(narration: Narration) -> None:
        narration.step("1.1", step(exchange()))
        narration.step("1.2", step(exchange()))

    lines = told(both)
    assert (
        sum("CertificateRequest → Certificate, CertificateVerify" in x for x in lines)
        == 1
    )
    assert sum("subject    CN=client" in line for line in lines) == 1
    assert sum(f"presents   {'A' * 43}  client" in line for line in lines) == 2


def test_what_is_sent_behind_a_certificate_is_told_anew() -> None:
    """CVE-2023-2422: the victim's certificate, known already, behind the thief's."""
    victim = exchange("victim", "V" * 43)
    thief = exchange("other-tpp", "T" * 43)
    behind = replace(
        thief,
        handshake=replace(
            thief.handshake, client_sent_after=(of_holder("victim", "V" * 43),)
        ),
    )
    lines = told(lambda n: n.step("1.1", step(victim, thief, behind)))
    assert sum(f"behind it  {'V' * 43}  victim" in line for line in lines) == 1


def test_checks_told_before_are_counted() -> None:
    """The step that told them is named; a binding is told every time."""
    checks = [decision("a", "a", "one"), decision("b", "b", "two")]
    bound = binding("A" * 43, "A" * 43)

    def both(narration: Narration) -> None:
        narration.step("3.1", step(exchange("client", "A" * 43, *checks, bound)))
        narration.step("3.2", step(exchange("client", "A" * 43, *checks, bound)))

    lines = told(both)
    assert sum("both       a" in line for line in lines) == 1
    assert "          ✓ 2 checks as in 3.1" in lines
    assert sum("= all 43 characters" in line for line in lines) == 2


def test_a_refusal_is_never_counted_among_what_was_told() -> None:
    """The same refusal twice is told twice, with what was expected."""
    refused = decision("a", "b", "not so")

    def both(narration: Narration) -> None:
        narration.step("1.1", step(exchange("client", "A" * 43, refused, refused)))
        narration.step("1.2", step(exchange("client", "A" * 43, refused, refused)))

    assert sum("✗ not so" in line for line in told(both)) == 4


def test_the_thief_is_red_and_so_is_everybody_in_his_lane() -> None:
    """Also where he presents no certificate, and is nobody by name."""
    nobody = replace(exchange(), client="anonymous", client_lane="thief")
    thief = exchange("other-tpp", "T" * 43)
    text = "\n".join(told(lambda n: n.step("1.1", step(nobody, thief)), colour=True))
    red, _ = COLOURS["red"]
    assert f"\x1b[38;5;{red};1manonymous\x1b[0m" in text
    assert f"\x1b[38;5;{red}m{'T' * 43}\x1b[0m" in text


def test_a_token_has_the_colour_of_the_certificate_it_is_bound_to() -> None:
    """Wherever it occurs: an opaque one too, in whosever hands."""
    secret = "opaque-token-of-the-victim"
    request = Message("GET / HTTP/1.1", (("authorization", f"Bearer {secret}"),), "")
    seen = SeenToken(secret, "request", "opaque", "V" * 43, "introspection")
    thief = exchange("other-tpp", "T" * 43, request=request)
    steps = step(exchange("victim", "V" * 43), replace(thief, tokens=(seen,)))
    text = "\n".join(told(lambda n: n.step("1.1", steps), colour=True))
    tokens = set(re.findall(rf"\x1b\[([0-9;]+)m{secret}\x1b", text))
    assert len(tokens) == 1
    assert tokens == set(re.findall(rf"\x1b\[([0-9;]+)m{'V' * 43}\x1b", text))
    assert tokens != {f"38;5;{COLOURS['red'][0]}"}


def test_more_holders_than_colours_are_still_told_apart() -> None:
    """Colours come once more, underlined; a CA has none."""
    names = [f"client-{number}" for number in range(20)]
    parties = [
        replace(
            stories.story().parties[0],
            name=name,
            certificate=of_holder(name, f"{at:043}"),
        )
        for at, name in enumerate(names)
    ]
    text = "\n".join(told(lambda n: n.parties(parties), colour=True, rgb=True))
    styles = [re.search(rf"\x1b\[([0-9;]+)m{name}\x1b", text) for name in names]
    assert len({found[1] for found in styles if found}) == 20


def test_a_derivation_that_a_decision_has_told_is_not_told_again() -> None:
    """The page has both; a screen has less room."""
    derived = Derivation((("this certificate's", "A" * 43), ("in the token", "B" * 43)))
    one = step(exchange("client", "A" * 43, binding("B" * 43, "A" * 43)))
    other = step(exchange("client", "A" * 43))
    told_twice = told(lambda n: n.step("1.1", replace(one, derivation=derived)))
    needed = told(lambda n: n.step("1.1", replace(other, derivation=derived)))
    assert not any("in the token" in line for line in told_twice)
    assert any("in the token" in line for line in needed)


def test_a_handshake_that_failed_carries_no_request() -> None:
    """What was sent, why it failed, and the alert that was heard."""
    handshake = replace(
        exchange().handshake,
        messages=("write certificate request", "read client certificate"),
        failure="bad signature",
    )
    broken = replace(exchange(), handshake=handshake, failure="TLS: alert")
    text = "\n".join(told(lambda n: n.step("1.1", step(broken))))
    assert "CertificateRequest → Certificate, and it failed: bad signature" in text
    assert "← TLS: alert" in text
    assert "GET /accounts" not in text
