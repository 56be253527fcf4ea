"""The databases of the three nodes, made by many processes at the same moment."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

PROCESSES = 8

OPEN = """
import sys
from importlib import import_module
from pathlib import Path
open_database = import_module(sys.argv[1]).open_database
print("ready", flush=True)
sys.stdin.readline()
open_database(Path(sys.argv[2])).close()
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "module",
    [
        "as_node.store.sqlite.database",
        "rs_node.consents.database",
        "client_node.web.store.database",
    ],
)
def test_many_processes_start_at_once(tmp_path: Path, module: str) -> None:
    """All of them start, whichever makes the tables; the next one finds them whole."""
    for attempt in range(3):
        path = tmp_path / f"state {attempt}" / "node.sqlite3"
        processes = [
            subprocess.Popen(
                [sys.executable, "-c", OPEN, module, path],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=Path(__file__).parents[3],
                text=True,
            )
            for _ in range(PROCESSES)
        ]
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        said = [process.communicate()[1] for process in processes]
        assert said == [""] * PROCESSES
        with closing(sqlite3.connect(path)) as made:
            assert made.execute("PRAGMA integrity_check").fetchone() == ("ok",)
