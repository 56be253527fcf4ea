"""
What a rule demands, where it is written, and what happens where nobody checks it.

The texts are in `rules.toml`, by the names that decisions and steps give to rules,
"RFC 8705 section 3", and to checks, `binding.same-certificate`.
"""

import tomllib
from collections.abc import Iterable, Mapping
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
class CheckText:
    """The damage *without* a check, and the ids of the *requirements* it implements."""

    without: str = ""
    requirements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Texts:
    rules: Mapping[str, RuleText]
    checks: Mapping[str, CheckText]


_NOTHING = CheckText()


def rule_text(rule: str) -> RuleText | None:
    """What there is to say about *rule*, if it is one of those the nodes name."""
    return _texts().rules.get(rule)


def check_text(check: str) -> CheckText:
    """
    What there is to say about the check of this name, perhaps nothing.

    Its rule has a text of its own.
    """
    return _texts().checks.get(check, _NOTHING)


@cache  # read when first asked for: no command line needs it
def _texts() -> _Texts:
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return _Texts(
        {name: RuleText(**members) for name, members in tables["rules"].items()},
        {name: _check_text(**members) for name, members in tables["checks"].items()},
    )


def _check_text(without: str = "", requirements: Iterable[str] = ()) -> CheckText:
    return CheckText(without, tuple(requirements))
