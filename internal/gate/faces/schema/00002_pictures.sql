-- +goose Up
-- Pictures are guard/evidence's alone, which deletes them; what was left here to
-- delete has no row there and is collected.
DROP TABLE faces_doomed;
