-- +goose Up
-- html or pdf.
ALTER TABLE reports_made ADD COLUMN format TEXT NOT NULL DEFAULT 'html';
