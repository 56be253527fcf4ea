"""What stands in a message, whoever has written it."""

import pytest

from scripts.walkthrough.story.message_contents import form, json_object, members_of
from scripts.walkthrough.story.story import Message


def test_a_form_has_parameters() -> None:
    """In their order, each as often as it occurs, without its encoding."""
    assert form("a=1&b=&a=%C3%A9+2") == [("a", "1"), ("b", ""), ("a", "é 2")]


@pytest.mark.bound("walkthrough.parameters")
def test_a_form_of_too_many_parameters_has_none() -> None:
    """A peer may send ten thousand of them, and nobody reads so many."""
    assert len(form("&".join(["a=1"] * 100))) == 100
    assert form("&".join(["a=1"] * 101)) == []


@pytest.mark.parametrize("text", ["", "nothing", "[]", '"x"', "1", "[" * 100_000])
def test_what_is_no_object_has_no_members(text: str) -> None:
    """Another JSON value, or none at all, however deep it is nested."""
    assert json_object(text) == {}


@pytest.mark.parametrize(
    ("start", "members"),
    [("HTTP/1.1 200", {"a": 1}), ("HTTP/1.1 201", {}), ("HTTP/1.1 401", {})],
)
def test_only_success_tells_something(start: str, members: dict[str, object]) -> None:
    """What stands in a refusal is no token and no answer about one."""
    assert members_of(Message(start, (), '{"a":1}')) == members
    assert members_of(None) == {}
