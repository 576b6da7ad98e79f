-- is_proposal_refused: people decide without a grade proposed by the engine.
CREATE TABLE cases (
    district            text    NOT NULL,
    period_id           uuid    NOT NULL,
    member_id           uuid    NOT NULL,
    is_unit_assessed    boolean NOT NULL,
    community_opinion   text,
    confirmed_grade     text,
    confirmed_reasons   text,
    is_proposal_refused boolean NOT NULL DEFAULT false,
    PRIMARY KEY (district, period_id, member_id)
);

-- Days that are not asked of a member.
CREATE TABLE exemptions (
    district     text NOT NULL,
    exemption_id uuid NOT NULL,
    member_id    uuid NOT NULL,
    period_id    uuid NOT NULL,
    starts_on    date NOT NULL,
    ends_on      date NOT NULL,
    reason_code  text NOT NULL,
    PRIMARY KEY (district, exemption_id)
);
CREATE INDEX exemptions_of_member ON exemptions (district, period_id, member_id);

-- Categories that are not asked of a member.
CREATE TABLE waivers (
    district    text NOT NULL,
    period_id   uuid NOT NULL,
    member_id   uuid NOT NULL,
    category    text NOT NULL,
    reason_code text NOT NULL,
    PRIMARY KEY (district, period_id, member_id, category)
);
