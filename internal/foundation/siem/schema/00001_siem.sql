-- +goose Up
-- How far the log was passed on: the number of the next entry, the epoch in
-- which the one before it stood, and which process is at it until when.
CREATE TABLE siem_cursor (
    id     BIGINT PRIMARY KEY,
    next   BIGINT NOT NULL,
    epoch  BIGINT NOT NULL,
    at     BIGINT NOT NULL,
    holder TEXT NOT NULL,
    until  BIGINT NOT NULL
);
INSERT INTO siem_cursor (id, next, epoch, at, holder, until) VALUES (1, 0, 1, 0, '', 0);
