"""
What the names mean that cross the wire, and who is who.

The texts are in `glossary.toml`, in tables for whoever reads it there; a name means the
same wherever it occurs. Names of header fields are in lower case.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

_TABLES: Mapping[str, Mapping[str, str]] = tomllib.loads(
    Path(__file__).with_name("glossary.toml").read_text(encoding="utf-8")
)
_WHO = "who_is_who"

GLOSSARY: Mapping[str, str] = MappingProxyType(
    {
        name: text
        for title, table in _TABLES.items()
        if title != _WHO
        for name, text in table.items()
    }
)
"""Each name on the wire with its meaning, short enough for one line."""

WHO_IS_WHO: Mapping[str, str] = MappingProxyType(dict(_TABLES[_WHO]))
"""The terms of OAuth that a reader meets first, each in a sentence or two."""
