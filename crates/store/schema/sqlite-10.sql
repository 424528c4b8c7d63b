-- The store, format 10: people who sign in through an identity provider, and from where people signed in before.

-- Who says who they are, and as whom it knows them; NULL: Yagura itself does, by a password.
ALTER TABLE users ADD COLUMN issuer TEXT;
ALTER TABLE users ADD COLUMN subject TEXT;
CREATE UNIQUE INDEX users_subject ON users (issuer, subject) WHERE issuer IS NOT NULL;

-- Where somebody signed in before, somebody else's guesses do not keep them out.
CREATE TABLE sign_in_places (
    user_id INTEGER NOT NULL,
    place   TEXT NOT NULL,    -- an address, or a network of IPv6
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, place)
) WITHOUT ROWID;
