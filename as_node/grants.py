"""What a grant is to the token endpoint, RFC 6749 section 1.3."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from as_node.clients import Client
from as_node.parameters import Parameters
from pki.mtls.journal import Journal


@dataclass(frozen=True, slots=True)
class Granted:
    """What an access token may be issued for: *scope*, in the name of *sub*."""

    scope: frozenset[str]
    sub: str


Grant = Callable[[Client, Parameters, Journal], Awaitable[Granted]]
"""Judges the request of an authenticated client, or raises an `OAuthError`."""
