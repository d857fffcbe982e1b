-- +goose Up
-- Who answers for a supervisor, from when until when.
CREATE TABLE approvals_deputies (
    id        TEXT PRIMARY KEY,
    principal TEXT NOT NULL,
    deputy    TEXT NOT NULL,
    begins    BIGINT NOT NULL,
    ends      BIGINT NOT NULL,
    named     BIGINT NOT NULL,
    ended     BIGINT NOT NULL
);
CREATE INDEX approvals_deputies_deputy ON approvals_deputies (deputy, ends);
CREATE INDEX approvals_deputies_principal ON approvals_deputies (principal, ends);
