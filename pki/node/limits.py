"""What a database keeps that it does not need any more."""

from pki.bound import Bound
from pki.node.believed_clock import BELIEVED_AFTER, FORGET_AFTER
from pki.node.sqlite_file import (
    BUSY_SECONDS,
    LARGEST_WAL,
    PAGES_AT_ONCE,
    SPARE_PAGES,
)

BOUNDS = (
    Bound(
        name="database.spare",
        what="pages of a database that are free, of 4 kB each",
        most=SPARE_PAGES,
        unit="",
        beyond="given back to the file system",
        why="a burst of rows that have gone does not stay on the disk",
    ),
    Bound(
        name="database.at-once",
        what="pages that one commit gives back",
        most=PAGES_AT_ONCE,
        unit="",
        beyond="given back by the next",
        why="no commit takes long",
    ),
    Bound(
        name="database.wal",
        what="what is left of its write-ahead log",
        most=LARGEST_WAL,
        unit="bytes",
        beyond="cut off with the next write",
        why="it grows while somebody reads",
    ),
    Bound(
        name="database.busy",
        what="the wait for another process that writes",
        most=int(BUSY_SECONDS),
        unit="seconds",
        beyond="503 with `Retry-After`",
        why="a reactor stands still meanwhile",
    ),
    Bound(
        name="clock.believed",
        what="how long a clock has to go evenly until anything is forgotten by it",
        most=int(BELIEVED_AFTER),
        unit="seconds",
        beyond="kept longer",
        why="one that is wrong is set right within minutes",
    ),
    Bound(
        name="clock.forget",
        what="how long what says no (a used assertion, a revoked token) is kept beyond"
        " its end",
        most=int(FORGET_AFTER),
        unit="seconds",
        beyond="forgotten",
        why="a clock may be wrong for longer",
    ),
)
