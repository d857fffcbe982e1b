-- +goose Up
-- Leave to work with a PC outside the office; nothing is deleted.
CREATE TABLE permits_permits (
    id       TEXT   NOT NULL PRIMARY KEY,
    device   TEXT   NOT NULL,
    person   TEXT   NOT NULL,
    place    TEXT   NOT NULL, -- home, approved
    begins   BIGINT NOT NULL, -- µs UTC
    ends     BIGINT NOT NULL, -- µs UTC; it counts before this
    approver TEXT   NOT NULL,
    given    BIGINT NOT NULL,
    ended    BIGINT NOT NULL, -- 0 unless it was taken back
    ended_by TEXT   NOT NULL
);
CREATE INDEX permits_permits_device ON permits_permits (device, begins);
CREATE INDEX permits_permits_ends ON permits_permits (ends);

-- +goose Down
DROP TABLE permits_permits;
