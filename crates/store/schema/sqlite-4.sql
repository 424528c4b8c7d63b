-- The store, format 4: one list of findings, whoever reports them, and what people do about them.
--
-- Moments of findings are milliseconds since 1970. A finding that is seen again as it was is not written: it belongs to a sight, and the
-- sight's one row moves on for all of its findings.

-- Findings of one account that were seen last at the same moment.
CREATE TABLE sights (
    id         INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL,
    last_at    INTEGER NOT NULL,
    ended      INTEGER NOT NULL  -- 1: of findings that ended; they share none with those that go on
);

DROP INDEX findings_account;
ALTER TABLE findings RENAME TO findings_3;
CREATE TABLE findings (
    id              INTEGER PRIMARY KEY,
    uid             BLOB NOT NULL UNIQUE, -- the id that people see: of rule and resource, the first 16 bytes of a sha-256
    kind            INTEGER NOT NULL,     -- 0 configuration, 1 threat, 2 access, 3 vulnerability, 4 sensitive data, 5 other
    account_id      INTEGER NOT NULL,     -- names
    region_id       INTEGER NOT NULL,     -- names
    type_id         INTEGER NOT NULL,     -- names
    resource_id     INTEGER NOT NULL,     -- resources
    rule_id         INTEGER NOT NULL,     -- names
    severity        INTEGER NOT NULL,     -- 0 informational to 4 critical
    record_state    INTEGER NOT NULL,     -- 0 active, 1 archived
    workflow        INTEGER NOT NULL,     -- 0 new, 1 notified, 2 suppressed, 3 resolved
    detectors       INTEGER NOT NULL,     -- bits: who says that it is so; of one that ended, who said so last
    assignee_id     INTEGER,              -- names
    suppression_id  INTEGER,              -- names: what hides it; NULL when a person did, or nothing
    evidence        TEXT,                 -- JSON
    evidence_digest BLOB,
    first_at        INTEGER NOT NULL,
    opened_at       INTEGER NOT NULL,     -- when it was seen first, or came back
    sight_id        INTEGER NOT NULL,
    ended_at        INTEGER,
    reopened        INTEGER NOT NULL
);

ALTER TABLE finding_history RENAME TO finding_history_3;
DROP INDEX finding_history_finding;
-- Numbers grow with time: who follows what happens reads on behind the last number that he knows.
CREATE TABLE finding_history (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    finding_id INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    scan_id    INTEGER,          -- the scan that changed it
    change     INTEGER NOT NULL, -- 0 opened, 1 reopened, 2 ended, 3 severity, 4 workflow, 5 assigned, 6 comment, 7 detectors, 8 overdue
    who_id     INTEGER,          -- names: the person or the program, where it was no scan
    why        TEXT NOT NULL
);

-- What each detector but our own rules reports of a finding.
CREATE TABLE reports (
    finding_id   INTEGER NOT NULL,
    detector     INTEGER NOT NULL, -- the number of its bit
    external_id  TEXT NOT NULL,    -- the detector's own id
    record_state INTEGER NOT NULL,
    seen_at      INTEGER NOT NULL, -- when it was read last, by the clock
    changed_at   INTEGER NOT NULL, -- when the detector changed it last
    body         TEXT NOT NULL,    -- JSON: what the detector says of it
    PRIMARY KEY (finding_id, detector, external_id)
) WITHOUT ROWID;

-- How many findings there are of each kind, kept up to date, so that nobody counts a million: what is
-- new is added by who adds it, many at once, and what changes by a trigger. The number 0 stands for all accounts, and for all
-- rules.
CREATE TABLE finding_counts (
    account_id   INTEGER NOT NULL,
    rule_id      INTEGER NOT NULL,
    record_state INTEGER NOT NULL,
    workflow     INTEGER NOT NULL,
    severity     INTEGER NOT NULL,
    kind         INTEGER NOT NULL,
    findings     INTEGER NOT NULL,
    PRIMARY KEY (account_id, rule_id, record_state, workflow, severity, kind)
) WITHOUT ROWID;

-- Suppressions that were made by command; those of files stay in their files.
CREATE TABLE suppressions (
    name TEXT PRIMARY KEY,
    body TEXT NOT NULL      -- JSON
) WITHOUT ROWID;

-- Milliseconds of the scans' moments.
CREATE TEMP TABLE moments AS
    SELECT id, CAST(ROUND(unixepoch(started, 'subsec') * 1000) AS INTEGER) AS at FROM scans;

