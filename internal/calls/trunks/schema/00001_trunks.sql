-- +goose Up
CREATE TABLE trunks_trunks (
    id         TEXT   NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL UNIQUE,
    kind       TEXT   NOT NULL, -- ip, registration
    host       TEXT   NOT NULL,
    port       BIGINT NOT NULL,
    transport  TEXT   NOT NULL, -- udp, tcp, tls
    security   TEXT   NOT NULL, -- none, sdes
    login      TEXT   NOT NULL, -- for registration and digest; '': none
    secret     BLOB,            -- its password, wrapped by the vault's master; NULL: none
    allow      TEXT   NOT NULL, -- prefixes from where its calls may come, by spaces
    max_calls  BIGINT NOT NULL,
    out_calls  BIGINT NOT NULL, -- outgoing at once; 0: none goes out
    per_minute BIGINT NOT NULL,
    opens      BIGINT NOT NULL, -- minutes of the day
    closes     BIGINT NOT NULL,
    zone       TEXT   NOT NULL,
    prefixes   TEXT   NOT NULL, -- numbers that may be dialled beside the country's, by spaces
    changed    BIGINT NOT NULL  -- µs UTC
);

CREATE TABLE trunks_numbers (
    number  TEXT   NOT NULL PRIMARY KEY, -- E.164
    trunk   TEXT   NOT NULL,
    work    TEXT   NOT NULL,
    flow    TEXT   NOT NULL,
    changed BIGINT NOT NULL -- µs UTC
);
CREATE INDEX trunks_numbers_trunk ON trunks_numbers (trunk);

-- +goose Down
DROP TABLE trunks_numbers;
DROP TABLE trunks_trunks;
