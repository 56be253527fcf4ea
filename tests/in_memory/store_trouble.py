"""What can happen to a file while a node runs, for as long as a test wants."""

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


@contextmanager
def full_disk(room: int = 1) -> Iterator[None]:
    """No file of this process can grow beyond *room* bytes (RLIMIT_FSIZE)."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Somebody else writes to the database, and does not come to an end."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def unreadable(path: Path, *tables: str) -> Iterator[None]:
    """These *tables* of the database, or all, are not found under their names."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        # SQLite's own tables keep their names, whatever happens.
        found = other.execute(
            "SELECT name FROM sqlite_schema"
            " WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
        )
        names = tables or [name for (name,) in found.fetchall()]
        for name in names:
            other.execute(f"ALTER TABLE {name} RENAME TO {name}_elsewhere")
        yield
        for name in names:
            other.execute(f"ALTER TABLE {name}_elsewhere RENAME TO {name}")
