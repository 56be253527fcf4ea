"""What stands in the place of the demo's page until there is one."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from string import Template

_FOLDER = Path(__file__).with_name("browser")
_STYLE = "\n" + (_FOLDER / "walkthrough.css").read_text(encoding="utf-8")
_STYLE_HASH = b64encode(sha256(_STYLE.encode()).digest()).decode("ascii")

POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'"
)
"""What this page may do (Content Security Policy)."""


def no_demo_page(live: str) -> str:
    """How to make one, and the way to *live*, where something is shown already."""
    template = (_FOLDER / "no_demo.html").read_text(encoding="utf-8")
    return Template(template).substitute(style=_STYLE, live=live)
