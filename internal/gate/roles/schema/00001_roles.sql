-- +goose Up
CREATE TABLE roles_roles (
    id      TEXT PRIMARY KEY,
    name    TEXT NOT NULL UNIQUE,
    rights  TEXT NOT NULL,
    version BIGINT NOT NULL,
    changed BIGINT NOT NULL
);

CREATE TABLE roles_people (
    role   TEXT NOT NULL,
    person TEXT NOT NULL,
    PRIMARY KEY (role, person)
);
CREATE INDEX roles_people_person ON roles_people (person);

-- Changes that wait for a second administrator, and those that were done (used).
CREATE TABLE roles_changes (
    id     TEXT PRIMARY KEY,
    act    TEXT NOT NULL,
    role   TEXT NOT NULL,
    seen   BIGINT NOT NULL,
    name   TEXT NOT NULL,
    rights TEXT NOT NULL,
    person TEXT NOT NULL,
    author TEXT NOT NULL,
    at     BIGINT NOT NULL,
    used   BIGINT NOT NULL
);
