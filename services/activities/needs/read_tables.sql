-- Residents' needs in the words that may be read now; none once returned. due_on: the last day for the first look, then for the answer.
CREATE TABLE needs (
    district     text NOT NULL,
    need_id      uuid NOT NULL,
    community_id uuid NOT NULL,
    category     text NOT NULL,
    content      text,
    place        text,
    member_id    uuid,
    status       text NOT NULL,
    due_on       date,
    forwarded_to text,
    answer       text,
    reason_code  text,
    reason       text,
    PRIMARY KEY (district, need_id)
);
CREATE INDEX needs_of_member ON needs (district, member_id) WHERE member_id IS NOT NULL;

