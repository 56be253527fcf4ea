"""Every rule that a node or the demo can name is explained, and none besides."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from scripts.walkthrough.explanations.rules import check_text, rule_text

CHECKOUT = Path(__file__).parents[4]
PACKAGES = ("pki", "as_node", "rs_node", "client_node", "scripts")
FILE = CHECKOUT / "scripts/walkthrough/explanations/rules.toml"
RULE = re.compile(
    r"RFC \d{4} (section \d+|appendix [A-Z])(\.\d+)*"
    r"|FAPI 2\.0 Security Profile section \d+(\.\d+)*"
    r"|OpenID Connect Core section \d+(\.\d+)*"
    r"|Token Status List section \d+(\.\d+)*"
    r"|UK Open Banking Read/Write v4\.0(, [A-Za-z -]+)?"
)
HOSTS = {
    "www.rfc-editor.org",
    "www.ietf.org",  # drafts
    "openid.net",
    "openbankinguk.github.io",
}
TABLES = tomllib.loads(FILE.read_text(encoding="utf-8"))
EXPLAINED = TABLES["rules"]
CHECKS = TABLES["checks"]


@cache  # two hundred files
def sources() -> tuple[tuple[Path, ast.Module], ...]:
    """Every file of ours that could name a rule."""
    paths = [p for each in PACKAGES for p in sorted((CHECKOUT / each).rglob("*.py"))]
    return tuple((path, ast.parse(path.read_text(encoding="utf-8"))) for path in paths)


def named_rules() -> set[str]:
    """Every text in the code that is a rule, whole and by itself."""
    return {
        node.value
        for _, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if RULE.fullmatch(node.value)
    }


def texts_given_as_rules(tree: ast.Module) -> Iterator[ast.expr]:
    """What is written after `rule=`, and into whatever is called a rule."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "rule":
            yield from _either(node.value)
        if isinstance(node, ast.Assign):
            target = ast.unparse(node.targets[0]).lower().strip("_")
            if target == "rule":
                yield from _either(node.value)


def _either(given: ast.expr) -> tuple[ast.expr, ...]:
    if isinstance(given, ast.IfExp):
        return (*_either(given.body), *_either(given.orelse))
    return (given,)


def test_every_rule_that_the_code_can_name_is_explained() -> None:
    """No decision and no step is shown without its rule in one sentence."""
    assert named_rules() - EXPLAINED.keys() == set()


def test_no_rule_is_explained_that_nobody_names() -> None:
    """A text that nothing leads to is wrong one day, and nobody notices."""
    assert EXPLAINED.keys() - named_rules() == set()


def test_rules_are_written_in_one_way() -> None:
    """What is given as a rule is one, in full: not shortened, not put together."""
    odd = [
        f"{path.relative_to(CHECKOUT)}:{given.lineno}"
        for path, tree in sources()
        for given in texts_given_as_rules(tree)
        if isinstance(given, ast.JoinedStr) or _is_no_rule(given)
    ]
    assert odd == []


def _is_no_rule(given: ast.expr) -> bool:
    if not isinstance(given, ast.Constant) or given.value == "":
        return False
    return not isinstance(given.value, str) or not RULE.fullmatch(given.value)


def test_a_rule_is_explained_in_one_sentence() -> None:
    """A sentence for the back of the room: one, ended, and not a paragraph."""
    odd = [
        rule
        for rule, text in EXPLAINED.items()
        if re.findall(r"[.!?](?=\s|$)", text["sentence"]) != ["."]
        or not text["sentence"].endswith(".")
        or len(text["sentence"]) > 240
    ]
    assert odd == []


@pytest.mark.parametrize("rule", EXPLAINED)
def test_a_rule_leads_to_its_section(rule: str) -> None:
    """The link is to the standard itself, and to the section that is named."""
    text = rule_text(rule)
    assert text is not None
    link = urlsplit(text.link)
    assert (link.scheme, link.query) == ("https", "")
    assert link.hostname in HOSTS
    if rule.startswith("RFC "):
        _, number, kind, section = rule.split(" ")
        assert link.hostname == "www.rfc-editor.org"
        assert (link.path, link.fragment) == (f"/rfc/rfc{number}", f"{kind}-{section}")
    if rule.startswith("FAPI "):
        assert link.path == "/specs/fapi-security-profile-2_0-final.html"
        assert link.fragment == f"section-{rule.rsplit(maxsplit=1)[-1]}"
    if rule.startswith("Token Status List "):
        assert link.path == "/archive/id/draft-ietf-oauth-status-list-17.html"
        assert link.fragment == f"section-{rule.rsplit(maxsplit=1)[-1]}"
    if rule.startswith("OpenID "):
        assert link.path == "/specs/openid-connect-core-1_0.html"
        assert link.fragment


def test_what_would_happen_is_told_in_two_sentences_at_most() -> None:
    """Somebody reads it while another speaks."""
    texts = [
        each["without"]
        for each in (*EXPLAINED.values(), *CHECKS.values())
        if "without" in each
    ]
    odd = [
        text
        for text in texts
        if len(re.findall(r"[.?](?=\s|$)", text)) not in {1, 2}
        or not text.endswith(".")
        or len(text) > 330
    ]
    assert odd == []


def test_a_check_has_its_own_text() -> None:
    """RFC 8705 section 3: what a resource server without the comparison would do."""
    text = check_text("binding.same-certificate")
    assert "thief" in text.without
    assert "M3.07" in text.requirements


def test_of_an_unknown_check_nothing_is_said() -> None:
    """The page then shows the text of the rule."""
    text = check_text("somebody.decides-else")
    assert (text.without, text.requirements) == ("", ())


def test_an_unknown_rule_has_no_text() -> None:
    """A peer's own rule is shown by its name alone."""
    assert rule_text("RFC 9999 section 1") is None
