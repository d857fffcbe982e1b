-- +goose Up
-- A row here says that two administrators have been able to sign in. From then
-- on nobody lets somebody into a role of this console alone, whoever leaves.
CREATE TABLE operators_foureyes (
    id    BIGINT PRIMARY KEY,
    since BIGINT NOT NULL
);

-- 1: a second administrator approved this link, or it was made on the host.
ALTER TABLE operators_links ADD COLUMN seconded BIGINT NOT NULL DEFAULT 0;
