"""What there can be a lot of, and how it is brought about before the nodes start."""

import os
import random
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime

from as_node.store.sqlite.database import open_database
from pki.issuing.hierarchy import load_authorities
from pki.issuing.layout import Layout
from pki.issuing.revocation import Revocations, revocation_lists
from scripts.bench import clients
from scripts.deployment.configuration import Deployment

_HOUR = 3600
_LIST_DAYS = 60.0
_CLAIMS = '{"iss": "https://localhost:9443", "sub": "nobody", "scope": "accounts"}'

Prepare = Callable[[Deployment, int], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """
    *what* there is *most* of at most; *work* is what is asked then, with *anew* on new
    connections. *prepare* brings it about; without it they are connections, which are
    opened when the nodes run.
    """

    name: str
    what: str
    most: int
    work: str
    prepare: Prepare | None
    anew: bool = False

    @property
    def sizes(self) -> tuple[int, int, int]:
        """None, a tenth, and all."""
        return 0, self.most // 10, self.most


def _registered(deployment: Deployment, count: int) -> None:
    names = (clients.BenchClient(f"grown-{number}") for number in range(count))
    with deployment.authorization_server.open("a", encoding="utf-8") as file:
        file.write(clients.registrations(names))


def _tokens(seconds: int) -> Prepare:
    """Opaque tokens that end in so many seconds; of less than none, that have ended."""

    def prepare(deployment: Deployment, count: int) -> None:
        end = int(time.time()) + seconds
        with closing(_database(deployment)) as database, database:
            database.execute("BEGIN")
            database.executemany(
                "INSERT INTO opaque_token (sha256, claims, exp) VALUES (?, ?, ?)",
                ((os.urandom(32), _CLAIMS, end) for _ in range(count)),
            )

    return prepare


def _revoked(deployment: Deployment, count: int) -> None:
    """JWTs, by their `jti` and by their index in the status lists."""
    end = int(time.time()) + _HOUR
    with closing(_database(deployment)) as database, database:
        database.execute("BEGIN")
        database.executemany(
            "INSERT INTO revoked_access_token (jti, exp) VALUES (?, ?)",
            ((os.urandom(16).hex(), end) for _ in range(count)),
        )
        database.executemany(
            "INSERT INTO revoked_status_index (status_index, keep_until) VALUES (?, ?)",
            ((index, end) for index in range(count)),
        )
        database.execute("UPDATE status_index_counter SET reserved = ?", (count,))


def _revocation_list(deployment: Deployment, count: int) -> None:
    """Certificates of the authority that issued those of the clients."""
    layout = Layout(deployment.pki.parent / "issued")
    today = datetime.fromtimestamp(int(time.time()), UTC)
    numbers = random.Random(count)  # noqa: S311 - serial numbers of nobody's
    revoked = Revocations({numbers.getrandbits(150): today for _ in range(count)})
    layout.client_revocation_lists.write_bytes(
        revocation_lists(
            load_authorities(layout), revoked, now=time.time(), days=_LIST_DAYS
        )
    )


def _database(deployment: Deployment) -> sqlite3.Connection:
    folder = deployment.build / "state"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return open_database(folder / "as.sqlite3")


KINDS = (
    Kind("clients", "clients registered", 100_000, "token-es256", _registered),
    Kind("tokens", "live opaque tokens", 1_000_000, "introspection", _tokens(_HOUR)),
    Kind("ended", "ended opaque tokens", 1_000_000, "token-opaque", _tokens(-_HOUR)),
    Kind("revoked", "revoked JWTs", 1_000_000, "accounts-jwt", _revoked),
    Kind("idle", "idle connections", 10_000, "token-es256", None),
    Kind(
        "crl",
        "revoked certificates",
        100_000,
        "token-es256",
        _revocation_list,
        anew=True,
    ),
)
