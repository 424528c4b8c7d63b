-- The store, format 6: what is the same in scan after scan is written once.

-- Every answer of one rule in one account. Scans that were given the same answers share it.
CREATE TABLE judgements (
    id         INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice
    account_id INTEGER NOT NULL,                  -- names
    rule_id    INTEGER NOT NULL,                  -- names
    digest     BLOB NOT NULL,                     -- of the answers, the first 16 bytes of a sha-256
    answers    TEXT NOT NULL                      -- JSON: [resource, outcome, severity, reason, evidence] of each
);

-- What a scan keeps of an account until a later one takes its place.
CREATE TABLE account_details (
    account_id INTEGER NOT NULL, -- names
    scan_id    INTEGER NOT NULL,
    judgements TEXT NOT NULL,    -- JSON: their numbers
    counts     TEXT NOT NULL,    -- JSON: [rule, outcome, severity, evaluations] of each
    coverage   TEXT NOT NULL,    -- JSON: regions, and [call, status, reads] of each call that ended alike in them; numbers in names
    PRIMARY KEY (account_id, scan_id)
) WITHOUT ROWID;

-- How the newest scan left an account's findings. Those of our rules are all in one sight: a rule that says the same again, of
-- the same places, leaves them as they are.
CREATE TABLE settled (
    account_id INTEGER PRIMARY KEY,
    looked     BLOB NOT NULL,    -- where it looked: the first 16 bytes of a sha-256
    sight_id   INTEGER NOT NULL, -- 0: there are none
    judgements TEXT NOT NULL     -- JSON: their numbers
);

-- Rules of which that is not true: with findings that could not be judged, or that somebody changed since.
CREATE TABLE disturbed (
    account_id INTEGER NOT NULL,
    rule_id    INTEGER NOT NULL,
    PRIMARY KEY (account_id, rule_id)
) WITHOUT ROWID;

CREATE TEMP TABLE judged AS
    SELECT ROW_NUMBER() OVER () AS id, e.scan_id, r.account_id, e.rule_id,
        json_group_array(json_array(e.resource_id, e.outcome, e.severity, json(reason.body), json(evidence.body))) AS answers
    FROM evaluations e JOIN resources r ON r.id = e.resource_id
    LEFT JOIN details reason ON reason.id = e.reason_id LEFT JOIN details evidence ON evidence.id = e.evidence_id
    GROUP BY e.scan_id, r.account_id, e.rule_id;
CREATE INDEX temp.judged_account ON judged (account_id, scan_id);

-- No later answers have these digests: the next scan writes its own.
INSERT INTO judgements (id, account_id, rule_id, digest, answers)
    SELECT id, account_id, rule_id, randomblob(16), answers FROM temp.judged;

INSERT INTO account_details (account_id, scan_id, judgements, counts, coverage)
    SELECT a.account_id, a.scan_id,
        (SELECT json_group_array(j.id) FROM temp.judged j WHERE j.scan_id = a.scan_id AND j.account_id = a.account_id),
        (SELECT json_group_array(json_array(c.rule_id, c.outcome, c.severity, c.evaluations)) FROM counts c
            WHERE c.scan_id = a.scan_id AND c.account_id = a.account_id),
        (SELECT json_group_array(json_array(json(c.regions), json(c.calls)))
            FROM (SELECT regions, json_group_array(json_array(call_id, status_id, reads)) AS calls FROM coverage
                WHERE scan_id = a.scan_id AND account_id = a.account_id GROUP BY regions) c)
    FROM account_scans a JOIN scans ON scans.id = a.scan_id WHERE scans.kept = 1;

DROP TABLE temp.judged;
DROP TABLE evaluations;
DROP TABLE details;
DROP TABLE counts;
DROP TABLE coverage;
-- Nobody asked: one that is present was seen by the newest scan that looked there.
ALTER TABLE resources DROP COLUMN last_scan;

CREATE UNIQUE INDEX judgements_digest ON judgements (account_id, rule_id, digest);
-- What changes often is in no index that does not order by it.
DROP INDEX findings_account;
CREATE INDEX findings_account ON findings (account_id, rule_id);
DROP INDEX findings_rule;
CREATE INDEX findings_rule ON findings (rule_id);

-- Whoever sees an active finding of our rules (bit 1) elsewhere, or calls it resolved (3).
CREATE TRIGGER finding_disturbed AFTER UPDATE OF sight_id, workflow ON findings
    WHEN old.record_state = 0 AND new.record_state = 0 AND new.detectors & 1 AND (old.sight_id <> new.sight_id OR new.workflow = 3 AND old.workflow <> 3)
BEGIN
    INSERT OR IGNORE INTO disturbed VALUES (new.account_id, new.rule_id);
END;

-- A counter changes far more often than it appears: what finds it does not hold how many it counts.
DROP INDEX finding_counts_rule;
CREATE INDEX finding_counts_rule ON finding_counts (rule_id, account_id);
DROP TRIGGER finding_changed;
CREATE TRIGGER finding_changed AFTER UPDATE OF record_state, workflow, severity, kind ON findings
    WHEN old.record_state <> new.record_state OR old.workflow <> new.workflow OR old.severity <> new.severity OR old.kind <> new.kind
BEGIN
    UPDATE finding_counts SET findings = findings - 1 WHERE account_id = old.account_id AND rule_id = old.rule_id
        AND record_state = old.record_state AND workflow = old.workflow AND severity = old.severity AND kind = old.kind;
    UPDATE finding_counts SET findings = findings - 1 WHERE account_id = old.account_id AND rule_id = 0
        AND record_state = old.record_state AND workflow = old.workflow AND severity = old.severity AND kind = old.kind;
    UPDATE finding_counts SET findings = findings - 1 WHERE account_id = 0 AND rule_id = old.rule_id
        AND record_state = old.record_state AND workflow = old.workflow AND severity = old.severity AND kind = old.kind;
    INSERT INTO finding_counts VALUES
        (new.account_id, new.rule_id, new.record_state, new.workflow, new.severity, new.kind, 1),
        (new.account_id, 0, new.record_state, new.workflow, new.severity, new.kind, 1),
        (0, new.rule_id, new.record_state, new.workflow, new.severity, new.kind, 1)
        ON CONFLICT DO UPDATE SET findings = findings + 1;
END;

-- What people say of a detection's finding stands in the list; its own row repeats it.
UPDATE threats SET workflow = f.workflow FROM findings f WHERE f.kind = 1 AND threats.uid = lower(hex(f.uid));
CREATE TRIGGER IF NOT EXISTS threat_worked AFTER UPDATE OF workflow ON findings WHEN new.kind = 1 AND old.workflow <> new.workflow
BEGIN
    UPDATE threats SET workflow = new.workflow WHERE uid = lower(hex(new.uid));
END;
