-- Help pairings: the helped are a number on the community's paper.
CREATE TABLE pairings (
    district       text NOT NULL,
    pairing_id     uuid NOT NULL,
    community_id   uuid NOT NULL,
    recipient_type text NOT NULL,
    goal           text NOT NULL,
    file_no        text,
    need_id        uuid,
    helpers_wanted integer NOT NULL,
    is_with_minors boolean NOT NULL,
    has_consent    boolean NOT NULL,
    term_start     date NOT NULL,
    term_end       date NOT NULL,
    review_by      date NOT NULL,
    progress       text,
    visits         integer NOT NULL,
    last_visit_on  date,
    status         text NOT NULL,
    reason         text,
    PRIMARY KEY (district, pairing_id)
);
CREATE INDEX pairings_of_need ON pairings (district, need_id) WHERE need_id IS NOT NULL;

CREATE TABLE pairing_helpers (
    district   text NOT NULL,
    pairing_id uuid NOT NULL,
    member_id  uuid NOT NULL,
    PRIMARY KEY (district, pairing_id, member_id)
);
CREATE INDEX pairing_helpers_of_member ON pairing_helpers (district, member_id);

