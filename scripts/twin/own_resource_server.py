"""A resource server of ours, `rs_node` as it is, with another configuration."""

import shutil
import time
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from pki.node.process import Node, Surroundings
from pki.observability.witness import Witness
from rs_node.config import Config
from rs_node.wiring import assemble

Close = Callable[[], Coroutine[Any, Any, None]]


def assembled(
    reactor: Any, config: Config, witness: Witness, name: str
) -> tuple[Node, Close]:
    """
    What *config* describes, with a database of its own; and what closes it.

    Raises:
        OSError, ValueError: a file cannot be had; nothing is left behind.
    """
    scratch = Path(mkdtemp(prefix=f"{name}-"))
    own = replace(config, database=scratch / "rs.sqlite3")
    try:
        node = assemble(own, Surroundings(reactor, time.time, witness))
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise

    async def close() -> None:
        await node.close()
        shutil.rmtree(scratch, ignore_errors=True)

    return node, close


def believing(config: Config, issuer: str, resource: str) -> Config:
    """One that is *resource*, and believes the JWTs of *issuer*, which has no lists."""
    tokens = replace(
        config.access_tokens,
        issuer=issuer,
        jwt_validation="local",
        jwt_revocation="none",
    )
    return replace(config, resource=resource, access_tokens=tokens)


def keeping_answers(config: Config, seconds: float) -> Config:
    """The same one, which uses an introspection response again for so long."""
    introspection = replace(config.introspection, cache_seconds=seconds)
    return replace(config, introspection=introspection)
