"""Every check has a name, a rule and a test, and nothing else has."""

import ast
import io
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pki.http.checks import Check
from pki.observability.operator_log import OperatorLog
from scripts.checks import (
    CHECKOUT,
    PACKAGES,
    FoundCheck,
    find_checks,
    find_claims,
    table,
)

CATALOGUE = CHECKOUT / "scripts/walkthrough/explanations/rules.toml"
NAME = re.compile(r"[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*")  # subject.decision

DECIDING = (
    "pki/chain",
    "pki/mtls",
    "as_node",
    "rs_node",
    "client_node/oauth",
    "client_node/web",
    "scripts/twin",
)
"""Where every decision has its check."""

WITHOUT_CHECK = {
    "Explained",  # a page of the client's that says what went wrong
    "ResourceServerAway",  # 503: our own trouble
    "StoreAway",  # likewise
    "TryAgainLater",  # likewise
    "Unpublished",  # likewise
    "_Challenged",  # has that of the refusal that it tells in other words
    "_Marked",  # likewise
}
"""Refusals that are no decision of their own."""


@cache
def checks() -> tuple[FoundCheck, ...]:
    """Read once."""
    return tuple(find_checks())


@cache
def claimed() -> frozenset[str]:
    """The checks that some test claims."""
    return frozenset(find_claims())


@cache
def catalogue() -> dict[str, dict[str, dict[str, Any]]]:
    """The rules and the checks that are explained."""
    return tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))


def names() -> set[str]:
    """Of all checks."""
    return {check.name for check in checks()}


def test_there_are_checks() -> None:
    """What follows says nothing about none."""
    assert "binding.same-certificate" in names()


def test_a_name_belongs_to_one_check() -> None:
    """Who finds it in a log finds one decision."""
    assert [
        name for name, count in Counter(c.name for c in checks()).items() if count > 1
    ] == []


def test_a_name_has_its_form() -> None:
    """A subject and what is decided about it, in lower case."""
    assert [name for name in names() if not NAME.fullmatch(name)] == []


def test_a_check_has_a_title_and_an_explained_rule() -> None:
    """No decision is shown without the sentence that asks for it."""
    rules = catalogue()["rules"]
    odd = [c.name for c in checks() if not c.title or c.rule not in rules]
    assert odd == []


def test_what_the_catalogue_explains_is_a_check() -> None:
    """A text for a check that is gone would be shown to nobody."""
    assert catalogue()["checks"].keys() - names() == set()


def test_a_requirement_has_the_form_of_an_id() -> None:
    """It is looked up in a list that is not here."""
    ids = [
        each
        for members in catalogue()["checks"].values()
        for each in members.get("requirements", ())
    ]
    assert [each for each in ids if not re.fullmatch(r"[A-Z]+\d+(\.\d+)?", each)] == []


def test_every_check_is_claimed_by_a_test() -> None:
    """Else nobody would notice if it were gone."""
    assert names() - claimed() == set()


def test_a_test_claims_checks_that_there_are() -> None:
    """A mark that was misspelt claims nothing."""
    assert claimed() - names() == set()


def test_checks_are_constants_beside_what_decides() -> None:
    """One that is made for a request could have any name."""
    made = Counter(
        path.relative_to(CHECKOUT).as_posix()
        for path, tree in sources(PACKAGES)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _called(node) == "Check"
    )
    assert made == Counter(check.file for check in checks())


def test_no_decision_gives_a_rule_of_its_own() -> None:
    """It gives its check, which has the rule."""
    odd = [
        f"{path.relative_to(CHECKOUT)}:{node.lineno}"
        for path, tree in sources(DECIDING)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        if any(keyword.arg == "rule" for keyword in node.keywords)
        or (_is_accepted(node) and not _names_a_check(node))
    ]
    assert odd == []


