-- +goose Up
-- Groups of people and the PCs that they use together.
CREATE TABLE pools_pools (
    id      TEXT   NOT NULL PRIMARY KEY,
    name    TEXT   NOT NULL,
    client  TEXT   NOT NULL, -- '' where it is no client company's
    created BIGINT NOT NULL, -- µs UTC
    ended   BIGINT NOT NULL  -- 0 while it stands
);
CREATE UNIQUE INDEX pools_pools_name ON pools_pools (name) WHERE ended = 0;

CREATE TABLE pools_people (
    pool   TEXT   NOT NULL,
    person TEXT   NOT NULL,
    since  BIGINT NOT NULL,
    PRIMARY KEY (pool, person)
);
CREATE INDEX pools_people_person ON pools_people (person);

-- A PC is of one group at most.
CREATE TABLE pools_devices (
    device TEXT   NOT NULL PRIMARY KEY,
    pool   TEXT   NOT NULL,
    since  BIGINT NOT NULL
);
CREATE INDEX pools_devices_pool ON pools_devices (pool);

-- The key to which faces are sealed for a PC, with what proves it.
CREATE TABLE pools_keys (
    device      TEXT  NOT NULL PRIMARY KEY,
    certificate BLOB NOT NULL,
    payload     BLOB NOT NULL,
    signature   BLOB NOT NULL
);

-- Sealed faces on their way; deleted when they have arrived.
CREATE TABLE pools_carried (
    person      TEXT   NOT NULL,
    device      TEXT   NOT NULL, -- where it goes
    commitment  TEXT   NOT NULL,
    sealed      BLOB  NOT NULL,
    certificate BLOB  NOT NULL, -- of the PC that sealed it
    payload     BLOB  NOT NULL,
    signature   BLOB  NOT NULL,
    at          BIGINT NOT NULL,
    PRIMARY KEY (person, device)
);
CREATE INDEX pools_carried_device ON pools_carried (device);

-- +goose Down
DROP TABLE pools_carried;
DROP TABLE pools_keys;
DROP TABLE pools_devices;
DROP TABLE pools_people;
DROP TABLE pools_pools;
