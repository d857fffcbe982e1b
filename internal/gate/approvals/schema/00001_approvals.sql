-- +goose Up
CREATE TABLE approvals_asks (
    id         TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,
    person     TEXT NOT NULL,
    device     TEXT NOT NULL,
    connection TEXT NOT NULL,
    note       TEXT NOT NULL,
    code       TEXT NOT NULL,
    state      TEXT NOT NULL,
    asked      BIGINT NOT NULL,
    expires    BIGINT NOT NULL,
    wrong      BIGINT NOT NULL,
    decider    TEXT NOT NULL,
    decided    BIGINT NOT NULL,
    used       BIGINT NOT NULL
);
CREATE INDEX approvals_asks_person ON approvals_asks (person, asked);
CREATE INDEX approvals_asks_state ON approvals_asks (state, asked);
