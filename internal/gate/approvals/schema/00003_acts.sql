-- +goose Up
-- Dangerous acts that wait for a second person. The payload is what will be
-- done, word for word; it is emptied once the act is closed.
CREATE TABLE approvals_acts (
    id          TEXT PRIMARY KEY,
    kind        TEXT NOT NULL,
    object      TEXT NOT NULL,
    asker       TEXT NOT NULL,
    payload     TEXT NOT NULL,
    digest      TEXT NOT NULL,
    differences TEXT NOT NULL,
    state       TEXT NOT NULL,
    asked       BIGINT NOT NULL,
    expires     BIGINT NOT NULL,
    decider     TEXT NOT NULL,
    decided     BIGINT NOT NULL,
    reason      TEXT NOT NULL
);
CREATE INDEX approvals_acts_state ON approvals_acts (state, asked);
CREATE INDEX approvals_acts_asker ON approvals_acts (asker, asked);
