-- +goose Up
CREATE TABLE clients_companies (
    id      TEXT PRIMARY KEY,
    name    TEXT NOT NULL UNIQUE,
    created BIGINT NOT NULL,
    ended   BIGINT NOT NULL
);
CREATE TABLE clients_works (
    id      TEXT PRIMARY KEY,
    client  TEXT NOT NULL,
    name    TEXT NOT NULL,
    created BIGINT NOT NULL,
    ended   BIGINT NOT NULL,
    UNIQUE (client, name)
);

-- until is exclusive; 0 where no end is known.
CREATE TABLE clients_assignments (
    id            TEXT PRIMARY KEY,
    work          TEXT NOT NULL,
    person        TEXT NOT NULL,
    since         BIGINT NOT NULL,
    until         BIGINT NOT NULL,
    subcontracted BIGINT NOT NULL
);
CREATE INDEX clients_assignments_work ON clients_assignments (work, person);
CREATE INDEX clients_assignments_person ON clients_assignments (person);

-- An auditor belongs to one client, or stands in no row.
CREATE TABLE clients_auditors (
    person TEXT PRIMARY KEY,
    client TEXT NOT NULL,
    since  BIGINT NOT NULL
);
CREATE INDEX clients_auditors_client ON clients_auditors (client);

CREATE TABLE clients_desktops (
    desktop TEXT PRIMARY KEY,
    work    TEXT NOT NULL
);
CREATE INDEX clients_desktops_work ON clients_desktops (work);
