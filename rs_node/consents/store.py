"""
Where consents are kept, and what each operation promises.

Every operation is atomic, and one that changes something is durable when it
returns: the answer is sent after that, so nothing that was acknowledged is lost with
the process or with the power. Consents are made and decided by people, a few a
minute at most, so each change has a commit of its own.
"""

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from pki.node.believed_clock import BelievedClock
from pki.node.sqlite_file import read_row, transaction
from rs_node.consents import awaiting
from rs_node.consents.consent import Consent, Decision, cancelled, decided

_COLUMNS = tuple(field.name for field in fields(Consent))
_DELETE = "DELETE FROM consent WHERE consent_id = ?"
_LISTS = ("permissions", "account_ids")
_MOMENTS = ("expiration", "transaction_from", "transaction_to")


class UnknownConsent(LookupError):
    """There is no consent of that name."""


class ConsentStore:
    """
    The consents in the database behind *connection*.

    Each is given as of the moment it is asked for. Expiry is a matter of the clock
    and is never written.

    Raises:
        StoreFailed: any operation.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        clock: Callable[[], float],
        monotonic: Callable[[], float],
    ) -> None:
        self._connection = connection
        self._clock = clock
        self._believed = BelievedClock(clock, monotonic)

    async def keep(self, consent: Consent) -> None:
        """
        Keep a new consent. One name is kept once.

        Raises:
            TooManyAwaiting: too many wait for their customers already.
        """
        marks = ", ".join("?" * len(_COLUMNS))
        insert = f"INSERT INTO consent ({', '.join(_COLUMNS)}) VALUES ({marks})"  # noqa: S608 - the names are ours
        with transaction(self._connection):
            awaiting.purge(self._connection, self._believed())
            awaiting.verify_room(self._connection, consent.client_id, self._clock())
            self._connection.execute(insert, _row(consent))

    async def find(self, consent_id: str) -> Consent | None:
        """The consent of this name, in whatever state."""
        return self._find(consent_id)

    async def decide(self, consent_id: str, decision: Decision) -> Consent:
        """
        Record a customer's decision, once; to report it again changes nothing.

        Raises:
            UnknownConsent: there is none.
            NotDecidable: it is decided otherwise, or has ended.
        """
        return self._change(
            consent_id, lambda consent: decided(consent, decision, self._clock())
        )

    async def cancel(self, consent_id: str) -> Consent:
        """
        End a consent, at once and for good.

        One that no customer decided about is not kept: whoever makes consents and
        deletes them would fill the database.

        Raises:
            UnknownConsent: there is none.
        """
        return self._change(
            consent_id, lambda consent: cancelled(consent, self._clock())
        )

    def close(self) -> None:
        """Nothing is kept or found after this."""
        self._connection.close()

    def _change(self, consent_id: str, rule: Callable[[Consent], Consent]) -> Consent:
        """Read, decide and write as one: nobody else's change falls in between."""
        with transaction(self._connection):
            consent = self._find(consent_id)
            if consent is None:
                raise UnknownConsent(consent_id)
            changed = rule(consent)
            if changed.is_forgettable:
                self._connection.execute(_DELETE, (consent_id,))
            elif changed != consent:
                self._update(changed)
        return changed

    def _find(self, consent_id: str) -> Consent | None:
        select = f"SELECT {', '.join(_COLUMNS)} FROM consent WHERE consent_id = ?"  # noqa: S608 - the names are ours
        found = read_row(self._connection, select, consent_id)
        return None if found is None else _consent(found).as_of(self._clock())

    def _update(self, consent: Consent) -> None:
        self._connection.execute(
            """
            UPDATE consent SET status = ?, status_updated = ?,
                customer = ?, account_ids = ?, decision_id = ?
            WHERE consent_id = ?
            """,
            (
                consent.status,
                consent.status_updated,
                consent.customer,
                json.dumps(consent.account_ids),
                consent.decision_id,
                consent.consent_id,
            ),
        )


def _row(consent: Consent) -> list[Any]:
    return [_written(getattr(consent, name)) for name in _COLUMNS]


def _written(value: object) -> object:
    if isinstance(value, tuple):
        return json.dumps(value)
    return value.isoformat() if isinstance(value, datetime) else value


def _consent(row: Sequence[Any]) -> Consent:
    values: dict[str, Any] = dict(zip(_COLUMNS, row, strict=True))
    for name in _LISTS:
        values[name] = tuple(json.loads(values[name]))
    for name in _MOMENTS:
        if values[name] is not None:
            values[name] = datetime.fromisoformat(values[name])
    return Consent(**values)
