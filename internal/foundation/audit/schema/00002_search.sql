-- +goose Up
-- One index for each thing that is searched for, newest first by number, with the
-- time in it: a span of time is then narrowed down without reading the rows.
DROP INDEX audit_leaves_person;
DROP INDEX audit_leaves_device;
DROP INDEX audit_leaves_session;
DROP INDEX audit_leaves_object;
CREATE INDEX audit_leaves_person ON audit_leaves (person, seq, at) WHERE person <> '';
CREATE INDEX audit_leaves_device ON audit_leaves (device, seq, at) WHERE device <> '';
CREATE INDEX audit_leaves_session ON audit_leaves (session, seq, at) WHERE session <> '';
CREATE INDEX audit_leaves_object ON audit_leaves (object, seq, at) WHERE object <> '';
CREATE INDEX audit_leaves_kind ON audit_leaves (kind, seq);
CREATE INDEX audit_leaves_kind_at ON audit_leaves (kind, at, seq);
CREATE INDEX audit_leaves_at ON audit_leaves (at, seq);
