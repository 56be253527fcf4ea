"""What a flood has done so far, and the most that it may do."""

import asyncio
from dataclasses import dataclass, field


@dataclass
class Effort:
    """
    At most *most* attempts, of which each may do many things.

    *done* is what the node has done or taken, *refused* what it has ended or turned
    away. *up* is set once the flood is what it is meant to be.
    """

    most: int
    begun: int = 0
    done: int = 0
    refused: int = 0
    up: asyncio.Event = field(default_factory=asyncio.Event)

    def take(self) -> bool:
        """Whether one more attempt may be made; it is counted."""
        if self.begun >= self.most:
            return False
        self.begun += 1
        return True
