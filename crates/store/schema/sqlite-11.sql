-- The store, format 11: a rule that is disturbed already stays so, whatever statement disturbs it again.

-- `OR IGNORE` inside a trigger gives way to what the statement says that fires it, and an upsert says to fail; `ON CONFLICT` does not
-- (<https://sqlite.org/lang_createtrigger.html>).
DROP TRIGGER finding_disturbed;
CREATE TRIGGER finding_disturbed AFTER UPDATE OF sight_id, workflow ON findings
    WHEN old.record_state = 0 AND new.record_state = 0 AND new.detectors & 1 AND (old.sight_id <> new.sight_id OR new.workflow = 3 AND old.workflow <> 3)
BEGIN
    INSERT INTO disturbed VALUES (new.account_id, new.rule_id) ON CONFLICT DO NOTHING;
END;
