"""The three nodes' database files: none is taken for another."""

from collections.abc import Callable
from itertools import permutations
from pathlib import Path
from sqlite3 import Connection

import pytest

from as_node.store.sqlite.database import open_database as of_the_as
from client_node.web.store.database import open_database as of_the_client
from pki.node.store_errors import UnusableDatabase
from rs_node.consents.database import open_database as of_the_rs

Open = Callable[[Path], Connection]


@pytest.mark.parametrize(
    ("one", "other"), [*permutations((of_the_as, of_the_rs, of_the_client), 2)]
)
def test_another_nodes_file(tmp_path: Path, one: Open, other: Open) -> None:
    """A path that was mixed up is one line at the start, and no harm done."""
    path = tmp_path / "node.sqlite3"
    one(path).close()
    with pytest.raises(UnusableDatabase, match="a database of b'"):
        other(path)
    one(path).close()
