"""What a node decides, by name: the same in its log, its recording and its tests."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """
    One decision of a node, passed or refused.

    *name* is what it is called wherever it is told, `subject.decision`, for example
    `binding.same-certificate`: people search logs for it, tests claim it, so it stays
    when a function is renamed. *title* says in a few words what has passed when it
    has. *rule* names the requirement, for example "RFC 8705 section 3".

    A check stands as a constant beside the function that decides it.
    """

    name: str
    title: str
    rule: str
