-- +goose Up
-- What may be widened, agreed on by two before anything happens.
CREATE TABLE disasters_widenings (
    id     TEXT PRIMARY KEY,
    name   TEXT NOT NULL,
    text   TEXT NOT NULL,
    author TEXT NOT NULL,
    agreed BIGINT NOT NULL,
    ended  BIGINT NOT NULL
);
-- Each time of disaster mode, with the widening's text as it was agreed on.
CREATE TABLE disasters_declared (
    id           TEXT PRIMARY KEY,
    widening     TEXT NOT NULL,
    name         TEXT NOT NULL,
    text         TEXT NOT NULL,
    reason       TEXT NOT NULL,
    announcement TEXT NOT NULL,
    author       TEXT NOT NULL,
    begins       BIGINT NOT NULL,
    ends         BIGINT NOT NULL,
    ended        BIGINT NOT NULL,
    ended_by     TEXT NOT NULL
);
CREATE INDEX disasters_declared_ended ON disasters_declared (ended, ends);
