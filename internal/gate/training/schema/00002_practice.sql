-- +goose Up
-- Whether the practice work is asked of everybody: months 0 is once for all.
ALTER TABLE training_rules ADD COLUMN practice BIGINT NOT NULL DEFAULT 0;
ALTER TABLE training_rules ADD COLUMN practice_months BIGINT NOT NULL DEFAULT 0;
ALTER TABLE training_rules ADD COLUMN practice_since BIGINT NOT NULL DEFAULT 0;

-- Versions are never changed; the highest holds unless it is retired. The body is
-- the scenario in JSON. since is when the scenario was first put in.
CREATE TABLE training_scenarios (
    id       TEXT NOT NULL,
    version  BIGINT NOT NULL,
    seq      BIGINT NOT NULL,
    title_ja TEXT NOT NULL,
    title_en TEXT NOT NULL,
    body     TEXT NOT NULL,
    since    BIGINT NOT NULL,
    at       BIGINT NOT NULL,
    retired  BIGINT NOT NULL,
    PRIMARY KEY (id, version)
);

-- One run through a scenario. shown is the order of the choices of its turn;
-- session is that of the login which confirmed who sat there; '' until then.
CREATE TABLE training_practices (
    id         TEXT PRIMARY KEY,
    person     TEXT NOT NULL,
    scenario   TEXT NOT NULL,
    version    BIGINT NOT NULL,
    state      TEXT NOT NULL,
    turn       BIGINT NOT NULL,
    step       BIGINT NOT NULL,
    slips      BIGINT NOT NULL,
    verdict    TEXT NOT NULL,
    form       TEXT NOT NULL,
    shown      TEXT NOT NULL,
    begun      BIGINT NOT NULL,
    ended      BIGINT NOT NULL,
    device     TEXT NOT NULL,
    connection TEXT NOT NULL,
    session    TEXT NOT NULL,
    class      TEXT NOT NULL
);
CREATE UNIQUE INDEX training_practices_open ON training_practices (person, scenario) WHERE state = 'open';
CREATE INDEX training_practices_person ON training_practices (person, state, scenario, ended, session, device);
CREATE INDEX training_practices_begun ON training_practices (person, begun);
