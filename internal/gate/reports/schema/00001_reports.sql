-- +goose Up
-- Reports as they were made; file is the whole of it, with its attestation.
CREATE TABLE reports_made (
    id        TEXT PRIMARY KEY,
    at        BIGINT NOT NULL,
    person    TEXT NOT NULL,
    first_day TEXT NOT NULL,
    last_day  TEXT NOT NULL,
    language  TEXT NOT NULL,
    addressee TEXT NOT NULL,
    sha256    TEXT NOT NULL,
    body      BLOB NOT NULL,
    proof     BLOB NOT NULL
);
CREATE INDEX reports_made_at ON reports_made (at);
