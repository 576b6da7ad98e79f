-- Registrations in every state, pseudonymous, with the receipt.
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
