"""
One bound on what a peer may send, keep, queue or cost.

Each folder that has such bounds has a `limits.py` with BOUNDS, which say about each
what happens beyond it and why it is where it is. A number is written once: there, where
several files need it, or in the file that it binds in, from which `limits.py` takes it.
SECURITY.md has them all in one table.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """
    *name* is stable, `subject.what`, as those of checks are; tests know it by that.

    *most* is the number, in *unit*, of *what*. *beyond* is what a peer meets that goes
    further: a status, or what happens to its connection. *why* is a reason to leave it
    alone, or to change it.
    """

    name: str
    what: str
    most: int
    unit: str
    beyond: str
    why: str


def table_row(bound: Bound) -> str:
    """As a row of the table in SECURITY.md."""
    most = f"{bound.most:,}".replace(",", " ")
    cells = (bound.what, f"{most} {bound.unit}", bound.beyond, bound.why)
    return f"| {' | '.join(cells)} |"
