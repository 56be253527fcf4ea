"""
A process to be killed: it issues and revokes tokens as fast as it can.

Each acknowledgement is one line on standard output, written when the operation has
returned: `issued TOKEN`, `revoked TOKEN`, `code CODE`, `redeemed CODE`, or `refresh
REFRESH_TOKEN` and `ended REFRESH_TOKEN`.
"""

import secrets
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.task import react

from as_node.protocol.sender_constraint import SenderConstraint
from as_node.store.sqlite.database import open_database
from as_node.store.sqlite.signing_keys import SqliteSigningKeys
from as_node.store.sqlite.store import SqliteStore
from as_node.tokens.access_tokens import AccessTokens
from as_node.tokens.authorizations import Authorizations
from as_node.tokens.signing_keys import SigningKeys
from as_node.tokens.status_indexes import StatusIndexes
from tests.as_node.authorizing import CHALLENGE, a_grant
from tests.as_node.issuing import issued

SCOPE = frozenset({"accounts"})
BOUND_TO = SenderConstraint("A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0")


def access_tokens(connection: sqlite3.Connection, reactor: Any) -> AccessTokens:
    """The access tokens of a server over this database."""
    keys = SigningKeys(
        SqliteSigningKeys(connection),
        lifetime_seconds=300,
        clock=time.time,
        algs=["ES256"],
    )
    store = SqliteStore(connection, reactor=reactor, clock=time.time)
    return AccessTokens(
        store,
        keys,
        StatusIndexes(store),
        issuer="https://localhost:9443",
        audience="https://localhost:9445",
        lifetime_seconds=300,
        clock=time.time,
    )


def acknowledge(what: str, token: str) -> None:
    """What a client would have been told by now."""
    sys.stdout.write(f"{what} {token}\n")
    sys.stdout.flush()


async def client(tokens: AccessTokens) -> None:
    """Without end: one token to keep, one opaque token and one JWT to revoke."""
    while True:
        kept, _ = await issued(
            tokens, "c", SCOPE, BOUND_TO, opaque=True, signing_alg="ES256"
        )
        acknowledge("issued", kept)
        for opaque in (True, False):
            token, said = await issued(
                tokens, "c", SCOPE, BOUND_TO, opaque=opaque, signing_alg="ES256"
            )
            await tokens.revoke(said)
            acknowledge("revoked", token)


async def customer(tokens: AccessTokens) -> None:
    """
    Without end: one code to keep; one to redeem, for tokens to keep; and one whose
    tokens are taken back.
    """
    authorizations = Authorizations(tokens.store, 9000, time.time)
    while True:
        acknowledge("code", await authorizations.issue_code(a_grant(), "", CHALLENGE))
        for taken_back in (False, True):
            grant = a_grant(consent=secrets.token_hex(8))
            code = await authorizations.issue_code(grant, "", CHALLENGE)
            refresh_token, kept = authorizations.new_refresh_token(grant, None)
            found = await authorizations.find_code(code)
            assert found is not None
            draft = await tokens.draft(
                "c",
                SCOPE,
                BOUND_TO,
                opaque=False,
                signing_alg="ES256",
                authorization=grant,
            )
            assert await tokens.redeem(found, kept, draft)
            acknowledge("redeemed", code)
            access_token = draft.text
            if taken_back:
                await authorizations.revoke(grant)
            acknowledge("ended" if taken_back else "refresh", refresh_token)
            acknowledge("revoked" if taken_back else "issued", access_token)


async def serve(reactor: Any) -> None:
    """Several clients at once, so that commits carry several operations."""
    tokens = access_tokens(open_database(Path(sys.argv[1])), reactor)
    for _ in range(4):
        Deferred.fromCoroutine(client(tokens))
        Deferred.fromCoroutine(customer(tokens))
    await Deferred()


if __name__ == "__main__":
    react(serve)
