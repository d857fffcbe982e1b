-- +goose Up
-- From where a door may be reached; the highest version of a door is in force.
CREATE TABLE networks_lists (
    door    TEXT NOT NULL,
    version BIGINT NOT NULL,
    ranges  TEXT NOT NULL,
    author  TEXT NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (door, version)
);
