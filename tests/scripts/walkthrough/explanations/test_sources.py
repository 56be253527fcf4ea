"""The text of the function that decided, and of no other file."""

from pathlib import Path

import pytest

from scripts.walkthrough.explanations import sources
from scripts.walkthrough.explanations.sources import Source, find_source

MODULE = """\
import os

CHECKED = 1

@decorated(
    1
)
def first(
    value
):
    return value

class Judge:
    name = "x"

    async def verify(self):
        def inner():
            return 1

        if inner():
            return 2
        return 3
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with one module that can be shown, and files that cannot."""
    inside = tmp_path / "checkout"
    (inside / "rs_node" / "part").mkdir(parents=True)
    (inside / "rs_node" / "part" / "checks.py").write_text(MODULE)
    (inside / "rs_node" / "broken.py").write_text("def f(:")
    (inside / "rs_node" / "bytes.py").write_bytes(b"\xff")
    (tmp_path / "outside.py").write_text("def secret():\n    pass\n")
    (inside / "rs_node" / "link.py").symlink_to(tmp_path / "outside.py")
    (inside / "tests").mkdir()
    (inside / "tests" / "test_it.py").write_text("def test():\n    pass\n")
    return inside


@pytest.mark.parametrize(
    ("line", "function", "first", "text"),
    [
        (5, "first", 5, "@decorated(\n    1\n)\ndef first("),
        (11, "first", 5, "@decorated("),
        (16, "Judge.verify", 16, "async def verify(self):\n    def inner():"),
        (18, "Judge.verify.inner", 17, "def inner():\n    return 1"),
        (21, "Judge.verify", 16, "async def verify(self):"),
    ],
)
def test_the_innermost_function_around_a_line(
    checkout: Path, line: int, function: str, first: int, text: str
) -> None:
    """With its decorators, and without the indentation of its class."""
    source = f"rs_node/part/checks.py:{line}"
    found = find_source(source, checkout)
    assert found is not None
    assert found.text.startswith(text)
    assert found == Source(function, "rs_node/part/checks.py", first, line, found.text)


@pytest.mark.parametrize(
    "source",
    [
        "rs_node/part/checks.py:1",
        "rs_node/part/checks.py:3",
        "rs_node/part/checks.py:14",
        "rs_node/part/checks.py:99",
        "rs_node/part/checks.py:0",
        "rs_node/part/checks.py",
        "rs_node/part/checks.py:x",
        "rs_node/part/checks.py:1:2",
        "rs_node/missing.py:1",
        "rs_node/broken.py:1",
        "rs_node/bytes.py:1",
        "rs_node/link.py:1",
        "tests/test_it.py:1",
        "../outside.py:1",
        "rs_node/../../outside.py:1",
        "rs_node/part/../part/checks.py:5",
        "/etc/passwd:1",
        "rs_node/part/checks.py:5\n",
        "outside.py:1",
        "",
    ],
)
def test_nothing_else_is_shown(checkout: Path, source: str) -> None:
    """A recording names sources, and it is written by whoever may write there."""
    assert find_source(source, checkout) is None


def test_our_own_functions_are_found() -> None:
    """The checkout lies beside the package."""
    line = sources.find_source.__wrapped__.__code__.co_firstlineno
    found = find_source(f"scripts/walkthrough/explanations/sources.py:{line}")
    assert found is not None
    assert found.function == "find_source"
    assert found.text.startswith("@lru_cache")
