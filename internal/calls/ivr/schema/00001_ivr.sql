-- +goose Up
-- draft is a flow as JSON, edit the number of times that it was saved; published is
-- the version in force, 0 for none.
CREATE TABLE ivr_flows (
    id        TEXT PRIMARY KEY,
    client    TEXT NOT NULL,
    name      TEXT NOT NULL,
    draft     TEXT NOT NULL,
    edit      BIGINT NOT NULL,
    published BIGINT NOT NULL,
    created   BIGINT NOT NULL,
    changed   BIGINT NOT NULL,
    ended     BIGINT NOT NULL
);
CREATE INDEX ivr_flows_client ON ivr_flows (client);

-- origin is the older version that one was taken from, 0 for a draft.
CREATE TABLE ivr_versions (
    flow    TEXT NOT NULL,
    version BIGINT NOT NULL,
    graph   TEXT NOT NULL,
    origin  BIGINT NOT NULL,
    author  TEXT NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (flow, version)
);

CREATE TABLE ivr_prompts (
    id      TEXT PRIMARY KEY,
    client  TEXT NOT NULL,
    name    TEXT NOT NULL,
    created BIGINT NOT NULL
);
CREATE INDEX ivr_prompts_client ON ivr_prompts (client);

-- ulaw is G.711 µ-law, 8,000 bytes a second; hash its SHA-256.
CREATE TABLE ivr_sounds (
    prompt TEXT NOT NULL,
    lang   TEXT NOT NULL,
    ulaw   BLOB NOT NULL,
    length BIGINT NOT NULL,
    hash   TEXT NOT NULL,
    author TEXT NOT NULL,
    at     BIGINT NOT NULL,
    PRIMARY KEY (prompt, lang)
);

CREATE TABLE ivr_calendars (
    id     TEXT PRIMARY KEY,
    client TEXT NOT NULL,
    edit   BIGINT NOT NULL,
    body   TEXT NOT NULL
);
CREATE INDEX ivr_calendars_client ON ivr_calendars (client);

-- wrapped is the key that requests are signed with, sealed by the server's master.
CREATE TABLE ivr_hooks (
    id      TEXT PRIMARY KEY,
    client  TEXT NOT NULL,
    name    TEXT NOT NULL,
    url     TEXT NOT NULL,
    wrapped BLOB NOT NULL,
    edit    BIGINT NOT NULL
);
CREATE INDEX ivr_hooks_client ON ivr_hooks (client);
