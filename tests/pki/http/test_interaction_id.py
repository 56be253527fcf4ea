"""The identifier of an interaction, as it comes from a peer."""

import pytest

from pki.http.interaction_id import INTERACTION_ID, usable_interaction_id


@pytest.mark.parametrize(
    "value", ["93bac548-d2de-4546-b106-880a5018460d", "!", "~" * 128]
)
def test_usable(value: str) -> None:
    """FAPI 1.0 part 1 section 6.2.1: what came is the name of the interaction."""
    assert usable_interaction_id({INTERACTION_ID: (value,)}) == value


@pytest.mark.parametrize(
    "values",
    [(), ("a", "b"), ("a", "a"), ("",), ("~" * 129,), ("a b",), ("a\x7f",), ("é",)],
    ids=["none", "two", "twice", "empty", "long", "space", "control", "latin"],
)
def test_not_usable(values: tuple[str, ...]) -> None:
    """It goes into headers of ours, so nothing that could do harm there does."""
    assert usable_interaction_id({INTERACTION_ID: values}) == ""


def test_absent() -> None:
    """A request need not have one."""
    assert usable_interaction_id({}) == ""
