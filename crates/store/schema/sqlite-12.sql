-- The store, format 12: people whom their identity provider lets in no longer.

-- 1: it said so when they came last. They do not count as those who could administer.
ALTER TABLE users ADD COLUMN shut_out INTEGER NOT NULL DEFAULT 0;
