"""
What the names mean that cross the wire: parameters, members, claims, header fields.

The texts are in `glossary.toml`, in tables for whoever reads it there; a name means the
same wherever it occurs. Names of header fields are in lower case.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

_FILE = Path(__file__).with_name("glossary.toml")


def _read() -> Mapping[str, str]:
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return MappingProxyType(
        {name: text for table in tables.values() for name, text in table.items()}
    )


GLOSSARY = _read()
"""Each name with its meaning, short enough for one line."""
