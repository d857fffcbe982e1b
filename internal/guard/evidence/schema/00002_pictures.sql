-- +goose Up
-- The sealed pictures of face enrolments are bundles too: incident '' and kind
-- 'enrolment'. One hash is one thing: a record can never be named as a picture.
ALTER TABLE evidence_bundles ADD COLUMN kind TEXT NOT NULL DEFAULT 'incident';
ALTER TABLE evidence_bundles ADD COLUMN taken BIGINT NOT NULL DEFAULT 0; -- µs UTC; 0 while no enrolment named it
CREATE INDEX evidence_bundles_person ON evidence_bundles (person, arrived);
