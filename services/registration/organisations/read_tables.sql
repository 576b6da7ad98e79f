-- Organisations of the district with the names they had; those that were dissolved stay, papers of their time still name them.
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
    place            text,
    former_names     text[] NOT NULL DEFAULT '{}',
    dissolved_on     date,
    PRIMARY KEY (district, organisation_id)
);
CREATE INDEX organisations_by_kind ON organisations (district, kind, name, organisation_id);
CREATE INDEX organisations_by_parent ON organisations (district, parent_id);
