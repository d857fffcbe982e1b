-- +goose Up
-- The guard session that a console session lives in: it was opened on an issued
-- PC, is worth nothing anywhere else and ends with it. "" is the console's own
-- address.
ALTER TABLE operators_sessions ADD COLUMN guard TEXT NOT NULL DEFAULT '';
CREATE INDEX operators_sessions_guard ON operators_sessions (guard);
