-- The store, format 9: suppressions that wait for somebody to agree, and what people saved to come back to.

CREATE TABLE suppression_requests (
    name         TEXT PRIMARY KEY,
    body         TEXT NOT NULL,    -- JSON, as in suppressions, without an approver
    requester    TEXT NOT NULL,
    requested_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE saved_views (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL,
    name    TEXT NOT NULL,
    page    TEXT NOT NULL,    -- of the console: findings
    query   TEXT NOT NULL,    -- of its address
    shared  INTEGER NOT NULL, -- 1: everybody sees it
    UNIQUE (user_id, name)
);

-- Lists of what is there, by type, account and region.
CREATE INDEX resources_list ON resources (present, type_id, account_id, region_id);

-- What ended lately, by how bad it was.
CREATE INDEX findings_ended ON findings (ended_at, severity, account_id) WHERE record_state = 1;
