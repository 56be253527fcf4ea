"""What make would do: its targets, without doing it."""

import os
import re
import subprocess

import pytest

from scripts.deployment.configuration import ROOT

TARGETS = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)


def would_do(*arguments: str) -> list[str]:
    """The commands of a dry run; nothing of a make that runs these tests is left."""
    done = subprocess.run(
        ["make", "--dry-run", "--no-print-directory", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def pytest_command(*arguments: str) -> str:
    """The one command that runs tests."""
    (command,) = (line for line in would_do(*arguments) if "-m pytest" in line)
    return " ".join(command.split())


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_does_something(target: str) -> None:
    """One that is phony and has no recipe would succeed, whatever is wrong."""
    assert not [line for line in would_do(target) if "Nothing to be done" in line]


def test_check_is_all_of_them() -> None:
    """What `make check` runs is what each of its parts runs by itself."""
    parts = ("lint", "types", "imports", "coverage")
    assert would_do("check") == would_do(*parts)
    assert {line for part in parts for line in would_do(part)} == set(would_do("check"))


@pytest.mark.parametrize(
    ("part", "tool"),
    [
        ("lint", "-m ruff check ."),
        ("lint", "-m ruff format --check ."),
        ("types", "-m mypy"),
        ("imports", "lint-imports"),
        ("coverage", "-m coverage report"),
    ],
)
def test_a_part_runs_its_tool(part: str, tool: str) -> None:
    """Each of them is there."""
    assert [line for line in would_do(part) if line.rstrip().endswith(tool)]


@pytest.mark.parametrize(
    ("arguments", "chosen"),
    [
        (("test",), '-m "not slow"'),
        (("test", "ARGS=-x -k scope"), '-m "not slow" -x -k scope'),
        (("test", "ARGS=tests/as_node/tokens"), "tests/as_node/tokens"),
        (("test", "ARGS=-x ./tests/deployment"), "-x ./tests/deployment"),
        (("test-slow",), "-m slow"),
        (("coverage",), '-m "not slow"'),
    ],
)
def test_which_tests_are_run(arguments: tuple[str, ...], chosen: str) -> None:
    """Those that are named, slow or not; else the fast ones, or the slow ones."""
    assert pytest_command(*arguments).endswith(f"--dist loadfile {chosen}")
