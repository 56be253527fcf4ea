"""`build/walkthrough` as `.html`, `.json` and, an act each, Mermaid: a story, kept."""

import json
from pathlib import Path

from scripts.deployment.private_file import replace_file
from scripts.walkthrough.page.mermaid import mermaid_of_act
from scripts.walkthrough.page.page import as_page
from scripts.walkthrough.page.story_json import as_json
from scripts.walkthrough.story.story import Story


def write_walkthrough(story: Story, build: Path) -> Path:
    """
    Write the files into *build*; returns the page's path.

    For their owner only: they hold tokens. The live walk-through shows the page to
    whoever reaches it, which is loopback unless configured otherwise; the tokens are
    bound.
    """
    build.mkdir(parents=True, exist_ok=True)
    members = as_json(story)
    text = json.dumps(members, indent=1)
    replace_file(build / "walkthrough.json", text.encode())
    _write_diagrams(story, build)
    page = build / "walkthrough.html"
    replace_file(page, as_page(members).encode())
    return page


def _write_diagrams(story: Story, build: Path) -> None:
    """`walkthrough-1.mmd` and on: whatever draws Mermaid draws one diagram a file."""
    for path in build.glob("walkthrough*.mmd"):
        path.unlink()
    for number, act in enumerate(story.acts, 1):
        if diagram := mermaid_of_act(act):
            replace_file(build / f"walkthrough-{number}.mmd", diagram.encode())
