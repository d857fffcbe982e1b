-- +goose Up
-- What is asked of whoever works at home; versions are never changed.
CREATE TABLE readiness_rules (
    version BIGINT NOT NULL PRIMARY KEY,
    body    TEXT   NOT NULL, -- JSON
    author  TEXT   NOT NULL,
    at      BIGINT NOT NULL  -- µs UTC
);

-- Self-checks of rooms; rows stay, photographs do not.
CREATE TABLE readiness_checks (
    id          TEXT   NOT NULL PRIMARY KEY,
    person      TEXT   NOT NULL,
    device      TEXT   NOT NULL,
    session     TEXT   NOT NULL,
    at          BIGINT NOT NULL,
    rules       BIGINT NOT NULL, -- version of the questions; 0 those of the house
    answers     TEXT   NOT NULL, -- JSON
    remark      TEXT   NOT NULL,
    ready       BIGINT NOT NULL, -- 1: yes wherever it is needed
    photo_until BIGINT NOT NULL, -- when the photograph goes, or went; 0 without one
    state       TEXT   NOT NULL, -- waiting, accepted, returned
    decided     BIGINT NOT NULL, -- 0 while it waits
    decider     TEXT   NOT NULL,
    note        TEXT   NOT NULL
);
CREATE INDEX readiness_checks_person ON readiness_checks (person, at);
CREATE INDEX readiness_checks_state ON readiness_checks (state, at);

-- Photographs, sealed by the server's own box; a row is deleted with its time.
CREATE TABLE readiness_photos (
    id     TEXT   NOT NULL PRIMARY KEY, -- of the self-check
    person TEXT   NOT NULL,
    until  BIGINT NOT NULL,
    sealed BLOB   NOT NULL
);
CREATE INDEX readiness_photos_until ON readiness_photos (until);
CREATE INDEX readiness_photos_person ON readiness_photos (person);

-- +goose Down
DROP TABLE readiness_photos;
DROP TABLE readiness_checks;
DROP TABLE readiness_rules;
