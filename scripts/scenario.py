"""
What the demo shows, act by act.

The predictions stand in the acts, beside the rule each follows from. What came is
never written there: it is read from the recordings.
"""

from scripts.cast import Cast
from scripts.customer_acts import (
    certificate_renewal,
    customer_connects,
    public_client,
    stolen_code,
)
from scripts.honest_acts import (
    bound_token,
    discovery,
    introspection,
    jwt_at_the_bank,
    revocation,
    self_signed,
)
from scripts.stage import Stage
from scripts.thief_acts import false_clients, stolen_tokens


async def play(stage: Stage, cast: Cast) -> None:
    """
    All acts, in order.

    Raises:
        CannotGoOn: a step failed that the later ones build on.
    """
    client = cast.honest("banking-client")
    metadata = await discovery(stage, cast, client)
    jwt = await bound_token(stage, client, metadata)
    await jwt_at_the_bank(stage, cast, client, jwt)
    await introspection(stage, cast, metadata)
    await self_signed(stage, cast, metadata)
    await stolen_tokens(stage, cast, metadata)
    await false_clients(stage, cast, metadata)
    await revocation(stage, cast, metadata)
    tokens = await customer_connects(stage, cast, metadata)
    await certificate_renewal(stage, cast, metadata, tokens)
    await stolen_code(stage, cast, metadata)
    await public_client(stage, cast, metadata)
