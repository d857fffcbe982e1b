-- +goose Up
CREATE TABLE identities_links (
    person  TEXT PRIMARY KEY,
    issuer  TEXT NOT NULL,
    subject TEXT NOT NULL,
    made    BIGINT NOT NULL,
    UNIQUE (issuer, subject)
);
