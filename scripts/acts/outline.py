"""
What the demo is going to show, before anything has happened.

The texts are in `outline.toml`: the acts, and the names of their steps in order. What
is said of a step stands where it is played.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from scripts.stage.plan import ActPlan

_FILE = Path(__file__).with_name("outline.toml")


def _act(name: str, members: Mapping[str, Any]) -> ActPlan:
    texts = {key: members[key] for key in ("title", "says", "sentence")}
    asked = {key: members[key] for key in ("question", "answer")}
    steps, central = tuple(members["steps"]), frozenset(members["central"])
    words = members.get("words", {})
    return ActPlan(
        name=name, **texts, **asked, steps=steps, central=central, words=words
    )


def _read() -> Mapping[str, ActPlan]:
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return MappingProxyType({name: _act(name, each) for name, each in tables.items()})


ACTS = _read()
"""The acts in their order, by their names."""

NUMBERS: Mapping[str, str] = MappingProxyType(
    {
        step: f"{number}.{place}"
        for number, act in enumerate(ACTS.values(), 1)
        for place, step in enumerate(act.steps, 1)
    }
)
"""The number of each step, by its name: "6.3" is that of "thief.wrong-certificate"."""
