"""What a flood is."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from scripts.deployment.place import Place
from scripts.soak.floods.effort import Effort


@dataclass(frozen=True, slots=True)
class Flood:
    """
    *what* it does, in words; *connections* is how many it holds at the same time, and
    *at_a_time* how many of them have something for the node to do at any moment.

    *run* floods until it is cancelled or *most* attempts are made.
    """

    name: str
    what: str
    connections: int
    at_a_time: int
    most: int
    run: Callable[[Place, Effort], Awaitable[None]]
