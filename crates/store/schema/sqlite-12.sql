-- The store, format 12: passwords that are to be changed, and people whom their identity provider lets in no longer.

-- 1: somebody else knows the password, who gave it.
ALTER TABLE users ADD COLUMN password_given INTEGER NOT NULL DEFAULT 0;
-- 1: the provider said so when they came last. They do not count as those who could administer.
ALTER TABLE users ADD COLUMN shut_out INTEGER NOT NULL DEFAULT 0;
