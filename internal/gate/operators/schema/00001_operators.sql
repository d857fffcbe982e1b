-- +goose Up
CREATE TABLE operators_people (
    id          TEXT PRIMARY KEY,
    name        TEXT NOT NULL,
    kana        TEXT NOT NULL,
    login       TEXT NOT NULL UNIQUE,
    roles       TEXT NOT NULL,
    face_usable BIGINT NOT NULL,
    place       TEXT NOT NULL,
    active      BIGINT NOT NULL,
    created     BIGINT NOT NULL
);

-- body is the credential as go-webauthn keeps it: public key, counter, flags.
CREATE TABLE operators_passkeys (
    id      TEXT PRIMARY KEY,
    person  TEXT NOT NULL,
    rp      TEXT NOT NULL,
    body    TEXT NOT NULL,
    created BIGINT NOT NULL,
    used    BIGINT NOT NULL
);
CREATE INDEX operators_passkeys_person ON operators_passkeys (person, rp);

-- Console sessions by the SHA-256 of their bearer.
CREATE TABLE operators_sessions (
    hash    TEXT PRIMARY KEY,
    person  TEXT NOT NULL,
    method  TEXT NOT NULL,
    created BIGINT NOT NULL,
    seen    BIGINT NOT NULL
);
CREATE INDEX operators_sessions_person ON operators_sessions (person);

-- One-use links, by the SHA-256 of their token: kind is "setup" or "invitation".
CREATE TABLE operators_links (
    hash    TEXT PRIMARY KEY,
    kind    TEXT NOT NULL,
    person  TEXT NOT NULL,
    made    BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    used    BIGINT NOT NULL
);
CREATE INDEX operators_links_person ON operators_links (kind, person);

-- A row here says that all of this is demonstration data with invented people.
CREATE TABLE operators_demo (
    id BIGINT PRIMARY KEY,
    at BIGINT NOT NULL
);
