-- +goose Up
-- A code that was printed for a PC on its way opens nothing before the receipt.
ALTER TABLE devices_codes ADD COLUMN held BIGINT NOT NULL DEFAULT 0; -- 1 until the receipt is confirmed
-- Of a PC at most one code may open.
CREATE UNIQUE INDEX devices_codes_open ON devices_codes (device) WHERE used = 0 AND withdrawn = 0;

-- +goose Down
DROP INDEX devices_codes_open;
ALTER TABLE devices_codes DROP COLUMN held;
