-- +goose Up
-- Who uses the console from where; the highest version is in force.
CREATE TABLE offices_rules (
    version BIGINT PRIMARY KEY,
    roles   TEXT NOT NULL,
    ranges  TEXT NOT NULL,
    author  TEXT NOT NULL,
    at      BIGINT NOT NULL
);
