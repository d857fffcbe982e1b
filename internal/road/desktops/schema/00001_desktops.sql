-- +goose Up
CREATE TABLE desktops_desktops (
    id      TEXT   NOT NULL PRIMARY KEY,
    name    TEXT   NOT NULL UNIQUE, -- as operators see it
    host    TEXT   NOT NULL,        -- name or address on the centre's own network
    port    BIGINT NOT NULL,
    secret  BLOB,                   -- VNC password, wrapped by the vault's master; NULL: none
    changed BIGINT NOT NULL         -- µs UTC
);

-- +goose Down
DROP TABLE desktops_desktops;
