"""A style sheet that stands in its page, and is named to the browser by its hash."""

from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path


@dataclass(frozen=True, slots=True)
class StyleSheet:
    """
    *css* as written, UTF-8; *source* is what a Content-Security-Policy calls it.

    CSP Level 3 section 2.3.1, `hash-source`: this style and no other, so that a style
    that somebody smuggles into a page is not applied.
    """

    css: bytes
    source: str


def style_sheet(beside: str, name: str) -> StyleSheet:
    """The style sheet *name*.css next to the module whose `__file__` is *beside*."""
    css = Path(beside).with_name(f"{name}.css").read_bytes()
    digest = b64encode(sha256(css).digest()).decode("ascii")
    return StyleSheet(css, f"'sha256-{digest}'")
