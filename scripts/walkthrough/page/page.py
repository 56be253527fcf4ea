"""
The page: one HTML file with its styles, its scripts and the story inside.

It opens from disk, it needs no network, and it runs no script but its own: the policy
names them by their hash. What came from the wire is data, and stays data: JSON in which
no `<` is written, shown by scripts that make text of it and never markup.
"""

import html
import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from string import Template

_FOLDER = Path(__file__).with_name("browser")
_STYLES = (
    "walkthrough.css",
    "picture/diagram.css",
    "start/start.css",
    "going/search.css",
    "step/step.css",
    "evidence/message.css",
    "thumbprints/thumbprint.css",
    "paper/print.css",
)
_SCRIPTS = (
    "elements/elements.js",
    "elements/icons.js",
    "elements/copying.js",
    "certificates/looks.js",
    "certificates/chips.js",
    "picture/wording.js",
    "elements/folds.js",
    "elements/blocks.js",
    "thumbprints/bytes.js",
    "thumbprints/sha256.js",
    "thumbprints/comparison.js",
    "thumbprints/thumbprint.js",
    "thumbprints/confirmations.js",
    "thumbprints/binding.js",
    "certificates/certificate.js",
    "evidence/source_code.js",
    "evidence/decisions.js",
    "evidence/body.js",
    "evidence/token.js",
    "evidence/message.js",
    "evidence/handshake.js",
    "evidence/evidence.js",
    "step/outcome.js",
    "step/derived.js",
    "step/act.js",
    "step/step.js",
    "step/rule.js",
    "picture/lanes.js",
    "picture/connections.js",
    "picture/binding.js",
    "picture/exchange.js",
    "picture/diagram.js",
    "picture/legend.js",
    "start/overview.js",
    "start/header.js",
    "step/chosen.js",
    "going/addresses.js",
    "going/refusals.js",
    "going/index.js",
    "going/finding.js",
    "going/search.js",
    "going/navigation.js",
    "live/forgetting.js",
    "live/alarms.js",
    "live/live.js",
    "paper/printed_step.js",
    "paper/print.js",
    "main.js",
)


@dataclass(frozen=True, slots=True)
class Served:
    """
    Where a page leads that is shown while it happens.

    *story* is the path where more of it comes from, *demo* that of the last demo's
    page; *client* is the address of the banking client's application.
    """

    story: str
    demo: str
    client: str


_FROM_DISK = Served(story="", demo="", client="")


def as_page(story: Mapping[str, object], served: Served = _FROM_DISK) -> str:
    """
    The page that shows *story*, as `story_json` has it.

    Where it is *served*, it shows more of it while it happens.
    """
    style, script = _joined(_STYLES), _script()
    return Template(_read("walkthrough.html")).substitute(
        policy=html.escape(_policy(style, script, live=served != _FROM_DISK)),
        style=style,
        script=script,
        live=html.escape(served.story),
        demo=html.escape(served.demo),
        client=html.escape(served.client),
        story=json.dumps(story, ensure_ascii=True).replace("<", r"\u003c"),
    )


def content_security_policy() -> str:
    """What the page may do where it is served: as written into it, and no frame."""
    policy = _policy(_joined(_STYLES), _script(), live=True)
    return f"{policy}; frame-ancestors 'none'"


def _policy(style: str, script: str, *, live: bool) -> str:
    parts = [
        "default-src 'none'",
        f"style-src 'sha256-{_sha256(style)}'",
        f"script-src 'sha256-{_sha256(script)}'",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    if live:
        parts.append("connect-src 'self'")
    return "; ".join(parts)


def _sha256(text: str) -> str:
    return b64encode(sha256(text.encode()).digest()).decode("ascii")


def _script() -> str:
    """All scripts in one block: what they declare is theirs, and not the window's."""
    return f'\n"use strict";\n{{{_joined(_SCRIPTS)}}}\n'


def _joined(names: tuple[str, ...]) -> str:
    return "\n" + "\n".join(_read(name) for name in names)


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
