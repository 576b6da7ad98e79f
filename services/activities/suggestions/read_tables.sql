CREATE TABLE suggestions (
    district      text NOT NULL,
    suggestion_id uuid NOT NULL,
    member_id     uuid NOT NULL,
    community_id  uuid NOT NULL,
    title         text NOT NULL,
    content       text NOT NULL,
    status        text NOT NULL,
    answer        text,
    PRIMARY KEY (district, suggestion_id)
);

CREATE TABLE matters (
    district     text NOT NULL,
    matter_id    uuid NOT NULL,
    member_id    uuid NOT NULL,
    community_id uuid NOT NULL,
    title        text NOT NULL,
    content      text NOT NULL,
    status       text NOT NULL,
    answer       text,
    PRIMARY KEY (district, matter_id)
);

