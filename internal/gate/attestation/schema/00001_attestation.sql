-- +goose Up
-- Endorsement keys that are known: the allow-list.
CREATE TABLE attestation_eks (
    ek    TEXT   NOT NULL PRIMARY KEY, -- SHA-256 of the EK's PKIX DER, hex
    label TEXT   NOT NULL,
    added BIGINT NOT NULL              -- µs UTC
);

-- Authorities of TPM makers whose EK certificates count.
CREATE TABLE attestation_cas (
    id          TEXT   NOT NULL PRIMARY KEY, -- SHA-256 of the certificate, hex
    certificate BLOB   NOT NULL,             -- DER
    subject     TEXT   NOT NULL,
    ends        BIGINT NOT NULL,             -- µs UTC, its notAfter
    added       BIGINT NOT NULL              -- µs UTC
);

CREATE TABLE attestation_rules (
    name  TEXT NOT NULL PRIMARY KEY, -- only_known
    value TEXT NOT NULL
);

-- +goose Down
DROP TABLE attestation_rules;
DROP TABLE attestation_cas;
DROP TABLE attestation_eks;
