"""
Which requirement is met by which check, and which tests would notice its loss.

    python -m scripts.checks > build/checks.md

Read from the texts alone, nothing is imported or run: from the constants `Check(...)`
of the nodes, from the catalogue of rules that the walk-through shows, and from the
marks `@pytest.mark.check("binding.same-certificate")` of the tests. A requirement's id,
`M3.07`, is of the list this project was built by, which is not in the repository; a
check without one comes last.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.walkthrough.explanations.rules import check_text

PACKAGES = ("pki", "as_node", "rs_node", "client_node", "scripts")
CHECKOUT = Path(__file__).resolve().parents[1]

_COLUMNS = ("Requirement", "Rule", "Check", "Tests", "In the log")


@dataclass(frozen=True, slots=True)
class FoundCheck:
    """A constant `Check(name, title, rule)`, and the file that it stands in."""

    name: str
    title: str
    rule: str
    file: str

    @property
    def logged(self) -> str:
        """What a log line says of a request that did not pass it."""
        return f'check={self.name} rule="{self.rule}"'


def find_checks(checkout: Path = CHECKOUT) -> list[FoundCheck]:
    """
    Every check of the nodes, in the order of the files.

    Raises:
        ValueError: one is not made of texts; it is to be known what it is called before
            a request comes.
    """
    return [
        found
        for package in PACKAGES
        for path in sorted((checkout / package).rglob("*.py"))
        for found in _checks_in(path, path.relative_to(checkout).as_posix())
    ]


def _checks_in(path: Path, file: str) -> Iterator[FoundCheck]:
    text = path.read_text(encoding="utf-8")
    if "Check(" not in text:
        return
    tree = ast.parse(text)
    texts: dict[str, str] = {}
    for constant, value in _constants(tree):
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            texts[constant] = value.value
        elif isinstance(value, ast.Call) and _is_check(value):
            name, title, rule = (_text(each, texts, file) for each in value.args)
            yield FoundCheck(name, title, rule, file)


def _constants(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(name)], value=value) if name.isupper():
                yield name, value


def _is_check(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == "Check"


def _text(given: ast.expr, texts: Mapping[str, str], file: str) -> str:
    match given:
        case ast.Constant(str(text)):
            return text
        case ast.Name(name) if name in texts:
            return texts[name]
    raise ValueError(f"{file}:{given.lineno}: not a text: {ast.unparse(given)}")


def find_claims(checkout: Path = CHECKOUT) -> dict[str, list[str]]:
    """The tests, as pytest calls them, by the checks that they claim."""
    claims: dict[str, list[str]] = {}
    for path in sorted((checkout / "tests").rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if "mark.check(" not in text:
            continue
        file = path.relative_to(checkout).as_posix()
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for check in _claimed(node.decorator_list):
                    claims.setdefault(check, []).append(f"{file}::{node.name}")
    return claims


def _claimed(decorators: Iterable[ast.expr]) -> list[str]:
    """Those of a mark on the test itself, or on one of its parameters."""
    return [
        ast.literal_eval(given)
        for decorator in decorators
        for node in ast.walk(decorator)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.check"
        for given in node.args
    ]


def table(checks: Iterable[FoundCheck], claims: Mapping[str, list[str]]) -> str:
    """
    All of it in Markdown, a line for each requirement of each check.

    Those that implement no listed requirement come last.
    """
    rows = [
        (requirement, check)
        for check in checks
        for requirement in check_text(check.name).requirements or ("",)
    ]
    rows.sort(key=lambda row: (not row[0], _in_order(row[0]), row[1].name))
    head = (_line(_COLUMNS), _line("---" for _ in _COLUMNS))
    return "\n".join((*head, *(_row(*row, claims) for row in rows)))


def _in_order(requirement: str) -> list[tuple[str, int]]:
    """M3.9 before M3.10."""
    parts = re.findall(r"([A-Z]*)\.?(\d+)", requirement)
    return [(letters, int(number)) for letters, number in parts]


def _row(requirement: str, check: FoundCheck, claims: Mapping[str, list[str]]) -> str:
    tests = "<br>".join(f"`{test}`" for test in claims.get(check.name, ()))
    name = f"`{check.name}`: {check.title}"
    logged = f"`{check.logged}`"
    return _line((requirement or "-", check.rule, name, tests, logged))


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Print the table."""
    print(table(find_checks(), find_claims()))


if __name__ == "__main__":
    main()
