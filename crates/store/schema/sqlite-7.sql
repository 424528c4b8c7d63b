-- The store, format 7: what a detector says itself, and what somebody else passes on of it, are two reports.

ALTER TABLE reports RENAME TO reports_6;
DROP INDEX reports_external;
CREATE TABLE reports (
    finding_id   INTEGER NOT NULL,
    detector     INTEGER NOT NULL, -- the number of its bit
    via          INTEGER NOT NULL, -- who passed it on, as the number of a bit; -1: nobody
    external_id  TEXT NOT NULL,    -- the detector's own id
    record_state INTEGER NOT NULL,
    seen_at      INTEGER NOT NULL, -- when it was read last, by the clock
    changed_at   INTEGER NOT NULL, -- when the detector changed it last
    body         TEXT NOT NULL,    -- JSON: what the detector says of it
    PRIMARY KEY (finding_id, detector, via, external_id)
) WITHOUT ROWID;
-- How they came is not known; those that came another way end when they were not read for a while.
INSERT INTO reports SELECT finding_id, detector, -1, external_id, record_state, seen_at, changed_at, body FROM reports_6;
DROP TABLE reports_6;
CREATE INDEX reports_external ON reports (detector, external_id);
