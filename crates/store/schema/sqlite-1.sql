-- The store, format 1.
--
-- Words that repeat millions of times (accounts, regions, types, rules, calls) stand once in `names` and are numbers elsewhere;
-- long texts that rarely change (scopes, organisations, rules) stand once in `documents`. Moments are the numbers
-- of scans: `first_scan` is the scan that saw it first, and `scans.started` says when that was.
--
-- Foreign keys are not declared: rows are written by the million, always from numbers that the same transaction has read or made.

CREATE TABLE names (
    id   INTEGER PRIMARY KEY,
    kind TEXT NOT NULL, -- account, region, type, rule, call, status
    name TEXT NOT NULL,
    UNIQUE (kind, name)
);

CREATE TABLE documents (
    id     INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE, -- sha-256 of the body
    body   TEXT NOT NULL         -- JSON
);

CREATE TABLE scans (
    id              INTEGER PRIMARY KEY,
    started         TEXT NOT NULL,
    finished        TEXT,
    finish_number   INTEGER UNIQUE,             -- counts up in the order in which scans were finished
    scope_id        INTEGER NOT NULL,           -- documents
    organization_id INTEGER NOT NULL,           -- documents
    summary         TEXT,                       -- JSON, once finished
    kept            INTEGER NOT NULL DEFAULT 1  -- 0: evaluations, coverage and counts were dropped
);

CREATE TABLE scan_rules (
    scan_id INTEGER NOT NULL,
    rule_id INTEGER NOT NULL, -- names
    info_id INTEGER NOT NULL, -- documents
    PRIMARY KEY (scan_id, rule_id)
) WITHOUT ROWID;

CREATE TABLE account_scans (
    scan_id    INTEGER NOT NULL,
    account_id INTEGER NOT NULL, -- names
    about_id   INTEGER NOT NULL, -- documents: the account, its state, its regions
    resources  INTEGER NOT NULL,
    calls      TEXT NOT NULL,    -- JSON: how many calls ended how
    PRIMARY KEY (scan_id, account_id)
) WITHOUT ROWID;

CREATE TABLE resources (
    id           INTEGER PRIMARY KEY,
    account_id   INTEGER NOT NULL,           -- names
    region_id    INTEGER NOT NULL,           -- names
    type_id      INTEGER NOT NULL,           -- names
    resource     TEXT NOT NULL,              -- its id; `*` stands for whatever could not be listed
    arn          TEXT NOT NULL,
    name         TEXT NOT NULL,
    present      INTEGER NOT NULL,           -- 1: it was there when it was last looked for
    first_scan   INTEGER,                    -- NULL: judged but never read
    last_scan    INTEGER,
    deleted_scan INTEGER,                    -- the scan that found it gone
    digest       BLOB,                       -- sha-256 of the newest version
    UNIQUE (account_id, region_id, type_id, resource)
);
CREATE INDEX resources_present ON resources (account_id, present);

CREATE TABLE resource_versions (
    id          INTEGER PRIMARY KEY,
    resource_id INTEGER NOT NULL,
    scan_id     INTEGER NOT NULL,
    body        TEXT,              -- JSON; NULL: it was gone
    UNIQUE (resource_id, scan_id)
);

CREATE TABLE details (
    id      INTEGER PRIMARY KEY,
    scan_id INTEGER NOT NULL,
    body    TEXT NOT NULL      -- JSON: a reason or evidence
);
CREATE INDEX details_scan ON details (scan_id);

CREATE TABLE evaluations (
    scan_id     INTEGER NOT NULL,
    resource_id INTEGER NOT NULL,
    rule_id     INTEGER NOT NULL, -- names
    outcome     INTEGER NOT NULL, -- 0 compliant, 1 non-compliant, 2 not applicable, 3 insufficient data
    severity    INTEGER NOT NULL, -- 0 informational to 4 critical
    reason_id   INTEGER,          -- details
    evidence_id INTEGER,          -- details
    PRIMARY KEY (scan_id, resource_id, rule_id)
) WITHOUT ROWID;

CREATE TABLE counts (
    scan_id     INTEGER NOT NULL,
    account_id  INTEGER NOT NULL,
    rule_id     INTEGER NOT NULL,
    outcome     INTEGER NOT NULL,
    severity    INTEGER NOT NULL,
    evaluations INTEGER NOT NULL,
    PRIMARY KEY (scan_id, account_id, rule_id, outcome, severity)
) WITHOUT ROWID;

CREATE TABLE coverage (
    scan_id    INTEGER NOT NULL,
    account_id INTEGER NOT NULL, -- names
    call_id    INTEGER NOT NULL, -- names
    status_id  INTEGER NOT NULL, -- names: the status as JSON
    reads      INTEGER NOT NULL, -- in each of the regions
    regions    TEXT NOT NULL,    -- JSON: their numbers in names
    PRIMARY KEY (scan_id, account_id, call_id, status_id, reads)
) WITHOUT ROWID;

CREATE TABLE unlisted (
    scan_id       INTEGER NOT NULL,
    account_id    INTEGER NOT NULL,
    type_id       INTEGER NOT NULL,
    region_id     INTEGER NOT NULL,
    call_id       INTEGER NOT NULL,
    gap_region_id INTEGER NOT NULL,
    status_id     INTEGER NOT NULL,
    PRIMARY KEY (scan_id, account_id, type_id, region_id, call_id, gap_region_id, status_id)
) WITHOUT ROWID;

CREATE TABLE findings (
    id              INTEGER PRIMARY KEY,
    uid             BLOB NOT NULL UNIQUE, -- sha-256 of rule and resource, the first 16 bytes: the id that people see
    account_id      INTEGER NOT NULL,
    resource_id     INTEGER NOT NULL,
    rule_id         INTEGER NOT NULL,
    severity        INTEGER NOT NULL,
    record_state    INTEGER NOT NULL,     -- 0 active, 1 archived
    workflow        INTEGER NOT NULL,     -- 0 new, 1 notified, 2 suppressed, 3 resolved
    evidence        TEXT,                 -- JSON
    evidence_digest BLOB,
    first_scan      INTEGER NOT NULL,
    last_scan       INTEGER NOT NULL,
    resolved_scan   INTEGER,
    reopened        INTEGER NOT NULL,
    UNIQUE (resource_id, rule_id)
);
CREATE INDEX findings_account ON findings (account_id, record_state);

CREATE TABLE finding_history (
    id         INTEGER PRIMARY KEY,
    finding_id INTEGER NOT NULL,
    scan_id    INTEGER,         -- the scan that changed it
    at         TEXT,            -- or the moment, when a person did
    change     TEXT NOT NULL,
    why        TEXT NOT NULL
);
CREATE INDEX finding_history_finding ON finding_history (finding_id);
