-- +goose Up
-- The connection alone of which an attempt is, where it was made at a shared PC by
-- whoever said a name there; '' for one of the person's own.
ALTER TABLE training_attempts ADD COLUMN apart TEXT NOT NULL DEFAULT '';
DROP INDEX training_attempts_open;
CREATE UNIQUE INDEX training_attempts_open ON training_attempts (person, course, apart) WHERE state = 'open';

-- +goose Down
DELETE FROM training_attempts WHERE state = 'open' AND apart <> '';
DROP INDEX training_attempts_open;
CREATE UNIQUE INDEX training_attempts_open ON training_attempts (person, course) WHERE state = 'open';
ALTER TABLE training_attempts DROP COLUMN apart;
