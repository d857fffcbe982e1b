-- +goose Up
-- One row for each PC that was ever registered; nothing is deleted.
CREATE TABLE devices_devices (
    id         TEXT   NOT NULL PRIMARY KEY,
    tag        TEXT   NOT NULL,
    model      TEXT   NOT NULL,
    place      TEXT   NOT NULL,
    person     TEXT   NOT NULL,
    policy     TEXT   NOT NULL,
    state      TEXT   NOT NULL,
    since      BIGINT NOT NULL, -- µs UTC, of the state
    reason     TEXT   NOT NULL,
    tier       TEXT   NOT NULL, -- '' until approved
    enrolment  TEXT   NOT NULL, -- the one that counts, '' if none
    registered BIGINT NOT NULL  -- µs UTC
);
-- A returned or revoked PC gives its asset tag free.
CREATE UNIQUE INDEX devices_devices_tag ON devices_devices (tag) WHERE state NOT IN ('returned', 'revoked');
CREATE INDEX devices_devices_person ON devices_devices (person);

CREATE TABLE devices_codes (
    secret    TEXT   NOT NULL PRIMARY KEY, -- hash of the secret, hex
    device    TEXT   NOT NULL,
    made      BIGINT NOT NULL,
    expires   BIGINT NOT NULL,
    used      BIGINT NOT NULL, -- 0 while unused
    withdrawn BIGINT NOT NULL  -- 0 unless a newer code or the PC's state ended it
);
CREATE INDEX devices_codes_device ON devices_codes (device);

CREATE TABLE devices_enrolments (
    id          TEXT   NOT NULL PRIMARY KEY,
    device      TEXT   NOT NULL,
    ticket      TEXT   NOT NULL, -- hash of the ticket, hex
    state       TEXT   NOT NULL, -- pending, issued, refused
    code        TEXT   NOT NULL, -- why refused
    key_kind    TEXT   NOT NULL,
    key_hash    TEXT   NOT NULL, -- SHA-256 of spki, hex
    fingerprint TEXT   NOT NULL, -- of spki, as both screens show it
    ek_hash     TEXT   NOT NULL, -- SHA-256 of ek, hex; '' without a TPM
    csr         BLOB   NOT NULL,
    spki        BLOB   NOT NULL,
    ek          BLOB   NOT NULL,
    certificate BLOB   NOT NULL, -- empty until issued
    hostname    TEXT   NOT NULL,
    platform    TEXT   NOT NULL,
    agent       TEXT   NOT NULL,
    asked       BIGINT NOT NULL,
    decided     BIGINT NOT NULL  -- 0 while pending
);
CREATE UNIQUE INDEX devices_enrolments_ticket ON devices_enrolments (ticket);
CREATE INDEX devices_enrolments_device ON devices_enrolments (device);
CREATE INDEX devices_enrolments_key ON devices_enrolments (key_hash);
CREATE INDEX devices_enrolments_ek ON devices_enrolments (ek_hash);

-- Every binding as it was signed, so that statements of its lease key can be
-- verified for as long as the audit log is kept.
CREATE TABLE devices_bindings (
    id        TEXT   NOT NULL PRIMARY KEY,
    device    TEXT   NOT NULL,
    at        BIGINT NOT NULL,
    key_hash  TEXT   NOT NULL, -- SHA-256 of the device key's SPKI, hex
    lease_key BLOB   NOT NULL,
    payload   BLOB   NOT NULL,
    signature BLOB   NOT NULL
);
CREATE INDEX devices_bindings_device ON devices_bindings (device, at);

-- +goose Down
DROP TABLE devices_bindings;
DROP TABLE devices_enrolments;
DROP TABLE devices_codes;
DROP TABLE devices_devices;
