-- +goose Up
-- day is "mon" … "sun" or a date; spans as "09:00-18:00 20:00-22:00", "" is free.
CREATE TABLE shifts_days (
    person TEXT NOT NULL,
    day    TEXT NOT NULL,
    spans  TEXT NOT NULL,
    PRIMARY KEY (person, day)
);

CREATE TABLE shifts_rules (
    version BIGINT PRIMARY KEY,
    home    BIGINT NOT NULL,
    office  BIGINT NOT NULL,
    before  BIGINT NOT NULL,
    after   BIGINT NOT NULL,
    zone    TEXT NOT NULL,
    author  TEXT NOT NULL,
    at      BIGINT NOT NULL
);

CREATE TABLE shifts_extensions (
    id     TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    start  BIGINT NOT NULL,
    until  BIGINT NOT NULL,
    author TEXT NOT NULL
);
CREATE INDEX shifts_extensions_person ON shifts_extensions (person, until);
