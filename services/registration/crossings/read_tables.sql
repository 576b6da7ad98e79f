-- Home side: members of units here who are registered in another district.
CREATE TABLE away_registrations (
    district             text        NOT NULL,
    crossing_id          uuid        NOT NULL,
    member_id            uuid        NOT NULL,
    unit_id              uuid        NOT NULL,
    certificate_no       text        NOT NULL,
    host_district        text        NOT NULL,
    host_community       text        NOT NULL,
    status               text        NOT NULL,
    receipt_no           text,
    confirmed_on         date,
    receipt_acknowledged boolean     NOT NULL,
    ended_on             date,
    reason               text,
    issued_at            timestamptz NOT NULL,
    PRIMARY KEY (district, crossing_id)
);
CREATE INDEX away_registrations_by_number ON away_registrations (district, certificate_no);
CREATE INDEX away_registrations_by_unit ON away_registrations (district, unit_id);
CREATE INDEX away_registrations_by_member ON away_registrations (district, member_id);

-- Host side: who came from another district.
CREATE TABLE guests (
    district      text NOT NULL,
    crossing_id   uuid NOT NULL,
    member_id     uuid NOT NULL,
    home_district text NOT NULL,
    PRIMARY KEY (district, crossing_id)
);
CREATE INDEX guests_by_member ON guests (district, member_id);