INSERT INTO sights (account_id, last_at, ended)
    SELECT DISTINCT f.account_id, MAX(last.at, first.at), f.record_state FROM findings_3 f
    JOIN temp.moments first ON first.id = f.first_scan JOIN temp.moments last ON last.id = f.last_scan;

INSERT INTO findings (id, uid, kind, account_id, region_id, type_id, resource_id, rule_id, severity, record_state, workflow,
        detectors, evidence, evidence_digest, first_at, opened_at, sight_id, ended_at, reopened)
    SELECT f.id, f.uid, 0, f.account_id, r.region_id, r.type_id, f.resource_id, f.rule_id, f.severity, f.record_state, f.workflow,
        1, f.evidence, f.evidence_digest, first.at,
        COALESCE((SELECT MAX(opened.at) FROM finding_history_3 h JOIN temp.moments opened ON opened.id = h.scan_id
                  WHERE h.finding_id = f.id AND h.change IN ('OPENED', 'REOPENED')), first.at),
        (SELECT s.id FROM sights s
            WHERE s.account_id = f.account_id AND s.last_at = MAX(last.at, first.at) AND s.ended = f.record_state),
        MAX(ended.at, last.at, first.at), f.reopened
    FROM findings_3 f JOIN resources r ON r.id = f.resource_id
    JOIN temp.moments first ON first.id = f.first_scan JOIN temp.moments last ON last.id = f.last_scan
    LEFT JOIN temp.moments ended ON ended.id = f.resolved_scan;

INSERT INTO finding_history (id, finding_id, at, scan_id, change, why)
    SELECT h.id, h.finding_id,
        COALESCE(m.at, CAST(ROUND(unixepoch(h.at, 'subsec') * 1000) AS INTEGER), 0), h.scan_id,
        CASE h.change WHEN 'OPENED' THEN 0 WHEN 'REOPENED' THEN 1 WHEN 'ENDED' THEN 2 WHEN 'SEVERITY_CHANGED' THEN 3 ELSE 4 END,
        h.why
    FROM finding_history_3 h LEFT JOIN temp.moments m ON m.id = h.scan_id;

INSERT INTO finding_counts
    SELECT account_id, rule_id, record_state, workflow, severity, kind, COUNT(*) FROM findings GROUP BY 1, 2, 3, 4, 5, 6;
INSERT INTO finding_counts
    SELECT account_id, 0, record_state, workflow, severity, kind, SUM(findings) FROM finding_counts GROUP BY 1, 3, 4, 5, 6;
INSERT INTO finding_counts
    SELECT 0, rule_id, record_state, workflow, severity, kind, SUM(findings) FROM finding_counts WHERE rule_id > 0 GROUP BY 2, 3, 4, 5, 6;

DROP TABLE findings_3;
DROP TABLE finding_history_3;
DROP TABLE temp.moments;

CREATE INDEX finding_history_finding ON finding_history (finding_id);
CREATE INDEX sights_account ON sights (account_id, last_at, ended);
CREATE INDEX findings_resource ON findings (resource_id, rule_id);
CREATE INDEX findings_account ON findings (account_id, record_state);
CREATE INDEX findings_rule ON findings (rule_id, record_state);
-- The order of lists, with whatever they are filtered by.
CREATE INDEX findings_list ON findings (record_state, severity DESC, opened_at DESC, id DESC, workflow, kind, account_id, region_id,
    type_id, rule_id, detectors, assignee_id);
CREATE INDEX finding_counts_rule ON finding_counts (rule_id, record_state, workflow, severity, kind, account_id, findings);
CREATE INDEX reports_external ON reports (detector, external_id);

CREATE TRIGGER finding_changed AFTER UPDATE OF record_state, workflow, severity, kind ON findings
    WHEN old.record_state <> new.record_state OR old.workflow <> new.workflow OR old.severity <> new.severity OR old.kind <> new.kind
BEGIN
    UPDATE finding_counts SET findings = findings - 1
        WHERE (account_id, rule_id) IN (VALUES (old.account_id, old.rule_id), (old.account_id, 0), (0, old.rule_id))
        AND record_state = old.record_state AND workflow = old.workflow AND severity = old.severity AND kind = old.kind;
    INSERT INTO finding_counts VALUES
        (new.account_id, new.rule_id, new.record_state, new.workflow, new.severity, new.kind, 1),
        (new.account_id, 0, new.record_state, new.workflow, new.severity, new.kind, 1),
        (0, new.rule_id, new.record_state, new.workflow, new.severity, new.kind, 1)
        ON CONFLICT DO UPDATE SET findings = findings + 1;
END;
