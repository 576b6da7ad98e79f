-- Who was asked to be named in a bulletin, and who agrees: a no is no row.
CREATE TABLE bulletin_questions (
    district     text NOT NULL,
    bulletin_id  uuid NOT NULL,
    member_id    uuid NOT NULL,
    community_id uuid NOT NULL,
    month        text NOT NULL,
    PRIMARY KEY (district, bulletin_id, member_id)
);
CREATE INDEX bulletin_questions_of_member ON bulletin_questions (district, member_id);

CREATE TABLE bulletin_agreements (
    district    text NOT NULL,
    bulletin_id uuid NOT NULL,
    member_id   uuid NOT NULL,
    PRIMARY KEY (district, bulletin_id, member_id)
);

