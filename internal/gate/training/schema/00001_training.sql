-- +goose Up
-- What is asked of everybody who works; the highest version holds.
CREATE TABLE training_rules (
    version     BIGINT PRIMARY KEY,
    required    BIGINT NOT NULL,
    grace_days  BIGINT NOT NULL,
    remind_days BIGINT NOT NULL,
    at          BIGINT NOT NULL
);

-- When a person was first asked: the time of grace begins then.
CREATE TABLE training_people (
    person TEXT PRIMARY KEY,
    since  BIGINT NOT NULL
);

CREATE TABLE training_courses (
    id           TEXT PRIMARY KEY,
    title_ja     TEXT NOT NULL,
    title_en     TEXT NOT NULL,
    draw         BIGINT NOT NULL,
    pass_percent BIGINT NOT NULL,
    pause_s      BIGINT NOT NULL,
    valid_months BIGINT NOT NULL,
    required     BIGINT NOT NULL,
    since        BIGINT NOT NULL,
    version      BIGINT NOT NULL
);

-- Options are JSON: [{"text":{ja,en},"right":bool}].
CREATE TABLE training_questions (
    id         TEXT PRIMARY KEY,
    course     TEXT NOT NULL,
    seq        BIGINT NOT NULL,
    text_ja    TEXT NOT NULL,
    text_en    TEXT NOT NULL,
    options    TEXT NOT NULL,
    explain_ja TEXT NOT NULL,
    explain_en TEXT NOT NULL,
    rule       TEXT NOT NULL,
    retired    BIGINT NOT NULL
);
CREATE INDEX training_questions_course ON training_questions (course, seq);

-- session is that of the login which confirmed who sat there; '' until then.
CREATE TABLE training_attempts (
    id         TEXT PRIMARY KEY,
    course     TEXT NOT NULL,
    person     TEXT NOT NULL,
    device     TEXT NOT NULL,
    connection TEXT NOT NULL,
    state      TEXT NOT NULL,
    asked      BIGINT NOT NULL,
    correct    BIGINT NOT NULL,
    begun      BIGINT NOT NULL,
    ended      BIGINT NOT NULL,
    until      BIGINT NOT NULL,
    session    TEXT NOT NULL,
    class      TEXT NOT NULL
);
CREATE UNIQUE INDEX training_attempts_open ON training_attempts (person, course) WHERE state = 'open';
CREATE INDEX training_attempts_person ON training_attempts (person, state, course, until, ended, session, device);

-- The questions drawn for an attempt, in order; shown is the order of the options.
CREATE TABLE training_answers (
    attempt  TEXT NOT NULL,
    place    BIGINT NOT NULL,
    question TEXT NOT NULL,
    shown    TEXT NOT NULL,
    chosen   TEXT NOT NULL,
    correct  BIGINT NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (attempt, place)
);

CREATE TABLE training_documents (
    id       TEXT PRIMARY KEY,
    seq      BIGINT NOT NULL,
    level    TEXT NOT NULL,
    required BIGINT NOT NULL
);

CREATE TABLE training_versions (
    document  TEXT NOT NULL,
    version   BIGINT NOT NULL,
    title_ja  TEXT NOT NULL,
    title_en  TEXT NOT NULL,
    body_ja   TEXT NOT NULL,
    body_en   TEXT NOT NULL,
    note      TEXT NOT NULL,
    published BIGINT NOT NULL,
    publisher TEXT NOT NULL,
    PRIMARY KEY (document, version)
);

-- payload, signature and lease_key let anybody verify an acknowledgement later.
CREATE TABLE training_acknowledgements (
    id         TEXT PRIMARY KEY,
    person     TEXT NOT NULL,
    document   TEXT NOT NULL,
    version    BIGINT NOT NULL,
    language   TEXT NOT NULL,
    device     TEXT NOT NULL,
    connection TEXT NOT NULL,
    at         BIGINT NOT NULL,
    session    TEXT NOT NULL,
    class      TEXT NOT NULL,
    payload    BLOB NOT NULL,
    signature  BLOB NOT NULL,
    lease_key  BLOB NOT NULL
);
CREATE UNIQUE INDEX training_acknowledgements_once ON training_acknowledgements (person, document, version, connection);
CREATE INDEX training_acknowledgements_person ON training_acknowledgements (person, document, version, at, session, connection);
