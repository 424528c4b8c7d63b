-- The store, format 8: who may use the console and its API, and what they did.

CREATE TABLE users (
    id         INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice
    name       TEXT NOT NULL UNIQUE COLLATE NOCASE,
    role       INTEGER NOT NULL, -- 0 project member, 1 viewer, 2 triager, 3 approver, 4 administrator
    projects   TEXT NOT NULL,    -- JSON: names
    lang       TEXT,
    password   TEXT,             -- argon2id, in the PHC string format; NULL: none
    totp       TEXT,             -- the shared secret in base 32; NULL: none
    totp_step  INTEGER NOT NULL, -- the last time step whose code was used: none is taken twice
    disabled   INTEGER NOT NULL,
    created_at INTEGER NOT NULL
);

-- Secrets of sessions and tokens are known by their sha-256 alone.
CREATE TABLE sessions (
    digest     BLOB PRIMARY KEY,
    user_id    INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    used_at    INTEGER NOT NULL, -- to the minute
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE api_tokens (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    digest     BLOB NOT NULL UNIQUE,
    user_id    INTEGER NOT NULL,
    name       TEXT NOT NULL,
    permission INTEGER NOT NULL, -- 0 read, 1 triage, 2 approve, 3 administer
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER           -- to the minute
);
CREATE INDEX api_tokens_user ON api_tokens (user_id);

CREATE TABLE audit_log (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    who     TEXT NOT NULL,
    address TEXT NOT NULL,
    action  TEXT NOT NULL,
    what    TEXT NOT NULL,
    status  INTEGER -- of HTTP; NULL until it is answered
);
