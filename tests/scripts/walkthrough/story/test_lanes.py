"""Where everybody is drawn."""

import pytest

from scripts.walkthrough.story.lanes import lane_of_server


@pytest.mark.parametrize(
    ("node", "lane"),
    [
        ("as", "as"),
        ("twin-as", "as"),
        ("rs", "rs"),
        ("strict-rs", "rs"),
        ("client", "client"),
        ("demo", "client"),
    ],
)
def test_where_a_server_is_drawn(node: str, lane: str) -> None:
    """A twin is drawn like the one it resembles."""
    assert lane_of_server(node) == lane
