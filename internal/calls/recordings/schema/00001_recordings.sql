-- +goose Up
-- wrapped is the recording's key, NULL once it is erased; number the caller's, wrapped
-- too; token finds it. length is in samples, the levels in hundredths of a dB below full scale.
CREATE TABLE recordings_tapes (
    id             TEXT PRIMARY KEY,
    call           TEXT NOT NULL,
    client         TEXT NOT NULL,
    work           TEXT NOT NULL,
    queue          TEXT NOT NULL,
    direction      TEXT NOT NULL,
    node           TEXT NOT NULL,
    number         BLOB,
    token          TEXT NOT NULL,
    wrapped        BLOB,
    peaks          BLOB,
    started        BIGINT NOT NULL,
    ended          BIGINT NOT NULL,
    state          TEXT NOT NULL,
    length         BIGINT NOT NULL,
    chunks         BIGINT NOT NULL,
    caller_level   BIGINT NOT NULL,
    centre_level   BIGINT NOT NULL,
    hash           TEXT NOT NULL,
    held           TEXT NOT NULL,
    erased         BIGINT NOT NULL,
    gone           BIGINT NOT NULL
);
CREATE INDEX recordings_tapes_client ON recordings_tapes (client, id);
CREATE INDEX recordings_tapes_call ON recordings_tapes (call);
CREATE INDEX recordings_tapes_token ON recordings_tapes (client, token, id) WHERE token <> '';
CREATE INDEX recordings_tapes_open ON recordings_tapes (node) WHERE ended = 0;
CREATE INDEX recordings_tapes_kept ON recordings_tapes (client, ended) WHERE erased = 0;
CREATE INDEX recordings_tapes_left ON recordings_tapes (erased) WHERE erased > 0 AND gone = 0;

-- What a recording does not hold and why; times in samples from its beginning.
CREATE TABLE recordings_marks (
    tape   TEXT NOT NULL,
    n      BIGINT NOT NULL,
    kind   TEXT NOT NULL,
    start  BIGINT NOT NULL,
    until  BIGINT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (tape, n)
);

-- Who spoke for the centre, from when on.
CREATE TABLE recordings_operators (
    tape   TEXT NOT NULL,
    n      BIGINT NOT NULL,
    person TEXT NOT NULL,
    start  BIGINT NOT NULL,
    PRIMARY KEY (tape, n)
);
CREATE INDEX recordings_operators_person ON recordings_operators (person, tape);

-- Each time that somebody opened a recording; the id marks what he hears.
CREATE TABLE recordings_listens (
    id     TEXT PRIMARY KEY,
    tape   TEXT NOT NULL,
    person TEXT NOT NULL,
    at     BIGINT NOT NULL
);
CREATE INDEX recordings_listens_tape ON recordings_listens (tape, at);

CREATE TABLE recordings_retention (
    client TEXT PRIMARY KEY,
    days   BIGINT NOT NULL
);
