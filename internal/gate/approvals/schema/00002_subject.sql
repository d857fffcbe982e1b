-- +goose Up
-- Whom a question is about, where that is not the person who asks.
ALTER TABLE approvals_asks ADD COLUMN subject TEXT NOT NULL DEFAULT '';
