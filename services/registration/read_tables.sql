-- Read model of registration. Personal fields stay sealed here; queries open them for those who may see them.

CREATE TABLE organisations (
    district         text NOT NULL,
    organisation_id  uuid NOT NULL,
    kind             text NOT NULL,
    name             text NOT NULL,
    parent_id        uuid,
    community_type   text,
    occupation_group text,
    uscc             text,
    contact_email    text,
    PRIMARY KEY (district, organisation_id)
);
CREATE INDEX organisations_by_kind ON organisations (district, kind, name);

CREATE TABLE member_directory (
    district               text        NOT NULL,
    member_id              uuid        NOT NULL,
    member_no              text        NOT NULL,
    unit_id                uuid        NOT NULL,
    occupation_group       text        NOT NULL,
    political_status       text        NOT NULL,
    residence_community_id uuid,
    name_sealed            text,
    citizen_number_sealed  text,
    phone_sealed           text,
    email_sealed           text,
    skills                 text[]      NOT NULL,
    preferences            text[]      NOT NULL,
    is_erased              boolean     NOT NULL,
    lost_on                date,
    merged_into            uuid,
    wanted_name_sealed     text,
    enrolled_at            timestamptz NOT NULL,
    PRIMARY KEY (district, member_id)
);
CREATE INDEX member_directory_by_unit ON member_directory (district, unit_id, member_no);

CREATE TABLE consents (
    district     text        NOT NULL,
    member_id    uuid        NOT NULL,
    purpose      text        NOT NULL,
    text_version text        NOT NULL,
    given_at     timestamptz NOT NULL,
    PRIMARY KEY (district, member_id, purpose)
);

CREATE TABLE certificates (
    district       text        NOT NULL,
    certificate_id uuid        NOT NULL,
    certificate_no text        NOT NULL,
    member_id      uuid        NOT NULL,
    unit_id        uuid        NOT NULL,
    community_id   uuid        NOT NULL,
    status         text        NOT NULL,
    issued_at      timestamptz NOT NULL,
    PRIMARY KEY (district, certificate_id)
);
CREATE INDEX certificates_by_number ON certificates (district, certificate_no);
CREATE INDEX certificates_by_member ON certificates (district, member_id);
CREATE INDEX certificates_by_unit ON certificates (district, unit_id, certificate_no);
CREATE INDEX certificates_by_community ON certificates (district, community_id, certificate_no);

CREATE TABLE registrations (
    district         text    NOT NULL,
    registration_id  uuid    NOT NULL,
    member_id        uuid    NOT NULL,
    certificate_id   uuid    NOT NULL,
    certificate_no   text    NOT NULL,
    unit_id          uuid    NOT NULL,
    community_id     uuid    NOT NULL,
    occupation_group text    NOT NULL,
    political_status text    NOT NULL,
    status           text    NOT NULL,
    reported_on      date    NOT NULL,
    receipt_no       text,
    receipt_issued_at timestamptz,
    receipt_acknowledged boolean NOT NULL,
    renewed_on       date,
    closed_on        date,
    reason           text,
    transfer_to      uuid,
    transferred_to   uuid,
    PRIMARY KEY (district, registration_id)
);
CREATE INDEX registrations_by_member ON registrations (district, member_id);
CREATE INDEX registrations_by_community ON registrations (district, community_id, status, registration_id);
CREATE INDEX registrations_by_transfer ON registrations (district, transfer_to, registration_id);
CREATE INDEX registrations_by_unit ON registrations (district, unit_id, status, registration_id);
