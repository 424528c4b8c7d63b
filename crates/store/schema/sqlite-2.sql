-- The store, format 2: what detections find in events.
--
-- Moments are milliseconds since 1970, so that windows of time are found by an index.

CREATE TABLE threats (
    id           INTEGER PRIMARY KEY,
    uid          TEXT NOT NULL UNIQUE, -- the id that people see
    group_key    BLOB NOT NULL,        -- what tells rule and actor: the first 16 bytes of a sha-256
    severity     INTEGER NOT NULL,     -- 0 informational to 4 critical
    record_state INTEGER NOT NULL,     -- 0 active, 1 archived
    workflow     INTEGER NOT NULL,     -- 0 new, 1 notified, 2 suppressed, 3 resolved
    first_at     INTEGER NOT NULL,
    last_at      INTEGER NOT NULL,
    incident     TEXT,                 -- the uid of its incident
    body         TEXT NOT NULL         -- JSON
);
CREATE INDEX threats_group ON threats (group_key);
CREATE INDEX threats_time ON threats (last_at);
CREATE INDEX threats_incident ON threats (incident);

CREATE TABLE incidents (
    id           INTEGER PRIMARY KEY,
    uid          TEXT NOT NULL UNIQUE,
    severity     INTEGER NOT NULL,
    record_state INTEGER NOT NULL,
    workflow     INTEGER NOT NULL,
    first_at     INTEGER NOT NULL,
    last_at      INTEGER NOT NULL,
    merged_into  TEXT,                 -- the uid of the incident that it turned out to be a part of
    body         TEXT NOT NULL         -- JSON
);
CREATE INDEX incidents_time ON incidents (last_at);

-- Which rule has matched which event: an event that comes twice is counted once. Bounded: the oldest are forgotten.
CREATE TABLE seen_matches (
    digest BLOB PRIMARY KEY, -- the first 16 bytes of a sha-256 of rule and event id
    seen   INTEGER NOT NULL  -- when it was stored, by the clock
) WITHOUT ROWID;
CREATE INDEX seen_matches_seen ON seen_matches (seen);

-- Which credentials were made by whom. Bounded: the oldest are forgotten.
CREATE TABLE entity_links (
    entity TEXT NOT NULL,    -- what was made: kind and name
    at     INTEGER NOT NULL,
    body   TEXT NOT NULL,    -- JSON
    PRIMARY KEY (entity, at)
) WITHOUT ROWID;
CREATE INDEX entity_links_at ON entity_links (at);

-- What was read of each source of events.
CREATE TABLE read_marks (
    source TEXT NOT NULL,    -- a directory, a bucket, a queue
    object TEXT NOT NULL,    -- a file, a key
    folder TEXT NOT NULL,    -- the part of the source that is gone through by itself, in the order of its objects
    mark   TEXT NOT NULL,    -- what tells this content of it: size and time, ETag; or where to go on
    tries  INTEGER NOT NULL, -- how often it could not be read; 0: it was read
    why    TEXT,             -- why not
    at     INTEGER NOT NULL, -- when, by the clock
    PRIMARY KEY (source, object)
) WITHOUT ROWID;
CREATE INDEX read_marks_folder ON read_marks (source, folder, object);

-- What has to be remembered from run to run: windows of correlations.
CREATE TABLE detection_state (
    name TEXT PRIMARY KEY,
    body BLOB NOT NULL
) WITHOUT ROWID;
