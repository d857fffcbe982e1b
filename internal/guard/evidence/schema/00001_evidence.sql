-- +goose Up
-- One row for each sealed bundle that ever arrived; rows outlive their blobs.
CREATE TABLE evidence_bundles (
    hash     TEXT   NOT NULL PRIMARY KEY, -- SHA-256 of the bundle, hex
    incident TEXT   NOT NULL,
    person   TEXT   NOT NULL,
    device   TEXT   NOT NULL,
    session  TEXT   NOT NULL,
    size     BIGINT NOT NULL,
    arrived  BIGINT NOT NULL, -- µs UTC
    deleted  BIGINT NOT NULL, -- µs UTC; 0 while kept
    gone     BIGINT NOT NULL  -- µs UTC; 0 until the vault no longer has it
);
CREATE INDEX evidence_bundles_incident ON evidence_bundles (incident);

-- When an incident was decided: its bundles' retention runs from then, late ones' too.
CREATE TABLE evidence_decisions (
    incident TEXT   NOT NULL PRIMARY KEY,
    decided  BIGINT NOT NULL
);

CREATE TABLE evidence_holds (
    incident TEXT   NOT NULL PRIMARY KEY,
    person   TEXT   NOT NULL, -- who holds it
    reason   TEXT   NOT NULL,
    since    BIGINT NOT NULL
);

CREATE TABLE evidence_views (
    id       TEXT   NOT NULL PRIMARY KEY,
    hash     TEXT   NOT NULL,
    incident TEXT   NOT NULL,
    person   TEXT   NOT NULL,
    role     TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    reason   TEXT   NOT NULL
);
CREATE INDEX evidence_views_incident ON evidence_views (incident);
