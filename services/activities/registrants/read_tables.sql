-- Who may take part: from registration's events. community_id is null for members who only filled in a profile. skills, interests and
-- willingness are what the member declared of themself; nothing else is known of them here.
CREATE TABLE registrants (
    district         text NOT NULL,
    member_id        uuid NOT NULL,
    member_no        text,
    registration_id  uuid,
    community_id     uuid,
    unit_id          uuid,
    occupation_group text,
    status           text NOT NULL,
    skills           text[] NOT NULL,
    interests        text[] NOT NULL,
    willingness      jsonb NOT NULL,
    PRIMARY KEY (district, member_id)
);
CREATE INDEX registrants_of_community ON registrants (district, community_id, occupation_group);

