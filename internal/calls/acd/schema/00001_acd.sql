-- +goose Up
-- settings is JSON.
CREATE TABLE acd_queues (
    id       TEXT PRIMARY KEY,
    client   TEXT NOT NULL,
    work     TEXT NOT NULL,
    name     TEXT NOT NULL,
    settings TEXT NOT NULL,
    retired  BIGINT NOT NULL,
    created  BIGINT NOT NULL
);
CREATE INDEX acd_queues_client ON acd_queues (client);

CREATE TABLE acd_skills (
    person TEXT NOT NULL,
    skill  TEXT NOT NULL,
    degree BIGINT NOT NULL,
    PRIMARY KEY (person, skill)
);

-- The log of events: rows are added and, after their time, deleted; never changed.
-- n orders rows of the same moment. detail is JSON.
CREATE TABLE acd_events (
    id       TEXT PRIMARY KEY,
    at       BIGINT NOT NULL,
    n        BIGINT NOT NULL,
    kind     TEXT NOT NULL,
    call_id  TEXT NOT NULL,
    queue_id TEXT NOT NULL,
    agent    TEXT NOT NULL,
    detail   TEXT NOT NULL
);
CREATE INDEX acd_events_at ON acd_events (at, n);
CREATE INDEX acd_events_call ON acd_events (call_id);
