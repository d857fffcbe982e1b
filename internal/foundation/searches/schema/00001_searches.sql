-- +goose Up
CREATE TABLE searches_saved (
    id     TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    name   TEXT NOT NULL,
    query  TEXT NOT NULL,
    at     BIGINT NOT NULL,
    UNIQUE (person, name)
);
