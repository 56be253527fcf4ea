"""The database file of the authorization server."""

import sqlite3
from pathlib import Path

from as_node.store.sqlite.schema import VERSIONS
from pki.node import sqlite_file

OWNER = b"mtas"
"""Four letters that the file has in its header: no other node opens it."""


def open_database(
    path: Path, *, busy_seconds: float = sqlite_file.BUSY_SECONDS
) -> sqlite3.Connection:
    """As `pki.node.sqlite_file.open_database` says, with the tables of `schema`."""
    return sqlite_file.open_database(
        path, VERSIONS, owner=OWNER, busy_seconds=busy_seconds
    )
