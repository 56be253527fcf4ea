"""
`make picture`: the picture in README.md, as light and as dark.

Plays the demo, and opens the page that it wrote, in a headless Chromium, at the step
where the thief is refused for his certificate. The step is found by what was decided
in it, so neither its number nor its words matter. A picture has the same size in
pixels each time; what it shows are this run's certificates.
"""

import argparse
import json
import shutil
import subprocess
import sys
from operator import itemgetter
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from scripts.deployment.configuration import SHIPPED, Deployment, in_folder

WIDTH, HEIGHT = 1120, 700  # CSS pixels: diagram and step beside each other
MOST_BYTES = 200_000  # of each, for it is in the repository
SCHEMES = ("light", "dark")

_NODES = {"as", "rs"}
_INTO = Path(__file__).with_name("walkthrough")
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
# No sandbox within a container; it is shown nothing but our own file.
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def main() -> None:
    """Play, take both, and say where they are."""
    options = _options()
    chromium = next(filter(None, map(shutil.which, _CHROMIUM)), None)
    if chromium is None:
        sys.exit("picture: no Chromium is installed (Debian: apt-get install chromium)")
    deployment = SHIPPED if options.config is None else in_folder(options.config)
    _play(options.config)
    number = stolen_token_refused(
        json.loads((deployment.build / "walkthrough.json").read_text("utf-8"))
    )
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(
            executable_path=chromium, args=_ARGUMENTS
        ) as browser,
    ):
        for scheme in SCHEMES:
            picture = _taken(browser, deployment, number, scheme)
            path = options.into / f"picture-{scheme}.png"
            if len(picture) > MOST_BYTES:
                sys.exit(f"picture: {path} would have {len(picture)} bytes")
            path.write_bytes(picture)
            print(f"{path}: {WIDTH} x {HEIGHT}, {len(picture)} bytes, step {number}")


def stolen_token_refused(story: Any) -> str:
    """
    The first step in which the bank's API tells a thief's certificate from the one
    that the token names, if it can be in an act without twins of the nodes.

    *story* is what `walkthrough.json` holds.
    """
    found = [
        (_has_twins(act), str(step["number"]))
        for act in story["acts"]
        for step in act["steps"]
        if any(map(_is_it, step["exchanges"]))
    ]
    if not found:
        sys.exit("picture: in no step of the demo was a stolen token refused")
    return min(found, key=itemgetter(0))[1]


def _has_twins(act: Any) -> bool:
    exchanges = (each for step in act["steps"] for each in step["exchanges"])
    return any(each["server"] not in _NODES for each in exchanges)


def _is_it(exchange: Any) -> bool:
    return (exchange["client_lane"], exchange["server"]) == ("thief", "rs") and any(
        each["name"] == "binding.same-certificate" and not each["accepted"]
        for each in exchange["decisions"]
    )


def _play(config: Path | None) -> None:
    """The demo; what it tells is kept for the case that it fails."""
    chosen = [] if config is None else ["--config", str(config)]
    command = [sys.executable, "-m", "scripts.demo", "--plain", *chosen]
    played = subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if played.returncode != 0:
        said = (played.stdout + played.stderr).strip().splitlines()
        sys.exit(f"picture: {said[-1] if said else 'the demo was stopped'}")


def _taken(browser: Browser, deployment: Deployment, number: str, scheme: str) -> bytes:
    """The page at that step; the two thumbprints are in sight."""
    page = browser.new_page(
        viewport={"width": WIDTH, "height": HEIGHT},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    address = (deployment.build / "walkthrough.html").resolve().as_uri()
    page.goto(f"{address}#step-{number}")
    page.get_by_role("region", name="The binding").scroll_into_view_if_needed()
    return page.screenshot(animations="disabled", caret="hide")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make picture", description=__doc__)
    parser.add_argument("--into", type=Path, default=_INTO, metavar="FOLDER")
    parser.add_argument(
        "--config",
        type=Path,
        metavar="FOLDER",
        help="the deployment that `python -m scripts.elsewhere` has laid down there",
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
