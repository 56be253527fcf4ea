"""Callers with tokens that were obtained before: one hot one, many in rotation, new."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from scripts.bench.clients import BenchClient
from scripts.bench.contenders import checking, requests
from scripts.bench.contenders.contender import Skipped
from scripts.bench.contenders.site import Site
from scripts.bench.load.callers import Caller, Once, Repeating
from scripts.bench.load.loading import Loading

CALLERS = 32
"""How many there are where all are alike."""

TOKENS_EACH = 10
_AT_ONCE = 16
_PATIENCE = 120.0  # seconds, for all tokens
_OLD = 150.0  # seconds: half of their lifetime


@dataclass(frozen=True, slots=True)
class TokenSource:
    """The token endpoint *target* at *port*."""

    site: Site
    port: int
    target: str

    def one(self, client: BenchClient) -> str:
        """
        A new token.

        Raises:
            Skipped: there is none.
        """
        name = client.client_id
        request = requests.token(self.port, self.target, name)
        body = checking.success(self.site, self.port, name, request)
        return checking.access_token(body)

    def many(
        self, clients: Sequence[BenchClient], each: int = TOKENS_EACH
    ) -> list[list[str]]:
        """
        *each* new tokens of each of *clients*.

        Raises:
            Skipped: one is missing.
        """
        bodies: list[list[bytes]] = [[] for _ in clients]
        callers = [
            Once(
                self.site.door(self.port, client.client_id),
                [requests.token(self.port, self.target, client.client_id)] * each,
                found.append,
            )
            for client, found in zip(clients, bodies, strict=True)
        ]
        loading = Loading(callers, _AT_ONCE)
        try:
            failures = loading.run(_PATIENCE).failures
        finally:
            loading.close()
        if failures:
            raise Skipped(f"no token: {failures[0]}")
        return [[checking.access_token(body) for body in found] for found in bodies]


def alike(site: Site, port: int, name: str | None, request: bytes) -> list[Caller]:
    """Callers that all repeat *request* with the certificate of *name*."""
    door = site.door(port, name)
    return [Repeating(door, [request]) for _ in range(CALLERS)]


def hot(site: Site, port: int, client: BenchClient, token: str) -> list[Caller]:
    """Callers that all ask for accounts with one token."""
    return alike(site, port, client.client_id, requests.accounts(port, token))


def rotating(
    site: Site,
    port: int,
    clients: Sequence[BenchClient],
    tokens: Sequence[Sequence[str]],
) -> list[Caller]:
    """A caller for each certificate, that uses its tokens in turn."""
    return [
        Repeating(
            site.door(port, client.client_id),
            [requests.accounts(port, token) for token in own],
        )
        for client, own in zip(clients, tokens, strict=True)
    ]


def cold(
    site: Site,
    port: int,
    clients: Sequence[BenchClient],
    tokens: Sequence[Sequence[str]],
) -> list[Caller]:
    """The same, but each token is used once."""
    return [
        Once(
            site.door(port, client.client_id),
            [requests.accounts(port, token) for token in own],
        )
        for client, own in zip(clients, tokens, strict=True)
    ]


@dataclass
class Kept:
    """Tokens for a rotation, obtained anew when they are old."""

    source: TokenSource
    _obtained: dict[str, tuple[float, list[list[str]]]] = field(default_factory=dict)

    def tokens(self, clients: Sequence[BenchClient]) -> list[list[str]]:
        """
        Some for each of *clients*.

        Raises:
            Skipped: one is missing.
        """
        name, now = clients[0].client_id, time.monotonic()
        when, found = self._obtained.get(name, (-math.inf, []))
        if now - when > _OLD:
            found = self.source.many(clients)
            self._obtained[name] = (now, found)
        return found
