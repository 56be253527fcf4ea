"""One flood from beginning to end: before, beside, afterwards, and the verdict."""

from dataclasses import dataclass

from scripts.deployment import memory
from scripts.deployment.own_nodes import Nodes
from scripts.soak import verdict
from scripts.soak.figures import Figures
from scripts.soak.flooding import Outcome, flooding
from scripts.soak.floods.flood import Flood
from scripts.soak.ordinary_client import OrdinaryClient

_LONGEST = 300  # seconds more, for the last round of a client that is starved


@dataclass(frozen=True, slots=True)
class Row:
    """
    What came of a flood.

    *most* and *left* are how many bytes each node had grown at most, and in the end;
    *reasons* say why it failed.
    """

    flood: Flood
    outcome: Outcome
    beside: Figures
    afterwards: Figures
    most: dict[str, int]
    left: dict[str, int]
    reasons: tuple[str, ...]


def row(
    nodes: Nodes,
    client: OrdinaryClient,
    yardstick: Figures,
    flood: Flood,
    seconds: float,
) -> Row:
    """
    Flood for *seconds*, let the nodes come to rest for a quarter of that, and look for
    half as long what remains.

    Raises:
        Broken: the flood, not the nodes.
    """
    before = nodes.sizes()
    nodes.forget_largest_sizes()
    with flooding(flood, nodes.place, seconds + _LONGEST) as outcome:
        beside = client.measure(seconds)
    settling = client.measure(seconds / 4)  # 10 000 connections are to be closed
    afterwards = client.measure(seconds / 2)
    afterwards.failures += settling.failures
    # What a flood has begun may grow when it is gone.
    most = memory.growth(before, nodes.largest_sizes())
    left = memory.growth(before, nodes.sizes())
    reasons = (
        *verdict.starved(yardstick, beside, flood.at_a_time),
        *verdict.not_recovered(yardstick, afterwards),
        *verdict.too_large(most, flood.connections),
    )
    return Row(flood, outcome, beside, afterwards, most, left, reasons)
