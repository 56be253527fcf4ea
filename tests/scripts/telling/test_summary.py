"""All that was shown, on one screen."""

from dataclasses import replace

import pytest

from scripts.telling.columns import columns
from scripts.walkthrough.story.story import Act, Step
from tests.scripts.telling.narrating import step, told

TIMES = "\N{MULTIPLICATION SIGN}"


def act(title: str, *outcomes: str) -> Act:
    """An act of which everything came as expected."""
    return Act(title, "", tuple(step(expected=o, came=o) for o in outcomes))


def summary(*acts: Act, width: int = 100) -> list[str]:
    """Its lines, without the empty one before the heading."""
    return told(lambda narration: narration.summary(acts), width)[1:]


def test_an_act_is_told_with_its_steps_counted() -> None:
    """What was expected, how often, and in how many it came."""
    lines = summary(act("One", "200", "200", "401 invalid_token, RFC 8705 section 3"))
    assert lines[1].split() == ["act", "steps", "expected", "came"]
    assert lines[2].split() == ["1", "One", "3", "2", TIMES, "200", "✓", "2", "of", "2"]
    assert f"1 {TIMES} 401 invalid_token, RFC 8705 section 3" in lines[3]
    assert lines[3].endswith("✓ 1 of 1")
    assert (
        lines[2].index(f"2 {TIMES}")
        == lines[3].index(f"1 {TIMES}")
        == lines[1].index("expected")
    )


def test_an_alert_is_an_outcome_of_its_own() -> None:
    """RFC 8446 section 6: nothing was worked out, there was no connection."""
    lines = summary(act("One", "alert decrypt_error", "TLS 1.3 names nobody"))
    assert f"1 {TIMES} alert decrypt_error " in lines[2]
    assert f"1 {TIMES} worked out " in lines[3]


def big() -> tuple[Act, ...]:
    """Eight acts of 80 steps, of every kind there is."""
    kinds = (
        "200",
        "201",
        "303",
        "A" * 43,
        "",
        *(f"401 invalid_client, RFC 8705 section 2.{n}" for n in range(4)),
        "400 invalid_grant, RFC 6749 section 4.1.3",
    )
    return tuple(act(f"The long title of act {n} of eight", *kinds) for n in range(8))


def test_eight_acts_of_eighty_steps_fit_on_one_screen() -> None:
    """24 lines with the verdict and the path, which take three."""
    lines = summary(*big())
    assert len(lines) + 3 <= 24
    assert max(map(columns, lines)) <= 100


@pytest.mark.parametrize("width", [80, 90, 100, 120])
def test_the_summary_is_as_wide_as_the_terminal(width: int) -> None:
    """At every width the columns stand below their headings."""
    lines = summary(*big(), width=width)
    assert max(map(columns, lines)) <= width
    at = lines[1].index("came")
    assert all(line[at] in "✓✗" for line in lines[2:] if len(line) > at)


def test_the_rules_of_refusals_are_told_as_far_as_there_is_room() -> None:
    """The same error for two rules shares a line rather than losing them."""
    refusals = [f"401 invalid_client, RFC 8705 section {n}" for n in ("2.1", "2.1.2")]
    lines = summary(*(act(f"Act {n}", "200", *refusals) for n in range(8)))
    assert f"2 {TIMES} 401 invalid_client, RFC 8705 section 2.1, 2.1.2" in "\n".join(
        lines
    )


def test_a_failed_step_is_told_in_full() -> None:
    """Expected and came, however long, and the count says that one is missing."""
    came = "401 invalid_client, RFC 8705 section 2.1"
    failed = Step("Its title", "says", "RFC 8705 section 2", "200", came)
    one = replace(act("One", "200"), steps=(*act("One", "200").steps, failed))
    lines = summary(act("Zero"), one)
    assert any(line.endswith("✗ 1 of 2") for line in lines)
    at = next(n for n, line in enumerate(lines) if "✗ 2.2  Its title" in line)
    assert lines[at].endswith("RFC 8705 section 2")
    assert lines[at + 1 :] == ["        expected 200", f"      ✗ came     {came}"]


def test_nothing_shown_is_a_summary_too() -> None:
    """Of no acts, and of an act without steps."""
    assert len(summary()) == 2
    assert summary(act("Empty"))[2].split() == ["1", "Empty", "0"]
