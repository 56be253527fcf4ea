"""What usage lines call a program."""

import pytest

from pki.node.invocation import program_name


@pytest.mark.parametrize(
    ("started", "name"),
    [
        ("/home/her/.venv/bin/as-node", "as-node"),
        ("as-node.exe", "as-node"),
        ("/home/her/deployment/as_node/__main__.py", "python -m as_node"),
        ("/home/her/.venv/bin/pytest", "python -m as_node"),
    ],
)
def test_as_it_was_typed(
    monkeypatch: pytest.MonkeyPatch, started: str, name: str
) -> None:
    """An installed script by its name, everything else as Python runs a package."""
    monkeypatch.setattr("sys.argv", [started, "--help"])
    assert program_name("as_node") == name
