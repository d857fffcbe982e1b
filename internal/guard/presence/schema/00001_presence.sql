-- +goose Up
CREATE TABLE presence_incidents (
    id         TEXT PRIMARY KEY,
    person     TEXT NOT NULL,
    device     TEXT NOT NULL,
    connection TEXT NOT NULL,
    session    TEXT NOT NULL,
    state      TEXT NOT NULL,
    at         BIGINT NOT NULL,
    reported   BIGINT NOT NULL,
    first_ms   BIGINT NOT NULL,
    faces      BIGINT NOT NULL,
    os_locked  BIGINT NOT NULL,
    lock_why   TEXT NOT NULL,
    hashes     TEXT NOT NULL,
    evidence   TEXT NOT NULL,
    decision   TEXT NOT NULL,
    decider    TEXT NOT NULL,
    decided    BIGINT NOT NULL,
    note       TEXT NOT NULL,
    objection  TEXT NOT NULL
);
CREATE INDEX presence_incidents_at ON presence_incidents (at);
CREATE INDEX presence_incidents_person ON presence_incidents (person, at);
CREATE INDEX presence_incidents_expected ON presence_incidents (reported) WHERE evidence = 'expected';
