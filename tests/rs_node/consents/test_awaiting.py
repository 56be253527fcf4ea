"""Consents that wait for their customers: how many may, and until when."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from pki.node.believed_clock import FORGET_AFTER
from rs_node.consents.awaiting import MOST_OF_A_CLIENT, MOST_OF_ALL, TooManyAwaiting
from rs_node.consents.consent import AUTHORISATION_SECONDS, Consent
from rs_node.consents.database import open_database
from rs_node.consents.store import ConsentStore
from tests.rs_node.consents.test_store import CONSENT, NOW, YES, run


@dataclass
class Machine:
    """A store, and the clock it goes by."""

    connection: sqlite3.Connection
    now: float = NOW

    def __post_init__(self) -> None:
        self.store = ConsentStore(self.connection, lambda: self.now, lambda: self.now)

    def add(self, number: int, client_id: str, created: float = NOW) -> None:
        """So many more consents that wait, past all bounds."""
        (begin,) = self.connection.execute("SELECT count(*) FROM consent").fetchone()
        insert = """
            INSERT INTO consent (consent_id, client_id, permissions, created, status,
                status_updated, account_ids) VALUES (?, ?, '[]', ?, 'AWAU', ?, '[]')
        """
        self.connection.execute("BEGIN")
        self.connection.executemany(
            insert,
            ((f"{begin + n}", client_id, created, created) for n in range(number)),
        )
        self.connection.execute("COMMIT")

    @property
    def rows(self) -> int:
        (count,) = self.connection.execute("SELECT count(*) FROM consent").fetchone()
        assert isinstance(count, int)
        return count


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    machine = Machine(open_database(tmp_path / "rs.sqlite3"))
    yield machine
    machine.store.close()


def a_consent(name: str, client_id: str = "tpp", created: float = NOW) -> Consent:
    return replace(
        CONSENT,
        consent_id=name,
        client_id=client_id,
        created=created,
        expiration=None,
    )


@pytest.mark.check("account-access-consent.room")
def test_one_client_does_not_fill_the_bank(machine: Machine) -> None:
    """One too many is refused; another client's is kept, and each answer makes room."""
    machine.add(MOST_OF_A_CLIENT - 1, "tpp")
    run(machine.store.keep(a_consent("last")))
    with pytest.raises(TooManyAwaiting, match="1000 consents") as refused:
        run(machine.store.keep(a_consent("one too many")))
    assert not refused.value.of_all
    run(machine.store.keep(a_consent("another's", "other")))
    run(machine.store.decide("last", YES))
    run(machine.store.keep(a_consent("after a decision")))
    run(machine.store.cancel("after a decision"))
    run(machine.store.keep(a_consent("after a deletion")))


@pytest.mark.check("account-access-consent.room")
def test_all_clients_together_do_not_either(machine: Machine) -> None:
    """However many they are."""
    for number in range(MOST_OF_ALL // 1000):
        machine.add(1000, f"client {number}")
    with pytest.raises(TooManyAwaiting) as refused:
        run(machine.store.keep(a_consent("one too many")))
    assert refused.value.of_all


def test_those_that_waited_too_long_do_not_count(machine: Machine) -> None:
    """Their time is over, though they are still kept for their client to see."""
    machine.add(MOST_OF_A_CLIENT, "tpp")
    machine.now += AUTHORISATION_SECONDS
    run(machine.store.keep(a_consent("after a day", created=machine.now)))
    rejected = run(machine.store.find("0"))
    assert rejected is not None
    assert rejected.status == "RJCT"


def test_nobody_answered(machine: Machine) -> None:
    """A day after its end it goes, a few with each new one; what was decided stays."""
    machine.add(10, "tpp")
    run(machine.store.keep(a_consent("decided")))
    run(machine.store.decide("decided", YES))
    machine.now += AUTHORISATION_SECONDS + FORGET_AFTER - 1
    for number in range(5):
        run(machine.store.keep(a_consent(f"early {number}", created=machine.now)))
    assert machine.rows == 16
    machine.now += 1
    for number in range(5):
        run(machine.store.keep(a_consent(f"late {number}", created=machine.now)))
    assert machine.rows == 11
    assert run(machine.store.find("decided")) is not None
    assert run(machine.store.find("0")) is None
