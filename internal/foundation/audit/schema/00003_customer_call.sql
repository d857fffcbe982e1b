-- +goose Up
-- Customers and calls are found as people and PCs are. No entry before this told
-- of one: their leaves, and so their hashes, stay as they are.
ALTER TABLE audit_leaves ADD COLUMN customer TEXT NOT NULL DEFAULT '';
ALTER TABLE audit_leaves ADD COLUMN call TEXT NOT NULL DEFAULT '';
CREATE INDEX audit_leaves_customer ON audit_leaves (customer, seq, at) WHERE customer <> '';
CREATE INDEX audit_leaves_call ON audit_leaves (call, seq, at) WHERE call <> '';
