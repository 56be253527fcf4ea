"""Authorization codes, and everything issued from their grants, in SQLite."""

import json
import sqlite3
from typing import Any

from as_node.protocol.scopes import scope_text
from as_node.protocol.sender_constraint import read_cnf
from as_node.store.records import (
    AuthorizationGrant,
    Code,
    IssuedAccessToken,
    RefreshToken,
)
from as_node.store.sqlite.opaque_tokens import keep_opaque_token
from as_node.store.sqlite.rows import Purge, SqliteRows

# From a code or refresh token that is used in its last moment something is issued a
# moment later: the grant must still be there then.
_LAST_MOMENT_SECONDS = 60

_GRANT = """
    grant_id, client_id, sub, scope, openbanking_intent_id, auth_time, acr, nonce,
    claims
"""
_KEEP_GRANT = f"""
    INSERT INTO authorization_grant ({_GRANT}, keep_until)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""  # noqa: S608 - the names of columns
_KEEP_CODE = """
    INSERT INTO authorization_code
        (sha256, grant_id, redirect_uri, code_challenge, exp) VALUES (?, ?, ?, ?, ?)
"""
_FIND_CODE = f"""
    SELECT sha256, redirect_uri, code_challenge, exp, redeemed, {_GRANT}
        FROM authorization_code JOIN authorization_grant USING (grant_id)
        WHERE sha256 = ?
"""  # noqa: S608
_ON_ITS_WAY = """
    SELECT 1 FROM authorization_grant JOIN authorization_code USING (grant_id)
        WHERE openbanking_intent_id = ? AND client_id = ?
        AND NOT revoked AND NOT redeemed AND exp > ?
"""
_REDEEM = """
    UPDATE authorization_code SET redeemed = 1 WHERE sha256 = ? AND NOT redeemed
"""
_KEEP_REFRESH = """
    INSERT INTO refresh_token (sha256, grant_id, cnf, exp) VALUES (?, ?, ?, ?)
"""
_FIND_REFRESH = f"""
    SELECT sha256, cnf, exp, {_GRANT}
        FROM refresh_token JOIN authorization_grant USING (grant_id)
        WHERE sha256 = ? AND NOT revoked
"""  # noqa: S608
_NOTE_ISSUED = """
    INSERT INTO issued_access_token (jti, grant_id, exp, status_index)
        VALUES (?, ?, ?, ?)
"""
_FIND_GRANT_OF = f"""
    SELECT {_GRANT}
        FROM issued_access_token JOIN authorization_grant USING (grant_id)
        WHERE jti = ? AND NOT revoked
"""  # noqa: S608
_KEEP_LONGER = """
    UPDATE authorization_grant SET keep_until = max(keep_until, ?) WHERE grant_id = ?
"""
_REVOKE = "UPDATE authorization_grant SET revoked = 1 WHERE grant_id = ?"
_REVOKE_GRANT_OF_CODE = """
    UPDATE authorization_grant SET revoked = 1 WHERE grant_id =
        (SELECT grant_id FROM authorization_code WHERE sha256 = ?)
"""
_CONSENT_OF_CODE = """
    SELECT openbanking_intent_id, client_id, grant_id
        FROM authorization_code JOIN authorization_grant USING (grant_id)
        WHERE sha256 = ?
"""
# Not a grant whose code is not redeemed: nothing was issued from it yet, and were it
# revoked its client would be given tokens that are dead from the beginning.
_REVOKE_EARLIER = """
    UPDATE authorization_grant SET revoked = 1
        WHERE openbanking_intent_id = ? AND client_id = ? AND grant_id <> ?
        AND NOT revoked AND EXISTS (
            SELECT 1 FROM authorization_code AS code
                WHERE code.grant_id = authorization_grant.grant_id AND redeemed)
