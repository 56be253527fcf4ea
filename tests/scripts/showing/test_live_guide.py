"""What a person is told while `make up` runs."""

import io
from dataclasses import replace

import pytest

from scripts.showing.live_guide import Live, tell_live
from scripts.telling.terminal import Terminal

LIVE = Live(
    walkthrough="https://127.0.0.1:9447",
    web="https://127.0.0.1:9446",
    roots="pki/issued/server-roots.pem",
    client=".venv/bin/python -m client_node",
    trust="certutil -A -i pki/issued/server-roots.pem",
)


def told(live: Live, width: int = 80) -> list[str]:
    """The lines."""
    stream = io.StringIO()
    tell_live(Terminal(stream, width, colour=False), live)
    return stream.getvalue().splitlines()


def test_the_walk_through_is_first() -> None:
    """Then the banking client, trust, and what to type."""
    text = "\n".join(told(LIVE))
    order = [LIVE.walkthrough, LIVE.web, "not private", "in a second terminal"]
    places = [text.index(each) for each in order]
    assert places == sorted(places)
    assert f"{LIVE.client} --as other-tpp --token" in text


def test_a_browser_is_made_to_believe_by_one_command() -> None:
    """Where none is known, the file is named."""
    known, unknown = told(LIVE), told(replace(LIVE, trust=""))
    assert f"            {LIVE.trust}" in known
    assert f"            {LIVE.roots}" in unknown
    assert not any("certutil" in line for line in unknown)


@pytest.mark.parametrize("width", [80, 120])
def test_commands_are_never_cut(width: int) -> None:
    """They are there to be copied; what is said around them fits."""
    long = replace(LIVE, client="python --config " + "deep/" * 40, trust="x" * 300)
    lines = told(long, width)
    assert f"            {long.client} accounts" in lines
    said = [line for line in lines if not line.startswith(" " * 12)]
    assert all(len(line) <= width and "…" not in line for line in said)
