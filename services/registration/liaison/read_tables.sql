-- Contacts between a work unit and a community, seen by both.
CREATE TABLE liaison_contacts (
    district        text        NOT NULL,
    contact_id      uuid        NOT NULL,
    unit_id         uuid        NOT NULL,
    community_id    uuid        NOT NULL,
    recorded_by     text        NOT NULL,
    kind            text        NOT NULL,
    subject         text        NOT NULL,
    held_on         date        NOT NULL,
    matter          text        NOT NULL,
    recorded_at     timestamptz NOT NULL,
    acknowledged_at timestamptz,
    withdrawn_at    timestamptz,
    reason          text,
    PRIMARY KEY (district, contact_id)
);
CREATE INDEX liaison_contacts_by_unit ON liaison_contacts (district, unit_id, held_on, contact_id);
CREATE INDEX liaison_contacts_by_community ON liaison_contacts (district, community_id, held_on, contact_id);
