"""
axe-core (https://github.com/dequelabs/axe-core): what is in people's way, by rule.

Its one script comes from the npm registry, pinned to a version and to what its archive
hashes to. No program of npm's is needed.
"""

import base64
import hashlib
import io
import os
import ssl
import tarfile
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Page

_VERSION = "4.14.1"
_SHA512 = (
    "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVG"
    "tQ=="
)
_REGISTRY = "https://registry.npmjs.org"
_PATIENCE = 60  # seconds

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

_RUN = """rules => axe.run(document, {runOnly: rules, resultTypes: ["violations"]})
  .then(({violations}) => violations.flatMap(({id, nodes}) => nodes.map(
    ({target, failureSummary}) => `${id}: ${target}: ${failureSummary}`)))"""


class UnreachableRegistry(Exception):
    """The registry did not give it."""


def axe_core(kept: Path) -> str:
    """
    The script; its archive is *kept* in a folder for the next time.

    Raises:
        UnreachableRegistry: the registry did not give it.
    """
    archive = kept / f"axe-core-{_VERSION}.tgz"
    if not archive.exists():
        fetched = archive.with_suffix(f".{os.getpid()}")
        fetched.write_bytes(_fetched(archive.name))
        fetched.replace(archive)
    octets = archive.read_bytes()
    assert _sha512(octets) == _SHA512, f"{archive} is not what it was: remove it"
    with tarfile.open(fileobj=io.BytesIO(octets)) as members:
        script = members.extractfile("package/axe.min.js")
        assert script is not None
        return script.read().decode()


def _fetched(name: str) -> bytes:
    configured = os.environ.get("npm_config_registry")  # noqa: SIM112 - npm's spelling
    url = f"{(configured or _REGISTRY).rstrip('/')}/axe-core/-/{name}"
    try:
        answer = httpx.get(
            url,
            timeout=_PATIENCE,
            follow_redirects=True,
            verify=ssl.create_default_context(),  # the machine's, as pip and apt
        )
        answer.raise_for_status()
    except httpx.HTTPError as error:
        raise UnreachableRegistry(f"{url}: {error}") from error
    assert _sha512(answer.content) == _SHA512, f"{url} is not what it was"
    return answer.content


def _sha512(octets: bytes) -> str:
    return base64.b64encode(hashlib.sha512(octets).digest()).decode("ascii")


def found_by(axe: str, page: Page) -> list[str]:
    """What is in people's way on *page*, in words; nothing is good."""
    page.evaluate(axe)
    found: Any = page.evaluate(_RUN, _RULES)
    assert isinstance(found, list)
    return found
