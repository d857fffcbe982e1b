-- +goose Up
-- What goes out with a PC and comes back with it.
CREATE TABLE loans_loans (
    device  TEXT   NOT NULL PRIMARY KEY,
    until   BIGINT NOT NULL, -- µs UTC, it is to be back before this; 0 without an end
    since   BIGINT NOT NULL, -- µs UTC
    back    BIGINT NOT NULL, -- 0 while it is out
    back_to TEXT   NOT NULL, -- who received it
    note    TEXT   NOT NULL
);
CREATE TABLE loans_items (
    device TEXT   NOT NULL,
    number BIGINT NOT NULL,
    name   TEXT   NOT NULL,
    state  TEXT   NOT NULL, -- out, back, missing, carried
    PRIMARY KEY (device, number)
);
CREATE TABLE loans_cards (
    secret    TEXT   NOT NULL PRIMARY KEY, -- hash, hex
    device    TEXT   NOT NULL,
    number    BIGINT NOT NULL, -- the highest of a PC is its newest
    made      BIGINT NOT NULL,
    used      BIGINT NOT NULL, -- 0 while unused
    withdrawn BIGINT NOT NULL  -- 0 unless a newer card or the PC's end ended it
);
CREATE UNIQUE INDEX loans_cards_device ON loans_cards (device, number);

-- +goose Down
DROP TABLE loans_cards;
DROP TABLE loans_items;
DROP TABLE loans_loans;
