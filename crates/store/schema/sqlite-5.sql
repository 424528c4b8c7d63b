-- The store, format 5: what is told to people. Times are milliseconds since 1970, in UTC.

-- Messages to destinations.
CREATE TABLE outbox (
    id          INTEGER PRIMARY KEY,
    destination TEXT NOT NULL,
    key         TEXT NOT NULL UNIQUE,         -- the same message is kept once
    thread      TEXT,                         -- the key of the message that it follows
    body        TEXT NOT NULL,                -- JSON; never a secret
    state       INTEGER NOT NULL,             -- 0 waiting, 1 sent, 2 dead
    tries       INTEGER NOT NULL DEFAULT 0,
    created_at  INTEGER NOT NULL,
    next_at     INTEGER NOT NULL,             -- not before
    claim       TEXT,                         -- who sends it now
    claimed_to  INTEGER NOT NULL DEFAULT 0,   -- until then nobody else may
    sent_at     INTEGER,
    error       TEXT,                         -- why the last try failed
    reference   TEXT                          -- what the other side calls it
);
CREATE INDEX outbox_due ON outbox (state, next_at);
CREATE INDEX outbox_pace ON outbox (destination, sent_at);

-- What waits to be told about a finding at a destination.
CREATE TABLE outbox_queue (
    destination TEXT NOT NULL,
    finding     TEXT NOT NULL,
    due_at      INTEGER NOT NULL,
    body        TEXT NOT NULL,                -- JSON
    PRIMARY KEY (destination, finding)
) WITHOUT ROWID;
CREATE INDEX outbox_queue_due ON outbox_queue (due_at);

-- What was told last about a finding at a destination.
CREATE TABLE told (
    destination TEXT NOT NULL,
    finding     TEXT NOT NULL,
    mark        TEXT NOT NULL,                -- JSON
    PRIMARY KEY (destination, finding)
) WITHOUT ROWID;

-- How far the history of findings is planned. Whoever plans raises the version, and of two at once one begins anew.
CREATE TABLE outbox_plan (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    cursor  INTEGER NOT NULL,
    version INTEGER NOT NULL
);
INSERT INTO outbox_plan (id, cursor, version) VALUES (1, 0, 0);
