-- +goose Up
-- Who sent the person, "" for the centre's own people.
ALTER TABLE operators_people ADD COLUMN agency TEXT NOT NULL DEFAULT '';

-- The last day of the contract in Japan, as 2027-03-31; "" has no end.
ALTER TABLE operators_people ADD COLUMN last_day TEXT NOT NULL DEFAULT '';

-- When what ends with the last day had been done, 0 until then.
ALTER TABLE operators_people ADD COLUMN left_at BIGINT NOT NULL DEFAULT 0;

-- Whether a password is a way in: "none", "allowed" or "set". The password
-- itself is nowhere; what OPAQUE keeps of it is another room's.
ALTER TABLE operators_people ADD COLUMN password TEXT NOT NULL DEFAULT 'none';

CREATE INDEX operators_people_last_day ON operators_people (last_day, left_at);
