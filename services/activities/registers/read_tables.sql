-- Venues and partnerships; organisation_id: who shares or builds together.
CREATE TABLE register_entries (
    district        text NOT NULL,
    entry_id        uuid NOT NULL,
    community_id    uuid NOT NULL,
    kind            text NOT NULL,
    organisation_id uuid,
    facts           jsonb NOT NULL,
    closed_on       date,
    reason          text,
    PRIMARY KEY (district, entry_id)
);
CREATE INDEX register_entries_of_community ON register_entries (district, community_id, entry_id);

-- What was shown of an affair, once per publication.
CREATE TABLE affair_publications (
    district       text NOT NULL,
    affair_id      uuid NOT NULL,
    number         integer NOT NULL,
    community_id   uuid NOT NULL,
    stage          text NOT NULL,
    subject        text NOT NULL,
    content        text NOT NULL,
    responsible    text NOT NULL,
    published_on   date NOT NULL,
    comments_until date,
    PRIMARY KEY (district, affair_id, number)
);
CREATE INDEX affair_publications_of_community ON affair_publications (district, community_id, affair_id);

