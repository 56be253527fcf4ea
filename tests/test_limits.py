"""All bounds in one table: none without a test, none that SECURITY.md does not tell."""

import ast
import importlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pki.bound import Bound, table_row

ROOT = Path(__file__).parents[1]
PACKAGES = ("pki", "as_node", "rs_node", "client_node", "scripts")


def modules() -> list[str]:
    """Every `limits.py` of the nodes, of what they share, and of what observes them."""
    files = [f for name in PACKAGES for f in (ROOT / name).rglob("limits.py")]
    return sorted(
        ".".join(file.relative_to(ROOT).with_suffix("").parts) for file in files
    )


def bounds() -> list[Bound]:
    """What stands in them, in the order of the table."""
    found = [
        bound for name in modules() for bound in importlib.import_module(name).BOUNDS
    ]
    assert all(isinstance(bound, Bound) for bound in found)
    return found


def claimed() -> Iterator[str]:
    """The names that tests are marked with: `@pytest.mark.bound("request.body")`."""
    for file in (ROOT / "tests").rglob("test_*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
                "pytest.mark.bound"
            ):
                yield from (ast.literal_eval(each) for each in node.args)


def test_there_are_bounds() -> None:
    """Of connections and certificates at least."""
    assert {"pki.chain.limits", "pki.mtls.limits"} <= set(modules())


def test_a_name_belongs_to_one_bound() -> None:
    """Tests know a bound by its name."""
    names = Counter(bound.name for bound in bounds())
    assert [name for name, count in names.items() if count > 1] == []


def test_every_bound_is_tried() -> None:
    """A test goes one step beyond each, and sees what the peer meets."""
    assert {bound.name for bound in bounds()} - set(claimed()) == set()


def test_a_test_claims_bounds_that_there_are() -> None:
    """No bound has gone, or been renamed, without its test."""
    assert set(claimed()) - {bound.name for bound in bounds()} == set()


def test_the_document_has_the_table() -> None:
    """SECURITY.md says of each bound what the code says; here is what it should."""
    rows = [
        "| What | At most | Beyond | Why |",
        "| --- | --- | --- | --- |",
        *map(table_row, bounds()),
    ]
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    _, _, after = text.partition("\n## Limits\n")
    told = [line for line in after.split("\n## ")[0].splitlines() if line[:1] == "|"]
    assert told == rows
