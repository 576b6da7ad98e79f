-- Statements in the hands of a named recipient until a day; destroyed_on: when that was confirmed. unit_id: that handed it on, if stated.
CREATE TABLE exports (
    district          text    NOT NULL,
    export_id         uuid    NOT NULL,
    member_id         uuid    NOT NULL,
    period_id         uuid    NOT NULL,
    unit_id           uuid,
    statement_version integer NOT NULL,
    occasion          text    NOT NULL,
    recipient         text    NOT NULL,
    expires_on        date    NOT NULL,
    destroyed_on      date,
    PRIMARY KEY (district, export_id)
);
CREATE INDEX exports_of_unit ON exports (district, unit_id) WHERE destroyed_on IS NULL;
