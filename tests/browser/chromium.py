"""How a Chromium of our own is started, and how patient we are with it."""

import os
from pathlib import Path

from playwright.sync_api import Browser, Playwright

from tests.deployment.running import PATIENCE

BROWSERS_PATIENCE = PATIENCE / 4 * 1000  # milliseconds

# No service of its maker's is asked for anything, and no sandbox within a container.
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def launched(playwright: Playwright, chromium: str, home: Path) -> Browser:
    """A browser whose user has this *home*."""
    return playwright.chromium.launch(
        executable_path=chromium,
        args=_ARGUMENTS,
        env={**os.environ, "HOME": str(home)},
    )
