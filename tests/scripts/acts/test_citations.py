"""The numbers in the guide are those of the steps it means."""

import re

import pytest

from scripts.acts.citations import CHECKOUT, CITED, DOCUMENTS, filled_in, in_words
from scripts.acts.outline import ACTS, NUMBERS

GUIDE = (CHECKOUT / "scripts/walkthrough/README.md").read_text(encoding="utf-8")
OF_A_STANDARD = re.compile(r"sections? [\d., and]+|TLS 1\.\d|v\d[\d.]*")
MISTAKEN = (
    "1.99<!--thief.wrong-certificate-->, 99<!--thief-->, `#step-1.1`<!--jwt.asks-->"
)
RIGHT = (
    f"{NUMBERS['thief.wrong-certificate']}<!--thief.wrong-certificate-->, "
    f"{[*ACTS].index('thief') + 1}<!--thief-->, "
    f"`#step-{NUMBERS['jwt.asks']}`<!--jwt.asks-->"
)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_numbers_are_filled_in(document: str) -> None:
    """`python -m scripts.acts.citations` does so."""
    text = (CHECKOUT / document).read_text(encoding="utf-8")
    assert filled_in(text) == text


def test_no_number_in_the_guide_is_typed() -> None:
    """Each one that could be a step's is cited by the step's name."""
    left = OF_A_STANDARD.sub("", CITED.sub("", GUIDE))
    assert re.findall(r"(?<![\d.])[1-9]\.\d+(?![\d.])", left) == []


def test_the_readme_counts_right() -> None:
    """It cites no step, and says how many acts there are."""
    text = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"plays (\w+) acts", text)) == {in_words(len(ACTS))}


def test_a_number_is_filled_in() -> None:
    """A step's, an act's, and one within backticks."""
    assert filled_in(MISTAKEN) == RIGHT
    assert filled_in(RIGHT) == RIGHT


def test_counts_are_filled_in() -> None:
    """As a word where it was one."""
    counted = filled_in("two<!--acts-->, 2<!--acts-->, 1<!--steps-->")
    word, acts, steps = (each[0] for each in CITED.findall(counted))
    assert word.isalpha()
    assert (acts, steps) == (str(len(ACTS)), str(len(NUMBERS)))


def test_what_is_not_there_is_not_cited() -> None:
    """A step that was renamed."""
    with pytest.raises(KeyError):
        filled_in("1.1<!--thief.gives-up-->")


@pytest.mark.parametrize("name", ACTS)
def test_the_guide_stops_where_the_act_is_about_something(name: str) -> None:
    """Its table has a line for each act, which ends with the act's central steps."""
    (line,) = (line for line in GUIDE.splitlines() if f"<!--{name}--> |" in line)
    stops = CITED.findall(line.split("|")[-2])
    assert {cited for _, _, cited in stops} == ACTS[name].central
