-- +goose Up
-- How far the TPM proved itself, and what is wrong with a PC at the moment. What
-- was enrolled before has no proof: an administrator vouched for it.
ALTER TABLE devices_enrolments ADD COLUMN proved TEXT NOT NULL DEFAULT ''; -- A, B; '' without proof
ALTER TABLE devices_enrolments ADD COLUMN ground TEXT NOT NULL DEFAULT ''; -- list, certificate, person
ALTER TABLE devices_devices ADD COLUMN trouble TEXT NOT NULL DEFAULT '';   -- an error code
ALTER TABLE devices_devices ADD COLUMN trouble_since BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE devices_devices DROP COLUMN trouble_since;
ALTER TABLE devices_devices DROP COLUMN trouble;
ALTER TABLE devices_enrolments DROP COLUMN ground;
ALTER TABLE devices_enrolments DROP COLUMN proved;
