"""A row of an opaque access token, whoever it was issued to."""

import sqlite3

from as_node.store.records import OpaqueToken

_KEEP = "INSERT INTO opaque_token (sha256, claims, exp) VALUES (?, ?, ?)"


def keep_opaque_token(connection: sqlite3.Connection, token: OpaqueToken) -> None:
    """Keep it; a part of somebody's transaction."""
    connection.execute(_KEEP, (token.sha256, token.claims, token.exp))
