"""
`python -m as_node.rotate_keys`: rotate the signing keys, while the server runs.

Exit codes: 0 done, 1 the database is locked or full, 2 the configuration or the
database cannot be used.
"""

import argparse
import sqlite3
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import NoReturn

from as_node.config import Config
from as_node.store.sqlite.database import open_database
from as_node.store.sqlite.signing_keys import SqliteSigningKeys
from as_node.tokens.jwt_signing import SIGNING_ALGS
from as_node.tokens.signing_keys import CHECK_SECONDS, rotate
from pki.node import configuration
from pki.node.store_errors import StoreFailed, UnusableDatabase

# A server of many requests holds the lock for a moment at a time; nothing here
# stands still while this waits for it.
_BUSY_SECONDS = 10.0


def main(arguments: Sequence[str] | None = None) -> None:
    """Rotate as the command line says, and say what was done."""
    options = _options(arguments)
    try:
        database = configuration.read(options.config, Config).database
        if not database.exists():
            _exit(2, f"{database}: no such database: the server makes it")
        connection = open_database(database, busy_seconds=_BUSY_SECONDS)
    except (configuration.ConfigurationError, UnusableDatabase) as error:
        _exit(2, str(error))
    with closing(connection):
        try:
            _rotate(connection, options.alg)
        except StoreFailed as error:
            _exit(1, f"{database}: {error}")


def _rotate(connection: sqlite3.Connection, only_alg: str | None) -> None:
    store = SqliteSigningKeys(connection)
    kept = {record.alg for record in store.all()}
    for alg in SIGNING_ALGS:
        if alg == only_alg or (only_alg is None and alg in kept):
            rotate(store, alg, now=time.time())
    for record in store.all():
        print(f"{record.alg} {record.state:8}{record.kid}")  # noqa: T201 - a command
    print(  # noqa: T201 - a command
        f"a running server signs with the current keys within {CHECK_SECONDS:g} seconds"
    )


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m as_node.rotate_keys",
        description="The next signing key becomes current, the current one retired.",
    )
    parser.add_argument(
        "--config",
        type=Path,
        default=Path(__file__).with_name("as.toml"),
        help="the server's TOML file",
    )
    parser.add_argument(
        "--alg", choices=SIGNING_ALGS, help="rotate only this key; otherwise all"
    )
    return parser.parse_args(arguments)


def _exit(code: int, line: str) -> NoReturn:
    print(f"rotate_keys: {line}", file=sys.stderr)  # noqa: T201 - a command
    raise SystemExit(code)


if __name__ == "__main__":
    main()
