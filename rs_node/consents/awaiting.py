"""
How many consents may wait for their customers, and when the forgotten ones go.

Whoever has a token may ask for consents, and it costs him nothing; a customer has to
come to make one of them count.
"""

import sqlite3

from pki.node.believed_clock import FORGET_AFTER
from rs_node.consents.consent import AUTHORISATION_SECONDS

MOST_OF_A_CLIENT = 1000
"""
Consents of one client that wait: as many customers on their way within a day.

With about 600 bytes each that is what one client can make us keep.
"""

MOST_OF_ALL = 20_000
"""Consents of all clients that wait: 12 MB, however many clients there are."""

_COUNT_OF_CLIENT = """
    SELECT count(*) FROM consent WHERE status = 'AWAU' AND client_id = ? AND created > ?
"""
_COUNT_OF_ALL = "SELECT count(*) FROM consent WHERE status = 'AWAU' AND created > ?"
# A few with each new one, so that no commit takes long.
_PURGE = """
    DELETE FROM consent WHERE consent_id IN
        (SELECT consent_id FROM consent WHERE status = 'AWAU' AND created <= ? LIMIT 4)
"""


class TooManyAwaiting(Exception):
    """
    As many wait as may, *most*; *of_all* tells that they are not this client's alone.
    """

    def __init__(self, *, of_all: bool) -> None:
        self.most = MOST_OF_ALL if of_all else MOST_OF_A_CLIENT
        super().__init__(f"{self.most} consents await authorisation")
        self.of_all = of_all


def verify_room(connection: sqlite3.Connection, client_id: str, now: float) -> None:
    """
    One more consent of this client may wait.

    Those that have waited for too long do not count. A part of somebody's transaction.

    Raises:
        TooManyAwaiting: it may not.
    """
    since = now - AUTHORISATION_SECONDS
    (own,) = connection.execute(_COUNT_OF_CLIENT, (client_id, since)).fetchone()
    if own >= MOST_OF_A_CLIENT:
        raise TooManyAwaiting(of_all=False)
    (all_of_them,) = connection.execute(_COUNT_OF_ALL, (since,)).fetchone()
    if all_of_them >= MOST_OF_ALL:
        raise TooManyAwaiting(of_all=True)


def purge(connection: sqlite3.Connection, believed: float) -> None:
    """
    Delete a few that nobody answered in time, by a time that is believed.

    A day after their end: until then their client reads what became of them.
    """
    connection.execute(_PURGE, (believed - AUTHORISATION_SECONDS - FORGET_AFTER,))
