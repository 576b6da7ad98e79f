-- Proposed deductions and what became of them.
CREATE TABLE deductions (
    district     text NOT NULL,
    deduction_id uuid NOT NULL,
    member_id    uuid NOT NULL,
    period_id    uuid NOT NULL,
    community_id uuid NOT NULL,
    kind         text NOT NULL,
    status       text NOT NULL,
    reason       text NOT NULL,
    answer       text,
    answer_until date NOT NULL,
    PRIMARY KEY (district, deduction_id)
);
CREATE INDEX deductions_of_member ON deductions (district, period_id, member_id);