"""
# Its code and all that was issued from it go with a grant: by then it has expired.
_PURGE_GRANTS = Purge(
    """
        DELETE FROM authorization_grant WHERE grant_id IN
            (SELECT grant_id FROM authorization_grant WHERE keep_until <= ? LIMIT 4)
    """,
    over="long ago",
)
_PURGE_ISSUED = Purge(
    """
        DELETE FROM issued_access_token WHERE jti IN
            (SELECT jti FROM issued_access_token WHERE exp <= ? LIMIT 4)
    """,
    over="long ago",
)


class SqliteAuthorizations(SqliteRows):
    """An `AuthorizationStore` in SQLite."""

    async def keep_code(self, code: Code) -> None:
        """As `AuthorizationStore` says."""
        keep_until = code.exp + _LAST_MOMENT_SECONDS
        row = (
            code.sha256,
            code.grant.grant_id,
            code.redirect_uri,
            code.code_challenge,
            code.exp,
        )

        def change(connection: sqlite3.Connection) -> None:
            connection.execute(_KEEP_GRANT, (*_grant_row(code.grant), keep_until))
            connection.execute(_KEEP_CODE, row)

        await self._change(change, purge=_PURGE_GRANTS)

    async def find_code(self, sha256: bytes) -> Code | None:
        """As `AuthorizationStore` says."""
        row = self._read(_FIND_CODE, sha256)
        if row is None:
            return None
        kept, redirect_uri, code_challenge, exp, redeemed, *grant = row
        return Code(
            sha256=kept,
            grant=_grant(grant),
            redirect_uri=redirect_uri,
            code_challenge=code_challenge,
            exp=exp,
            redeemed=bool(redeemed),
        )

    async def has_code_on_its_way(
        self, openbanking_intent_id: str, client_id: str, now: float
    ) -> bool:
        """As `AuthorizationStore` says."""
        found = self._read(_ON_ITS_WAY, openbanking_intent_id, client_id, now)
        return found is not None

    async def redeem_code(
        self,
        sha256: bytes,
        refresh_token: RefreshToken | None,
        access_token: IssuedAccessToken | None,
    ) -> bool:
        """As `AuthorizationStore` says."""

        def change(connection: sqlite3.Connection) -> bool:
            if connection.execute(_REDEEM, (sha256,)).rowcount == 0:
                connection.execute(_REVOKE_GRANT_OF_CODE, (sha256,))
                return False
            _revoke_earlier(connection, sha256)
            if refresh_token is not None:
                _keep_refresh_token(connection, refresh_token)
            if access_token is not None:
                _note_issued(connection, access_token)
            return True

        return await self._change(change, purge=_PURGE_GRANTS)

    async def find_refresh_token(self, sha256: bytes) -> RefreshToken | None:
        """As `AuthorizationStore` says."""
        row = self._read(_FIND_REFRESH, sha256)
        return None if row is None else _refresh_token(row)

    async def note_issued(self, access_token: IssuedAccessToken) -> None:
        """As `AuthorizationStore` says."""

        def change(connection: sqlite3.Connection) -> None:
            _note_issued(connection, access_token)

        await self._change(change, purge=_PURGE_ISSUED)

    async def find_grant_of(self, jti: str) -> AuthorizationGrant | None:
        """As `AuthorizationStore` says."""
        row = self._read(_FIND_GRANT_OF, jti)
        return None if row is None else _grant(row)

    async def revoke_grant(self, grant_id: str) -> None:
        """As `AuthorizationStore` says."""
        await self._write(_REVOKE, (grant_id,), purge=_PURGE_GRANTS)


def _revoke_earlier(connection: sqlite3.Connection, sha256: bytes) -> None:
    """What was issued before for the same consent; nothing where there is none."""
    consent = connection.execute(_CONSENT_OF_CODE, (sha256,)).fetchone()
    connection.execute(_REVOKE_EARLIER, consent)


def _keep_refresh_token(connection: sqlite3.Connection, token: RefreshToken) -> None:
    grant_id = token.grant.grant_id
    cnf = None if token.bound_to is None else json.dumps(token.bound_to.cnf())
    row = (token.sha256, grant_id, cnf, token.exp)
    connection.execute(_KEEP_REFRESH, row)
    connection.execute(_KEEP_LONGER, (token.exp + _LAST_MOMENT_SECONDS, grant_id))


def _note_issued(connection: sqlite3.Connection, token: IssuedAccessToken) -> None:
    row = (token.jti, token.grant_id, token.exp, token.status_index)
    connection.execute(_NOTE_ISSUED, row)
    connection.execute(_KEEP_LONGER, (token.exp, token.grant_id))
    if token.opaque is not None:
        keep_opaque_token(connection, token.opaque)


def _refresh_token(row: Any) -> RefreshToken | None:
    """None of one that is bound in a way that nobody here could check."""
    kept, cnf, exp, *grant = row
    try:
        bound_to = None if cnf is None else read_cnf(json.loads(cnf))
    except ValueError:
        return None
    return RefreshToken(sha256=kept, grant=_grant(grant), bound_to=bound_to, exp=exp)


def _grant_row(grant: AuthorizationGrant) -> tuple[object, ...]:
    return (
        grant.grant_id,
        grant.client_id,
        grant.sub,
        scope_text(grant.scope),
        grant.openbanking_intent_id,
        grant.auth_time,
        grant.acr,
        grant.nonce,
        None if grant.claims is None else json.dumps(dict(grant.claims)),
    )


def _grant(row: Any) -> AuthorizationGrant:
    grant_id, client_id, sub, scope, intent_id, auth_time, acr, nonce, claims = row
    return AuthorizationGrant(
        grant_id=grant_id,
        client_id=client_id,
        sub=sub,
        scope=frozenset(scope.split()),
        openbanking_intent_id=intent_id,
        auth_time=auth_time,
        acr=acr,
        nonce=nonce,
        claims=None if claims is None else json.loads(claims),
    )