def test_every_refusal_gives_its_check() -> None:
    """But for what is no decision: a store that is away, say."""
    refusals = refusing_classes() - WITHOUT_CHECK
    odd = [
        f"{path.relative_to(CHECKOUT)}:{node.lineno}"
        for path, tree in sources(DECIDING)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _called(node) in refusals
        if not _names_a_check(node)
    ]
    assert odd == []


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _is_accepted(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr == "accepted"


def _names_a_check(call: ast.Call) -> bool:
    return any(_is_a_check(given) for given in call.args)


def _is_a_check(given: ast.expr) -> bool:
    """A constant, one that was given or is another refusal's, or none on purpose."""
    match given:
        case ast.Name(name):
            return name.isupper() or name == "check"
        case ast.IfExp(body=one, orelse=other):
            return _is_a_check(one) and _is_a_check(other)
        case ast.Attribute(attr="check") | ast.Constant(None):
            return True
    return False


def refusing_classes() -> set[str]:
    """The names of `Refusal` and of all that is made from it."""
    bases = {
        node.name: {ast.unparse(base) for base in node.bases}
        for _, tree in sources(PACKAGES)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    found = {"Refusal"}
    while more := {name for name, of in bases.items() if of & found} - found:
        found |= more
    return found


def sources(places: tuple[str, ...]) -> Iterator[tuple[Path, ast.Module]]:
    """The files of these folders, and these files."""
    for place in places:
        root = CHECKOUT / place
        yield from map(_parsed, sorted(root.rglob("*.py")) if root.is_dir() else [root])


@cache
def _parsed(path: Path) -> tuple[Path, ast.Module]:
    return path, ast.parse(path.read_text(encoding="utf-8"))


def test_the_table_says_which_tests_claim_a_check() -> None:
    """Requirement, rule, check, tests, and what to look for in the log."""
    check = FoundCheck("binding.same-certificate", "the same", "RFC 8705 section 3", "")
    lines = table([check], {check.name: ["tests/a.py::test_a", "tests/b.py::test_b"]})
    (line,) = (each for each in lines.splitlines() if each.startswith("| M3.07 "))
    assert line == (
        "| M3.07 | RFC 8705 section 3 | `binding.same-certificate`: the same"
        " | `tests/a.py::test_a`<br>`tests/b.py::test_b`"
        ' | `check=binding.same-certificate rule="RFC 8705 section 3"` |'
    )


def test_the_table_counts_as_people_do() -> None:
    """M3.9 would come before M3.10; what implements no requirement comes last."""
    first = FoundCheck("binding.same-certificate", "", "", "")
    last = FoundCheck("aaa.of-no-requirement", "", "", "")
    rows = table([last, first], {}).splitlines()[2:]
    ids = [row.split(" ")[1] for row in rows]
    assert ids[:2] == ["A12", "F11"]
    assert ids.index("M3.07") < ids.index("M3.14") < ids.index("M31.05")
    assert ids[-1] == "-"


def test_the_table_writes_a_check_as_the_log_does() -> None:
    """So that it can be copied into a search."""
    stream = io.StringIO()
    check = Check("binding.same-certificate", "the same", "RFC 8705 section 3")
    facts = {"check": check.name, "rule": check.rule}
    OperatorLog("rs", stream).warning("refused", facts)
    found = FoundCheck(check.name, check.title, check.rule, "")
    assert stream.getvalue().endswith(f"refused {found.logged}\n")


def test_claims_are_read_from_marks_on_tests_and_on_their_parameters(
    tmp_path: Path,
) -> None:
    """Several on one test, and several in one mark."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_it.py").write_text(
        """
@pytest.mark.check("a.one", "a.two")
@pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.check("a.three"))])
def test_it(x): ...

@pytest.mark.check("a.one")
async def test_other(): ...
""",
        encoding="utf-8",
    )
    it, other = "tests/test_it.py::test_it", "tests/test_it.py::test_other"
    assert find_claims(tmp_path) == {
        "a.one": [it, other],
        "a.two": [it],
        "a.three": [it],
    }


@pytest.mark.parametrize(
    "written", ['Check("a.b", f"x", "")', "Check(NAME, TITLE, OTHER)"]
)
def test_a_check_is_made_of_texts(tmp_path: Path, written: str) -> None:
    """What it is called is known before it is run."""
    (tmp_path / "pki").mkdir()
    source = f'NAME = "a.b"\nTITLE = "b"\nA = {written}\n'
    (tmp_path / "pki/it.py").write_text(source, encoding="utf-8")
    with pytest.raises(ValueError, match="not a text"):
        find_checks(tmp_path)
