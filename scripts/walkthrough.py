"""
`build/walkthrough.json` and `build/walkthrough.html`: a story, kept.

The page is one file without scripts and without network: it opens from disk, and it
prints. Whatever came from the wire is escaped.
"""

import dataclasses
import html
import json
import os
from pathlib import Path
from string import Template

from scripts.page import page_body
from scripts.story import Story

_TEMPLATE = Path(__file__).with_name("walkthrough.html")
_STYLE = Path(__file__).with_name("walkthrough.css")


def write_walkthrough(story: Story, build: Path) -> Path:
    """
    Write both files into *build*; returns the page's path.

    For their owner only: they hold tokens. The banking client shows the page to whoever
    reaches it, which is loopback unless configured otherwise; the tokens are bound.
    """
    build.mkdir(parents=True, exist_ok=True)
    _write(build / "walkthrough.json", json.dumps(as_json(story), indent=1))
    page = build / "walkthrough.html"
    _write(page, as_page(story))
    return page


def as_json(story: Story) -> dict[str, object]:
    """The story's members, and whether each step passed."""
    members = {"version": 1, **dataclasses.asdict(story)}
    for act, told in zip(members["acts"], story.acts, strict=True):
        for step, done in zip(act["steps"], told.steps, strict=True):
            step["passed"] = done.passed
    return members


def as_page(story: Story) -> str:
    """The story as one HTML page."""
    failed = sum(not step.passed for step in story.steps)
    return Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        style=_STYLE.read_text(encoding="utf-8"),
        made_at=html.escape(story.made_at),
        steps=len(story.steps),
        verdict="all as the RFCs say"
        if not failed
        else f"{failed} not as the RFCs say",
        body=page_body(story),
    )


def _write(path: Path, text: str) -> None:
    """Replace *path* as a whole: nobody reads half a page."""
    fresh = path.with_suffix(f"{path.suffix}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)
