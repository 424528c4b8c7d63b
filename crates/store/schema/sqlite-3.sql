-- The store, format 3: what is known of principals, so that what is new about them can be told.
--
-- Days are counted from 1970, in UTC, by the time of the events. A row changes once a day at most while nothing new happens.

-- When a subject (a principal, an account) was seen by a rule. Bounded: those not seen for 90 days leave, then the oldest.
CREATE TABLE profiles (
    subject BLOB PRIMARY KEY,  -- the first 16 bytes of a sha-256 of the rule, what it compares, and the subject
    began   INTEGER NOT NULL,  -- the first day
    last    INTEGER NOT NULL,  -- the last day
    days    BLOB NOT NULL      -- 128 bits, the lowest for the last day, the next for the day before
) WITHOUT ROWID;
CREATE INDEX profiles_last ON profiles (last);

-- Which values it had: networks, countries, programs. At most 64 for each subject.
CREATE TABLE profile_values (
    subject BLOB NOT NULL,
    value   INTEGER NOT NULL,  -- the first 8 bytes of a sha-256
    first   INTEGER NOT NULL,  -- the first day
    last    INTEGER NOT NULL,  -- the last day
    PRIMARY KEY (subject, value)
) WITHOUT ROWID;
