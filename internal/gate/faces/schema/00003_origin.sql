-- +goose Up
-- The PC on which a face was enrolled, and under which its picture is kept, where
-- that is another one: a face of somebody who sits at several shared PCs.
ALTER TABLE faces_templates ADD COLUMN origin TEXT NOT NULL DEFAULT '';
