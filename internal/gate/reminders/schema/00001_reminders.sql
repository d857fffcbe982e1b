-- +goose Up
-- Where a person is reminded, for whoever has an address.
CREATE TABLE reminders_addresses (
    person   TEXT PRIMARY KEY,
    address  TEXT NOT NULL,
    language TEXT NOT NULL
);

-- The days (in Japan) whose mails were planned.
CREATE TABLE reminders_days (
    day TEXT PRIMARY KEY,
    at  BIGINT NOT NULL
);

-- The queue. The body is emptied once a mail is sent or given up; next is when it
-- is tried, or until when one server has claimed it.
CREATE TABLE reminders_mails (
    id     TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    day    TEXT NOT NULL,
    body   TEXT NOT NULL,
    state  TEXT NOT NULL,
    tries  BIGINT NOT NULL,
    next   BIGINT NOT NULL,
    ended  BIGINT NOT NULL
);
CREATE UNIQUE INDEX reminders_mails_daily ON reminders_mails (person, day);
CREATE INDEX reminders_mails_next ON reminders_mails (state, next);
