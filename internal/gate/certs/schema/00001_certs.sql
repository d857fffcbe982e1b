-- +goose Up
CREATE TABLE certs_authorities (
    generation BIGINT NOT NULL PRIMARY KEY, -- 1, 2, …: the highest one issues
    der        BLOB   NOT NULL,
    made       BIGINT NOT NULL              -- µs UTC
);

-- Records of rotation: the newer authority's key certified by an older one.
CREATE TABLE certs_rotations (
    older BIGINT NOT NULL,
    newer BIGINT NOT NULL,
    der   BLOB   NOT NULL,
    made  BIGINT NOT NULL,
    PRIMARY KEY (older, newer)
);

CREATE TABLE certs_certificates (
    serial     TEXT   NOT NULL PRIMARY KEY, -- 40 hexadecimal digits
    device     TEXT   NOT NULL,             -- '' for the agents' door
    tier       TEXT   NOT NULL,
    generation BIGINT NOT NULL,
    key_hash   TEXT   NOT NULL,             -- SHA-256 of the SPKI, hex
    der        BLOB   NOT NULL,
    not_after  BIGINT NOT NULL,
    issued     BIGINT NOT NULL,
    revoked    BIGINT NOT NULL              -- 0 while good
);
CREATE INDEX certs_certificates_device ON certs_certificates (device);

-- +goose Down
DROP TABLE certs_certificates;
DROP TABLE certs_rotations;
DROP TABLE certs_authorities;
