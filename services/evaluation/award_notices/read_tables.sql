-- Objections to a chosen nominee and their answers; who raised them is not kept here.
CREATE TABLE award_objections (
    district      text NOT NULL,
    objection_id  uuid NOT NULL,
    round_id      uuid NOT NULL,
    member_id     uuid NOT NULL,
    ground        text NOT NULL,
    reason        text NOT NULL,
    raised_on     date NOT NULL,
    comment       text,
    comment_until date NOT NULL,
    answer_by     date NOT NULL,
    status        text NOT NULL,
    answer        text,
    PRIMARY KEY (district, objection_id)
);
CREATE INDEX award_objections_of_round ON award_objections (district, round_id, member_id);
