-- +goose Up
-- A code that was printed for a PC on its way opens nothing before the receipt.
ALTER TABLE devices_codes ADD COLUMN held BIGINT NOT NULL DEFAULT 0; -- 1 until the receipt is confirmed

-- +goose Down
ALTER TABLE devices_codes DROP COLUMN held;
