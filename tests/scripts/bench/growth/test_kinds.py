"""What there is a lot of is there when the nodes start."""

import sqlite3
import tomllib
from contextlib import closing
from pathlib import Path

import pytest

from scripts.bench.growth.kinds import KINDS, Kind
from scripts.deployment import certificates
from scripts.deployment.configuration import Deployment, copied

MANY = 7


def brought_about(name: str, folder: Path) -> Deployment:
    """A deployment with so many of the kind *name*."""
    (kind,) = [each for each in KINDS if each.name == name]
    deployment = copied(folder)
    certificates.put_in_place(deployment)
    assert kind.prepare is not None
    kind.prepare(deployment, MANY)
    return deployment


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("tokens", "opaque_token"),
        ("ended", "opaque_token"),
        ("revoked", "revoked_access_token"),
        ("revoked", "revoked_status_index"),
    ],
)
def test_rows_as_the_node_writes_them(tmp_path: Path, name: str, table: str) -> None:
    """By the node's own schema, so that it would not take others."""
    deployment = brought_about(name, tmp_path)
    with closing(sqlite3.connect(deployment.build / "state" / "as.sqlite3")) as file:
        (count,) = file.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
    assert count == MANY


def test_clients_are_registered(tmp_path: Path) -> None:
    """Beside those of the deployment."""
    file = brought_about("clients", tmp_path).authorization_server
    registered = tomllib.loads(file.read_text(encoding="utf-8"))["clients"]
    assert sum(name.startswith("grown-") for name in registered) == MANY
    assert "banking-client" in registered


def test_none_a_tenth_and_all() -> None:
    """So that a slope can be told from a step."""
    assert Kind("x", "xs", 1000, "token-es256", None).sizes == (0, 100, 1000)
