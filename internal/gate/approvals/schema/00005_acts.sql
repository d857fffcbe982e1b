-- +goose Up
-- Own roles and links to the identity provider are dangerous acts (decision
-- 0028): what was asked before is over, and is asked again as such.
DELETE FROM approvals_asks WHERE kind IN ('own_role', 'identity');

-- What was confirmed and never done, since the server stopped in between: now the
-- two are one transaction.
UPDATE approvals_acts SET state = 'failed', reason = 'act.interrupted', payload = '' WHERE state = 'confirmed' AND kind <> 'export';
