"""What the documents name is there: files, functions, make's targets, each other."""

import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    "DECISIONS.md",
    "SECURITY.md",
    "pki/README.md",
    "as_node/README.md",
    "rs_node/README.md",
    "client_node/README.md",
    "scripts/README.md",
    "scripts/walkthrough/README.md",
)

PACKAGES = "pki|as_node|rs_node|client_node|scripts|tests"
PATH = re.compile(rf"(?:{PACKAGES})(?:/[\w.-]+)+/?|(?:{PACKAGES})/")
DOTTED = re.compile(rf"(?:{PACKAGES})(?:\.(?!toml)\w+)+")

# What somebody will add, in CONTRIBUTING.md, and what is made when it runs.
NOT_THERE = {
    "as_node/endpoints/register.py",
    "as_node/protocol/dpop.py",
    "as_node/store/postgresql/",
}
MADE = "pki/issued"


def text(document: str) -> str:
    """What it says."""
    return (ROOT / document).read_text(encoding="utf-8")


def quoted(document: str) -> Iterator[str]:
    """Whatever stands between backticks in a line, outside of code blocks."""
    without_blocks = re.sub(
        r"^```.*?^```", "", text(document), flags=re.DOTALL | re.MULTILINE
    )
    for found in re.finditer(r"`([^`\n]+)`", without_blocks):
        yield found[1]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_file_that_is_named_is_there(document: str) -> None:
    """A module may be named without its suffix."""
    paths = {name for name in quoted(document) if PATH.fullmatch(name)}
    wanted = {p for p in paths - NOT_THERE if "NEW" not in p and MADE not in p}
    assert {
        path
        for path in wanted
        if not (ROOT / path).exists() and not (ROOT / f"{path}.py").is_file()
    } == set()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_function_that_is_named_is_there(document: str) -> None:
    """And a module, by the name by which it is imported."""
    names = {name for name in quoted(document) if DOTTED.fullmatch(name)}
    assert {name for name in names if not is_there(name)} == set()


def is_there(name: str) -> bool:
    """Whether *name* leads to a module, or to something in one."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for attribute in parts[length:]:
            found = getattr(found, attribute, None)
        return found is not None
    return False


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_module_that_is_to_be_run_is_there(document: str) -> None:
    """`python -m` finds it, a package by its `__main__`."""
    for name in set(re.findall(rf"python -m ((?:{PACKAGES})[\w.]*)", text(document))):
        path = ROOT / name.replace(".", "/")
        assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file()


def test_each_package_has_its_readme() -> None:
    """The first page leads to them."""
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages == {"pki", "as_node", "rs_node", "client_node", "scripts"}
    for each in packages:
        assert f"({each}/README.md)" in text("README.md")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_target_that_is_named_is_in_the_makefile(document: str) -> None:
    """In a sentence as in a code block."""
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))
    lines = re.findall(
        r"^make ([a-z][a-z-]*)|`make ([a-z][a-z-]*)", text(document), re.MULTILINE
    )
    assert {a or b for a, b in lines} <= targets


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_document_leads_to_what_is_there(document: str) -> None:
    """Links inside the repository, to the heading they name, and pictures."""
    links = re.findall(r"\]\((?!https?:)([^)]*)\)", text(document))
    pictures = re.findall(r'\bsrc(?:set)?="([^"]*)"', text(document))
    for target in (*links, *pictures):
        file, _, heading = target.partition("#")
        path = (ROOT / document).parent / file if file else ROOT / document
        assert path.exists(), target
        if heading:
            headings = re.findall(r"^#+ (.*)$", path.read_text(), re.MULTILINE)
            assert heading in {anchor(each) for each in headings}, target


def anchor(heading: str) -> str:
    """The fragment by which a heading is reached."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
