"""Every rule that a node or the demo can name is explained, and none besides."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from scripts.checks import find_checks
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


SENTENCES = {
    # A sentence for the back of the room: one, ended, and not a paragraph.
    "sentence": ("[.!?]", {1}, 240),
    # Somebody reads it while another speaks.
    "without": ("[.?]", {1, 2}, 330),
}
"""By member: how a sentence ends, how many there are, how long they may be."""


def test_texts_can_be_read_at_a_glance() -> None:
    """Of each rule and check: so many sentences, ended, in so many characters."""
    odd = [
        (name, member)
        for table in (EXPLAINED, CHECKS)
        for name, members in table.items()
        for member, (end, sentences, longest) in SENTENCES.items()
        if (text := members.get(member)) is not None
        if len(re.findall(end + r"(?=\s|$)", text)) not in sentences
        or not text.endswith(".")
        or len(text) > longest
    ]
    assert odd == []


def test_a_rule_has_all_its_texts_and_leads_to_its_section() -> None:
    """The link is to the standard itself, and to the section that is named."""
    odd = [
        rule
        for rule in EXPLAINED
        if (text := rule_text(rule)) is None
        or not text.sentence
        or not text.without
        or not _leads_to_its_section(rule, text.link)
    ]
    assert odd == []


def _leads_to_its_section(rule: str, text: str) -> bool:
    link = urlsplit(text)
    if (link.scheme, link.query) != ("https", "") or link.hostname not in HOSTS:
        return False
    section = rule.rsplit(maxsplit=1)[-1]
    match rule.split(" "):
        case ["RFC", number, kind, _]:
            place = ("www.rfc-editor.org", f"/rfc/rfc{number}", f"{kind}-{section}")
            return (link.hostname, link.path, link.fragment) == place
        case ["FAPI", *_]:
            path = "/specs/fapi-security-profile-2_0-final.html"
            return (link.path, link.fragment) == (path, f"section-{section}")
        case ["Token", "Status", "List", *_]:
            path = "/archive/id/draft-ietf-oauth-status-list-17.html"
            return (link.path, link.fragment) == (path, f"section-{section}")
        case ["OpenID", *_]:
            path = "/specs/openid-connect-core-1_0.html"
            return link.path == path and link.fragment != ""
    return True


def test_a_check_has_its_own_text() -> None:
    """RFC 8705 section 3: what a resource server without the comparison would do."""
    text = check_text("binding.same-certificate")
    assert "thief" in text.without
    assert "M3.07" in text.requirements


def test_of_every_check_it_is_said_what_happens_without_it() -> None:
    """Whether it was passed or not: the page shows it with every decision."""
    assert [c.name for c in find_checks() if not check_text(c.name).without] == []


def test_of_an_unknown_check_nothing_is_said() -> None:
    """The page then shows the text of the rule."""
    text = check_text("somebody.decides-else")
    assert (text.without, text.requirements) == ("", ())


def test_an_unknown_rule_has_no_text() -> None:
    """A peer's own rule is shown by its name alone."""
    assert rule_text("RFC 9999 section 1") is None
