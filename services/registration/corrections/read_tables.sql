-- Fields that members say are wrong, and the unit's answer; the value is sealed until it is answered.
CREATE TABLE corrections (
    district     text        NOT NULL,
    member_id    uuid        NOT NULL,
    field        text        NOT NULL,
    value_sealed text,
    status       text        NOT NULL,
    requested_at timestamptz NOT NULL,
    reason       text,
    PRIMARY KEY (district, member_id, field)
);
