-- +goose Up
-- Every version of a policy's rules; the newest is in force. Without a row the rules of the place stand.
CREATE TABLE posture_rules (
    policy  TEXT NOT NULL,
    version BIGINT NOT NULL,
    body    TEXT NOT NULL,
    author  TEXT NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (policy, version)
);

-- The newest report of each PC, and how it came out. Routers and neighbours are marks.
CREATE TABLE posture_reports (
    device     TEXT PRIMARY KEY,
    connection TEXT NOT NULL,
    body       TEXT NOT NULL,
    outcomes   TEXT NOT NULL,
    at         BIGINT NOT NULL
);

-- The place that one PC may work at, in marks.
CREATE TABLE posture_places (
    device TEXT PRIMARY KEY,
    body   TEXT NOT NULL,
    author TEXT NOT NULL,
    at     BIGINT NOT NULL
);
