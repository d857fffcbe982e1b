-- +goose Up
-- Every version that was ever in force; the newest of a name is.
CREATE TABLE policies_versions (
    name    TEXT NOT NULL,
    version BIGINT NOT NULL,
    body    TEXT NOT NULL,
    author  TEXT NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (name, version)
);
