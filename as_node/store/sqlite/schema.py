"""The tables, version by version: see `pki.node.sqlite_file.Versions`."""

_VERSION_1 = (
    """
    CREATE TABLE opaque_token (
        sha256 BLOB PRIMARY KEY,
        claims TEXT NOT NULL,
        exp INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX opaque_token_by_exp ON opaque_token (exp)",
    """
    CREATE TABLE revoked_access_token (
        jti TEXT PRIMARY KEY,
        exp INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX revoked_access_token_by_exp ON revoked_access_token (exp)",
    """
    CREATE TABLE signing_key (
        kid TEXT PRIMARY KEY,
        alg TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('next', 'current', 'retired')),
        public_key BLOB NOT NULL,
        private_key BLOB,
        retired_at REAL,
        CHECK ((state = 'retired') = (private_key IS NULL)),
        CHECK ((state = 'retired') = (retired_at IS NOT NULL))
    ) STRICT
    """,
    """
    CREATE UNIQUE INDEX one_next_and_one_current
        ON signing_key (alg, state) WHERE state <> 'retired'
    """,
)

# What hangs on a grant goes with it, so whoever asks whether something is revoked
# asks its grant, and one row revokes them all.
_VERSION_2 = (
    """
    CREATE TABLE authorization_grant (
        grant_id TEXT PRIMARY KEY,
        client_id TEXT NOT NULL,
        sub TEXT NOT NULL,
        scope TEXT NOT NULL,
        openbanking_intent_id TEXT,
        auth_time INTEGER NOT NULL,
        acr TEXT,
        nonce TEXT,
        claims TEXT,
        revoked INTEGER NOT NULL DEFAULT 0 CHECK (revoked IN (0, 1)),
        keep_until INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX authorization_grant_by_end ON authorization_grant (keep_until)",
    """
    CREATE TABLE authorization_code (
        sha256 BLOB PRIMARY KEY,
        grant_id TEXT NOT NULL UNIQUE
            REFERENCES authorization_grant ON DELETE CASCADE,
        redirect_uri TEXT NOT NULL,
        code_challenge TEXT NOT NULL,
        exp INTEGER NOT NULL,
        redeemed INTEGER NOT NULL DEFAULT 0 CHECK (redeemed IN (0, 1))
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE refresh_token (
        sha256 BLOB PRIMARY KEY,
        grant_id TEXT NOT NULL REFERENCES authorization_grant ON DELETE CASCADE,
        x5t_s256 TEXT,
        exp INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX refresh_token_by_grant ON refresh_token (grant_id)",
    """
    CREATE TABLE issued_access_token (
        jti TEXT PRIMARY KEY,
        grant_id TEXT NOT NULL REFERENCES authorization_grant ON DELETE CASCADE,
        exp INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX issued_access_token_by_grant ON issued_access_token (grant_id)",
    "CREATE INDEX issued_access_token_by_exp ON issued_access_token (exp)",
    """
    CREATE TABLE pushed_request (
        request_uri TEXT PRIMARY KEY,
        client_id TEXT NOT NULL,
        parameters TEXT NOT NULL,
        exp INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX pushed_request_by_exp ON pushed_request (exp)",
    """
    CREATE TABLE session (
        sha256 BLOB PRIMARY KEY,
        state TEXT NOT NULL,
        exp INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX session_by_exp ON session (exp)",
    """
    CREATE TABLE used_assertion (
        client_id TEXT NOT NULL,
        jti TEXT NOT NULL,
        exp INTEGER NOT NULL,
        PRIMARY KEY (client_id, jti)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX used_assertion_by_exp ON used_assertion (exp)",
)

# What a refresh token is bound to, in the words of RFC 7800 section 3.1, which name the
# method: a thumbprint alone could be that of anything.
_VERSION_3 = (
    "ALTER TABLE refresh_token RENAME COLUMN x5t_s256 TO cnf",
    """
    UPDATE refresh_token SET cnf = '{"x5t#S256": "' || cnf || '"}'
        WHERE cnf IS NOT NULL
    """,
)

# What a client may ask for is judged when it asks, and kept as judged. The parameters
# that were kept before are no such thing; their requests were good for minutes.
_VERSION_4 = (
    "DELETE FROM pushed_request",
    "ALTER TABLE pushed_request RENAME COLUMN parameters TO request",
)

# What one peer can have kept is bounded, so it is counted.
_VERSION_5 = (
    "ALTER TABLE pushed_request ADD COLUMN network TEXT",
    """
    CREATE INDEX pushed_request_by_client ON pushed_request (client_id, network, exp)
    """,
)

# A grant that is revoked takes the indexes of its tokens with it, by triggers: whoever
# finds another way to end a grant cannot forget them. A revision is never used again
# (AUTOINCREMENT), so a reader that remembers the last one reads what is new and nothing
# else. A row outlives its token by a minute, for resource servers whose clocks are
# behind.
_VERSION_6 = (
    """
    CREATE TABLE status_index_counter (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        reserved INTEGER NOT NULL
    ) STRICT
    """,
    "INSERT INTO status_index_counter VALUES (1, 0)",
    """
    CREATE TABLE revoked_status_index (
        revision INTEGER PRIMARY KEY AUTOINCREMENT,
        status_index INTEGER NOT NULL UNIQUE,
        keep_until INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX revoked_status_index_by_end ON revoked_status_index (keep_until)",
    "ALTER TABLE issued_access_token ADD COLUMN status_index INTEGER",
    """
    CREATE TRIGGER grant_revoked AFTER UPDATE OF revoked ON authorization_grant
        WHEN new.revoked AND NOT old.revoked
        BEGIN
            INSERT OR IGNORE INTO revoked_status_index (status_index, keep_until)
                SELECT status_index, exp + 60 FROM issued_access_token
                WHERE grant_id = new.grant_id AND status_index IS NOT NULL;
        END
    """,
    """
    CREATE TRIGGER issued_when_revoked AFTER INSERT ON issued_access_token
        WHEN new.status_index IS NOT NULL
        BEGIN
            INSERT OR IGNORE INTO revoked_status_index (status_index, keep_until)
                SELECT new.status_index, new.exp + 60 FROM authorization_grant
                WHERE grant_id = new.grant_id AND revoked;
        END
    """,
)

# A customer who signs in again for a consent has what was issued before it revoked.
_VERSION_7 = (
    """
    CREATE INDEX authorization_grant_by_consent
        ON authorization_grant (openbanking_intent_id, client_id)
        WHERE openbanking_intent_id IS NOT NULL
    """,
)

VERSIONS = (
    _VERSION_1,
    _VERSION_2,
    _VERSION_3,
    _VERSION_4,
    _VERSION_5,
    _VERSION_6,
    _VERSION_7,
)
"""For each version the statements that make it from the one before."""
