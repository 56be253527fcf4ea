"""`build/walkthrough.html` and `build/walkthrough.json`: a story, kept."""

import json
import os
from pathlib import Path

from client_node.walkthrough.page import as_page
from client_node.walkthrough.story import Story
from client_node.walkthrough.story_json import as_json


def write_walkthrough(story: Story, build: Path) -> Path:
    """
    Write the files into *build*; returns the page's path.

    For their owner only: they hold tokens. The banking client shows the page to whoever
    reaches it, which is loopback unless configured otherwise; the tokens are bound.
    """
    build.mkdir(parents=True, exist_ok=True)
    members = as_json(story)
    _write(build / "walkthrough.json", json.dumps(members, indent=1))
    page = build / "walkthrough.html"
    _write(page, as_page(members))
    return page


def _write(path: Path, text: str) -> None:
    """Replace *path* as a whole: nobody reads half a page."""
    fresh = path.with_suffix(f"{path.suffix}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)
