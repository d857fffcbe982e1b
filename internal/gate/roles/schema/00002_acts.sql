-- +goose Up
-- What needs a second administrator waits with gate/approvals (decision 0028).
DROP TABLE roles_changes;
