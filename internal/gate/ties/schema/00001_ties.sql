-- +goose Up
-- The first PC of each person; nothing is deleted.
CREATE TABLE ties_ties (
    id          TEXT   NOT NULL PRIMARY KEY,
    person      TEXT   NOT NULL,
    device      TEXT   NOT NULL,
    since       BIGINT NOT NULL, -- µs UTC
    released    BIGINT NOT NULL, -- 0 while it holds
    released_by TEXT   NOT NULL  -- '' with the PC's end
);
CREATE UNIQUE INDEX ties_ties_person ON ties_ties (person) WHERE released = 0;
CREATE INDEX ties_ties_device ON ties_ties (device);

-- +goose Down
DROP TABLE ties_ties;
