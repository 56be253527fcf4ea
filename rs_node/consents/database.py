"""The database file of the consents: its tables, and how it is opened."""

import sqlite3
from pathlib import Path

from pki.node import sqlite_file

_VERSION_1 = (
    """
    CREATE TABLE consent (
        consent_id TEXT PRIMARY KEY,
        client_id TEXT NOT NULL,
        permissions TEXT NOT NULL,
        expiration TEXT,
        transaction_from TEXT,
        transaction_to TEXT,
        created REAL NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('AWAU', 'AUTH', 'RJCT', 'CANC')),
        status_updated REAL NOT NULL,
        customer TEXT,
        account_ids TEXT NOT NULL,
        decision_id TEXT,
        CHECK (status <> 'AUTH' OR (customer IS NOT NULL AND decision_id IS NOT NULL))
    ) STRICT, WITHOUT ROWID
    """,
)

# Those that wait for their customers are counted, and deleted when nobody came.
_VERSION_2 = (
    """
    CREATE INDEX consent_awaiting_of_client ON consent (client_id, created)
        WHERE status = 'AWAU'
    """,
    "CREATE INDEX consent_awaiting ON consent (created) WHERE status = 'AWAU'",
)

VERSIONS = (_VERSION_1, _VERSION_2)

OWNER = b"mtrs"
"""Four letters that the file has in its header: no other node opens it."""


def open_database(path: Path) -> sqlite3.Connection:
    """As `pki.node.sqlite_file.open_database` says, with these tables."""
    return sqlite_file.open_database(path, VERSIONS, owner=OWNER)
