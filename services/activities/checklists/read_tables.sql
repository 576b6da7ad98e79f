CREATE TABLE checklist_items (
    district        text NOT NULL,
    member_id       uuid NOT NULL,
    year            integer NOT NULL,
    item            text NOT NULL,
    source_event_id uuid NOT NULL,
    source_id       uuid NOT NULL,
    PRIMARY KEY (district, member_id, year, item)
);

-- Checklists besides the six ones; community_id is null for the whole district's.
CREATE TABLE programme_checklists (
    district       text NOT NULL,
    checklist_id   uuid NOT NULL,
    community_id   uuid,
    name           text NOT NULL,
    declared_items integer NOT NULL,
    audience       text NOT NULL,
    items          jsonb NOT NULL,
    is_active      boolean NOT NULL,
    PRIMARY KEY (district, checklist_id)
);

CREATE TABLE checklist_progress (
    district     text NOT NULL,
    checklist_id uuid NOT NULL,
    subject_id   uuid NOT NULL,
    year         integer NOT NULL,
    code         text NOT NULL,
    evidence     text NOT NULL,
    PRIMARY KEY (district, checklist_id, subject_id, year, code)
);

