"""`python -m as_node.rotate_keys`: rotate while the server runs."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jwcrypto.jws import JWS

from as_node.rotate_keys import main
from as_node.store.sqlite.database import open_database
from as_node.store.sqlite.signing_keys import SqliteSigningKeys
from as_node.tokens.signing_keys import CHECK_SECONDS
from tests.in_memory.authorization_server import CONVENTIONAL, Deployment, members

TOP = Path(__file__).parents[2]


@pytest.fixture
def config(write_config: Callable[..., Path]) -> Path:
    """The configuration of the server that the test starts."""
    return write_config()


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "state" / "as.sqlite3"


def state_of(database: Path) -> dict[tuple[str, str], str]:
    """The `kid` for each algorithm and state."""
    connection = open_database(database)
    records = SqliteSigningKeys(connection).all()
    connection.close()
    return {(record.alg, record.state): record.kid for record in records}


def jwks(server: Deployment) -> list[dict[str, Any]]:
    """The keys that the server publishes."""
    keys = members(server.request("GET", f"{CONVENTIONAL}/jwks"), 200)["keys"]
    assert isinstance(keys, list)
    return keys


def kid_of(token: str) -> str:
    kid = JWS.from_jose_token(token).jose_header["kid"]
    assert isinstance(kid, str)
    return kid


def test_a_running_server_follows(server: Deployment, config: Path) -> None:
    """Within the stated time it signs with the key that had been published as next."""
    before, old = jwks(server), server.token("banking-client")
    command = [sys.executable, "-m", "as_node.rotate_keys", "--config", str(config)]
    ended = subprocess.run(
        command, cwd=TOP, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    server.network.reactor.advance(CHECK_SECONDS)
    new = server.token("banking-client")
    assert kid_of(new) != kid_of(old)
    assert {kid_of(new), kid_of(old)} <= {key["kid"] for key in before}
    assert len(jwks(server)) == len(before) + 3
    for token in (old, new):
        assert members(server.introspect(token), 200)["active"] is True


def test_all_algorithms_rotate(
    server: Deployment,
    config: Path,
    database: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each key moves on, and the command says which key is what now."""
    before = state_of(database)
    main(["--config", str(config)])
    after = state_of(database)
    for alg in ("ES256", "PS256", "EdDSA"):
        assert after[alg, "current"] == before[alg, "next"]
        assert after[alg, "retired"] == before[alg, "current"]
    *lines, last = capsys.readouterr().out.splitlines()
    assert {tuple(line.split()) for line in lines} == {
        (alg, state, kid) for (alg, state), kid in after.items()
    }
    assert last == "a running server signs with the current keys within 5 seconds"


def test_one_algorithm_rotates(
    server: Deployment, config: Path, database: Path
) -> None:
    """With `--alg` the others stay as they are."""
    before = state_of(database)
    main(["--config", str(config), "--alg", "EdDSA"])
    after = state_of(database)
    changed = {key for key, kid in after.items() if before.get(key) != kid}
    assert {alg for alg, _ in changed} == {"EdDSA"}


def test_only_what_has_keys_rotates(config: Path, database: Path) -> None:
    """A database without keys is left alone, and is none to rotate one of."""
    open_database(database).close()
    main(["--config", str(config)])
    assert state_of(database) == {}


def refusal(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> tuple[object, str]:
    """The exit code, and the one line on standard error."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    return ended.value.code, said.err


def test_an_unusable_configuration_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2 and one line that names the file."""
    missing = tmp_path / "missing.toml"
    code, line = refusal(["--config", str(missing)], capsys)
    assert code == 2
    assert line == f"rotate_keys: {missing}: No such file or directory\n"


def test_no_database_is_made(
    config: Path, database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong path must not look like a rotation that worked."""
    code, line = refusal(["--config", str(config)], capsys)
    assert code == 2
    assert "no such database: the server makes it" in line
    assert not database.exists()


def test_an_unusable_database_is_told(
    config: Path, database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2 and one line that names the file."""
    database.parent.mkdir()
    database.touch(mode=0o600)
    database.write_bytes(b"something else" * 100)
    code, line = refusal(["--config", str(config)], capsys)
    assert code == 2
    assert line.endswith("as.sqlite3: file is not a database\n")


def test_keys_that_are_not_there_are_told(
    config: Path, database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 1 where nothing was rotated, and no word of success."""
    open_database(database).close()
    code, line = refusal(["--config", str(config), "--alg", "ES256"], capsys)
    assert code == 1
    assert line.endswith("as.sqlite3: there is no ES256 key to rotate\n")
