-- +goose Up
-- since when a desktop is its client's: what happened on it before is not. Of
-- those that are there already it is known only that their work came first.
ALTER TABLE clients_desktops ADD COLUMN since BIGINT NOT NULL DEFAULT 0;
UPDATE clients_desktops SET since = COALESCE((SELECT w.created FROM clients_works w WHERE w.id = clients_desktops.work), 0);
