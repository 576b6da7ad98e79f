-- What every read schema holds beside its tables: how far it is, and what it could not apply. Part of the projection: swapped with it.

CREATE TABLE checkpoints (
    district text   NOT NULL,
    source   text   NOT NULL,
    position bigint NOT NULL CHECK (position >= 0),
    newest   timestamptz NOT NULL,  -- business time of the newest event applied
    leaf_hash bytea NOT NULL,  -- of the event at `position`, empty at 0
    PRIMARY KEY (district, source)
);

CREATE TABLE parked (
    district text    NOT NULL,
    source   text    NOT NULL,
    sequence bigint  NOT NULL,
    stream   text    NOT NULL,
    error    text    NOT NULL,
    body     bytea   NOT NULL,
    PRIMARY KEY (district, source, sequence)
);
CREATE INDEX parked_streams ON parked (district, source, stream);

-- Districts that are being folded anew, because the log of `source` has lost the events up to `position` that had been applied.
CREATE TABLE rebuilding (
    district text   PRIMARY KEY,
    source   text   NOT NULL,
    position bigint NOT NULL
);

