-- +goose Up
-- Every answer to the consent text; the one with the highest seq of a person holds.
CREATE TABLE faces_consents (
    person   TEXT NOT NULL,
    seq      BIGINT NOT NULL,
    version  BIGINT NOT NULL,
    accepted BIGINT NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (person, seq)
);

-- What the server keeps of a face: no picture that it could open, no features.
CREATE TABLE faces_templates (
    person     TEXT NOT NULL,
    device     TEXT NOT NULL,
    commitment TEXT NOT NULL,
    model      TEXT NOT NULL,
    engine     TEXT NOT NULL,
    picture    TEXT NOT NULL,
    approval   TEXT NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (person, device)
);
CREATE INDEX faces_templates_device ON faces_templates (device);

-- Failed logins in a row since the last success or clearing.
CREATE TABLE faces_attempts (
    person TEXT PRIMARY KEY,
    run    BIGINT NOT NULL
);

-- Sealed pictures whose rows are gone and that the vault has still to delete.
CREATE TABLE faces_doomed (
    picture TEXT PRIMARY KEY
);
