"""The database file of the web application: its tables, and how it is opened."""

import sqlite3
from pathlib import Path

from pki.node import sqlite_file

_VERSION_1 = (
    """
    CREATE TABLE session (
        sha256 BLOB PRIMARY KEY,
        expires REAL NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX session_by_expires ON session (expires)",
    """
    CREATE TABLE attempt (
        session BLOB NOT NULL REFERENCES session ON DELETE CASCADE,
        state_sha256 BLOB NOT NULL,
        issuer TEXT NOT NULL,
        consent_id TEXT NOT NULL,
        permissions TEXT NOT NULL,
        expires REAL,
        nonce TEXT NOT NULL,
        code_verifier TEXT NOT NULL,
        begun REAL NOT NULL,
        PRIMARY KEY (session, state_sha256)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE connection (
        connection_id TEXT PRIMARY KEY,
        session BLOB NOT NULL REFERENCES session ON DELETE CASCADE,
        issuer TEXT NOT NULL,
        consent_id TEXT NOT NULL,
        permissions TEXT NOT NULL,
        expires REAL,
        sub TEXT NOT NULL,
        connected_at REAL NOT NULL,
        access_token TEXT,
        refresh_token TEXT,
        good_until REAL,
        x5t_s256 TEXT,
        consent_deleted INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX connection_by_session ON connection (session, connected_at)",
)

# When a customer last signed in at her bank, and until when she need not again; and
# which connection an attempt is to renew, where it makes no new one.
_VERSION_2 = (
    "ALTER TABLE attempt ADD COLUMN renews TEXT",
    "ALTER TABLE connection ADD COLUMN auth_time INTEGER",
    "ALTER TABLE connection ADD COLUMN access_ends REAL",
)

VERSIONS = (_VERSION_1, _VERSION_2)

OWNER = b"mtcl"
"""Four letters that the file has in its header: no other node opens it."""


def open_database(path: Path) -> sqlite3.Connection:
    """As `pki.node.sqlite_file.open_database` says, with these tables."""
    return sqlite_file.open_database(path, VERSIONS, owner=OWNER)
