-- +goose Up
-- The server's own keys, each wrapped by the master.
CREATE TABLE seal_keys (
    name    TEXT PRIMARY KEY,
    kind    TEXT NOT NULL,
    at      BIGINT NOT NULL,
    wrapped BLOB NOT NULL
);
