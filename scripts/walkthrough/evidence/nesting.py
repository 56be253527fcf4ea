"""
Exchanges within those that they were asked for, where no id tells it.

A node that asks another one something of its own does it for a request that it is
answering; `correlation` has found out for which.
"""

from dataclasses import dataclass, replace

from scripts.walkthrough.recordings.interactions import Arrival
from scripts.walkthrough.story.story import Exchange


@dataclass(slots=True, eq=False)
class Found:
    """An exchange, and the request it was asked for: its node, when it came."""

    exchange: Exchange
    within: Arrival | None


def nested_where_they_belong(found: list[Found]) -> list[Exchange]:
    """Each within the exchange that it was asked for; those left that are in none."""
    inner = [(each.within, each) for each in found if each.within is not None]
    # A request that came later is not around one that came before.
    for arrival, each in sorted(inner, key=lambda pair: pair[0][1], reverse=True):
        for around in found:
            if around is not each and _holds(around.exchange, arrival):
                around.exchange = _with_nested(around.exchange, arrival, each.exchange)
                found = [other for other in found if other is not each]
                break
    return [each.exchange for each in found]


def _holds(exchange: Exchange, arrival: Arrival) -> bool:
    """Whether the request received at that node and time is in *exchange*."""
    here = (exchange.server, exchange.started) == arrival
    return here or any(_holds(each, arrival) for each in exchange.nested)


def _with_nested(exchange: Exchange, arrival: Arrival, inner: Exchange) -> Exchange:
    nested = [_with_nested(each, arrival, inner) for each in exchange.nested]
    if (exchange.server, exchange.started) == arrival:
        nested = sorted((*nested, inner), key=lambda each: each.started)
    return replace(exchange, nested=tuple(nested))
