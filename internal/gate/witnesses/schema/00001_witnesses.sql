-- +goose Up
-- Enrolments that a witness watches by video: the newest run of each question.
CREATE TABLE witnesses_cases (
    approval   TEXT   NOT NULL PRIMARY KEY,
    run        TEXT   NOT NULL,
    person     TEXT   NOT NULL,
    device     TEXT   NOT NULL,
    connection TEXT   NOT NULL,
    witness    TEXT   NOT NULL,
    old        TEXT   NOT NULL, -- the PC that this one replaces; ''
    old_face   TEXT   NOT NULL, -- hash of the older picture that was handed over; ''
    hand       TEXT   NOT NULL, -- '' until the person has agreed
    fingers    BIGINT NOT NULL,
    place      TEXT   NOT NULL,
    commitment TEXT   NOT NULL, -- '' until the PC has offered
    model      TEXT   NOT NULL,
    picture    TEXT   NOT NULL,
    state      TEXT   NOT NULL,
    reason     TEXT   NOT NULL,
    at         BIGINT NOT NULL  -- µs UTC, of the state
);
CREATE INDEX witnesses_cases_state ON witnesses_cases (state);
-- PCs that came in the place of another.
CREATE TABLE witnesses_replacements (
    device  TEXT   NOT NULL PRIMARY KEY,
    old     TEXT   NOT NULL,
    person  TEXT   NOT NULL,
    picture TEXT   NOT NULL, -- hash of the older sealed picture that is kept for the witness; ''
    origin  TEXT   NOT NULL, -- the PC under which that picture is kept
    at      BIGINT NOT NULL,
    handed  BIGINT NOT NULL, -- 1 where it was handed over in person
    done    BIGINT NOT NULL  -- µs UTC, when a face was enrolled on it; 0
);
CREATE INDEX witnesses_replacements_picture ON witnesses_replacements (picture);
-- Older pictures that officers were asked for, and have sealed to a witness's page.
CREATE TABLE witnesses_oldfaces (
    device  TEXT   NOT NULL PRIMARY KEY, -- the new PC
    witness TEXT   NOT NULL,
    pubkey  BLOB   NOT NULL, -- P-256, uncompressed
    asked   BIGINT NOT NULL,
    sealed  BLOB   NOT NULL, -- empty until it was given
    officer TEXT   NOT NULL,
    given   BIGINT NOT NULL
);

-- +goose Down
DROP TABLE witnesses_oldfaces;
DROP TABLE witnesses_replacements;
DROP TABLE witnesses_cases;
