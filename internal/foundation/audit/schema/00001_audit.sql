-- +goose Up
-- The one head. Everything below is derived from the leaves or signs them.
CREATE TABLE audit_head (
    id    BIGINT PRIMARY KEY,
    size  BIGINT NOT NULL,
    epoch BIGINT NOT NULL
);
INSERT INTO audit_head (id, size, epoch) VALUES (1, 0, 1);

-- leaf is the canonical JSON that was hashed; the columns before it repeat parts of it for searching.
CREATE TABLE audit_leaves (
    seq     BIGINT PRIMARY KEY,
    id      TEXT NOT NULL UNIQUE,
    at      BIGINT NOT NULL,
    kind    TEXT NOT NULL,
    person  TEXT NOT NULL,
    device  TEXT NOT NULL,
    session TEXT NOT NULL,
    object  TEXT NOT NULL,
    leaf    TEXT NOT NULL
);
CREATE INDEX audit_leaves_person ON audit_leaves (person, seq) WHERE person <> '';
CREATE INDEX audit_leaves_device ON audit_leaves (device, seq) WHERE device <> '';
CREATE INDEX audit_leaves_session ON audit_leaves (session, seq) WHERE session <> '';
CREATE INDEX audit_leaves_object ON audit_leaves (object, seq) WHERE object <> '';

-- Hashes of complete subtrees, numbered as tlog.StoredHashIndex does.
CREATE TABLE audit_hashes (
    pos  BIGINT PRIMARY KEY,
    hash BLOB NOT NULL
);

-- Personal values in clear, by event. Erasing a row leaves every proof valid.
CREATE TABLE audit_clear (
    event TEXT NOT NULL,
    field TEXT NOT NULL,
    salt  BLOB NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (event, field)
);

-- PostgreSQL only: committed and waiting for a number.
CREATE TABLE audit_inbox (
    id   TEXT PRIMARY KEY,
    leaf TEXT NOT NULL,
    mac  BLOB NOT NULL
);

CREATE TABLE audit_checkpoints (
    epoch BIGINT NOT NULL,
    size  BIGINT NOT NULL,
    at    BIGINT NOT NULL,
    note  BLOB NOT NULL,
    PRIMARY KEY (epoch, size)
);

-- Checkpoints that others hold and reported back: the largest that fits, and all that do not.
CREATE TABLE audit_pins (
    epoch BIGINT NOT NULL,
    size  BIGINT NOT NULL,
    root  BLOB NOT NULL,
    at    BIGINT NOT NULL,
    note  BLOB NOT NULL,
    PRIMARY KEY (epoch, size, root)
);

-- Restarts that two officers signed.
CREATE TABLE audit_epochs (
    number BIGINT PRIMARY KEY,
    size   BIGINT NOT NULL,
    kept   BIGINT NOT NULL,
    lost   BIGINT NOT NULL,
    at     BIGINT NOT NULL,
    signed TEXT NOT NULL
);
