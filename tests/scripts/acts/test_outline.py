"""What the demo is going to show: numbers that are known before it is played."""

import itertools

import pytest

from scripts.acts.outline import ACTS, NUMBERS
from scripts.stage.plan import ActPlan


def test_steps_are_numbered_as_they_are_told() -> None:
    """An act after the other, from one."""
    first, second, *_ = ACTS.values()
    assert NUMBERS[first.steps[0]] == "1.1"
    assert NUMBERS[first.steps[-1]] == f"1.{len(first.steps)}"
    assert NUMBERS[second.steps[0]] == "2.1"


def test_no_name_stands_twice() -> None:
    """A name is one step's, and says which act's it is."""
    named = [*itertools.chain.from_iterable(act.steps for act in ACTS.values())]
    assert len(named) == len(set(named)) == len(NUMBERS)
    for act in ACTS.values():
        assert {step.partition(".")[0] for step in act.steps} == {act.name}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_an_act_says_what_it_is_about(act: ActPlan) -> None:
    """Steps of its own, a sentence, a question that is one, and its answer."""
    assert act.central
    assert act.central <= set(act.steps)
    assert act.sentence.endswith(".")
    assert act.question.endswith("?")
    assert act.answer.endswith(".")


def test_words_to_search_for_are_those_of_a_step() -> None:
    """Each of a step of its act; and what readers have asked for is among them."""
    words = {name: text for act in ACTS.values() for name, text in act.words.items()}
    for act in ACTS.values():
        assert act.words.keys() <= set(act.steps)
    said = " ".join(words.values())
    for asked in ("two ports", "privacy", "proxy", "danger", "load balancer"):
        assert asked in said
