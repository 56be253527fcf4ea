"""
axe-core (https://github.com/dequelabs/axe-core): what is in people's way, by rule.

Its one script comes with a package of the lock file, so nothing is fetched.
"""

from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

_RUN = """rules => axe.run(document, {runOnly: rules, resultTypes: ["violations"]})
  .then(({violations}) => violations.flatMap(({id, nodes}) => nodes.map(
    ({target, failureSummary}) => `${id}: ${target}: ${failureSummary}`)))"""


def axe_core() -> str:
    """The script."""
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def found_by(axe: str, page: Page) -> list[str]:
    """What is in people's way on *page*, in words; nothing is good."""
    page.evaluate(axe)
    found: Any = page.evaluate(_RUN, _RULES)
    assert isinstance(found, list)
    return found
