-- +goose Up
-- Every text that was ever in force; the highest number is.
CREATE TABLE rules_versions (
    number BIGINT PRIMARY KEY,
    text   TEXT NOT NULL,
    note   TEXT NOT NULL,
    author TEXT NOT NULL,
    at     BIGINT NOT NULL
);
