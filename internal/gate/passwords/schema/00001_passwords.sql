-- +goose Up
-- What OPAQUE keeps of a password (RFC 9807, §5: RegistrationRecord), by person.
CREATE TABLE passwords_records (
    person TEXT PRIMARY KEY,
    record BLOB NOT NULL,
    at     BIGINT NOT NULL
);

-- Guesses by login, of people and of nobody alike: HMAC-SHA256 of the login, so
-- that what strangers typed is not kept. person is "" where nobody has the login.
-- until is the end of the lock-out in force or last in force; level how many of
-- them followed each other.
CREATE TABLE passwords_guesses (
    login  TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    n      BIGINT NOT NULL,
    began  BIGINT NOT NULL,
    last   BIGINT NOT NULL,
    until  BIGINT NOT NULL,
    level  BIGINT NOT NULL
);
CREATE INDEX passwords_guesses_person ON passwords_guesses (person);
