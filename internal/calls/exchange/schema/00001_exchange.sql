-- +goose Up
-- One row for each call that has ended, or was turned away. Numbers are not here.
CREATE TABLE exchange_calls (
    id        TEXT PRIMARY KEY,
    direction TEXT NOT NULL,
    trunk     TEXT NOT NULL,
    client    TEXT NOT NULL,
    work      TEXT NOT NULL,
    flow      TEXT NOT NULL,
    queue     TEXT NOT NULL,
    operator  TEXT NOT NULL,
    level     TEXT NOT NULL,
    begun     BIGINT NOT NULL,
    answered  BIGINT NOT NULL, -- by an operator; 0 never
    ended     BIGINT NOT NULL,
    cause     TEXT NOT NULL
);
CREATE INDEX exchange_calls_client ON exchange_calls (client, begun);
CREATE INDEX exchange_calls_operator ON exchange_calls (operator, begun);

-- What an operator wrote after a call.
CREATE TABLE exchange_notes (
    call   TEXT NOT NULL,
    person TEXT NOT NULL,
    code   TEXT NOT NULL,
    note   TEXT NOT NULL,
    at     BIGINT NOT NULL,
    PRIMARY KEY (call, person)
);

-- What callers said in a survey.
CREATE TABLE exchange_answers (
    call TEXT NOT NULL,
    name TEXT NOT NULL,
    key  TEXT NOT NULL,
    at   BIGINT NOT NULL,
    PRIMARY KEY (call, name)
);
