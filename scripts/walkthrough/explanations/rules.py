"""
What a rule demands, where it is written, and what happens where nobody checks it.

The texts are in `rules.toml`, by the names that decisions and steps give to rules:
"RFC 8705 section 3".
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("rules.toml")


@dataclass(frozen=True, slots=True)
class RuleText:
    """
    A rule in one *sentence*, the address of its section, and the damage *without* it.
    """

    sentence: str
    link: str
    without: str


@dataclass(frozen=True, slots=True)
class _Texts:
    """*checks* are by the deciding function and, where it needs telling, the rule."""

    rules: Mapping[str, RuleText]
    checks: Mapping[tuple[str, str], str]


def rule_text(rule: str) -> RuleText | None:
    """What there is to say about *rule*, if it is one of those the nodes name."""
    return _texts().rules.get(rule)


def without(decided_by: str, rule: str) -> str:
    """
    What would happen without this very check.

    *decided_by* is the function, as a decision names it, such as
    "rs_node.access.claims.verify_issuer". Empty if nothing is said about it; its rule
    has a text of its own.
    """
    checks = _texts().checks
    return checks.get((decided_by, rule)) or checks.get((decided_by, ""), "")


@cache  # read when first asked for: no command line needs it
def _texts() -> _Texts:
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return _Texts(
        {name: RuleText(**members) for name, members in tables["rules"].items()},
        {
            (function, check.get("rule", "")): check["without"]
            for check in tables["checks"]
            for function in check["functions"]
        },
    )
