-- Who is what in an organisation; the name of the holder is sealed.
CREATE TABLE offices (
    district        text    NOT NULL,
    office_id       uuid    NOT NULL,
    organisation_id uuid    NOT NULL,
    role            text    NOT NULL,
    holder          text    NOT NULL,
    name_sealed     text,
    starts_on       date    NOT NULL,
    ends_on         date,
    ended_on        date,
    is_part_time    boolean NOT NULL,
    PRIMARY KEY (district, office_id)
);
CREATE INDEX offices_by_organisation ON offices (district, organisation_id);
