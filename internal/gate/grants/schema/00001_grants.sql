-- +goose Up
-- Who may reach which desktop.
CREATE TABLE grants_desktops (
    desktop TEXT NOT NULL,
    person  TEXT NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (desktop, person)
);
CREATE INDEX grants_desktops_person ON grants_desktops (person);

-- How much personal data a desktop shows: "none", "little"; no row means that it does.
CREATE TABLE grants_levels (
    desktop TEXT PRIMARY KEY,
    level   TEXT NOT NULL
);

-- Who must pass a challenge before the next session under a strict policy, and why.
CREATE TABLE grants_suspects (
    person TEXT PRIMARY KEY,
    state  TEXT NOT NULL,
    at     BIGINT NOT NULL
);
