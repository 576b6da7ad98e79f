-- Appeals against one version of a statement.
CREATE TABLE appeals (
    district          text    NOT NULL,
    appeal_id         uuid    NOT NULL,
    member_id         uuid    NOT NULL,
    period_id         uuid    NOT NULL,
    unit_id           uuid    NOT NULL,
    community_id      uuid    NOT NULL,
    statement_version integer NOT NULL,
    line_ids          uuid[]  NOT NULL,
    grounds           text    NOT NULL,
    status            text    NOT NULL,
    is_escalated      boolean NOT NULL,
    reasons           text,
    lodged_on         date    NOT NULL,
    decide_by         date    NOT NULL,
    PRIMARY KEY (district, appeal_id)
);
CREATE INDEX appeals_of_member ON appeals (district, period_id, member_id);
