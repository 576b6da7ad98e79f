-- Read model of evaluation: facts, and what is needed to score and show them. Scores are computed from facts, never stored but as published.

-- One row per scoring-relevant event. The highest revision of (kind, subject) counts; `voided` says nothing any more.
-- period_id: the period that the event names; null: the one in which occurred … until lies.
CREATE TABLE facts (
    district  text    NOT NULL,
    member_id uuid    NOT NULL,
    kind      text    NOT NULL,
    subject   text    NOT NULL,
    revision  integer NOT NULL,
    event_id  uuid    NOT NULL,
    occurred  date    NOT NULL,
    until     date    NOT NULL,
    voided    boolean NOT NULL,
    data      jsonb   NOT NULL,
    evidence  uuid[]  NOT NULL,
    replaces  uuid,
    period_id uuid,
    PRIMARY KEY (district, member_id, kind, subject, revision)
);
CREATE INDEX facts_on_claims ON facts (district, subject, revision) WHERE kind = 'DUTY';

-- Two entries of one person: member_id was given up, into_member_id remains. All rows stay under the id that their event names.
-- given_up_in: position in the log of registration.
CREATE TABLE merged (
    district       text   NOT NULL,
    member_id      uuid   NOT NULL,
    into_member_id uuid   NOT NULL,
    given_up_in    bigint NOT NULL,
    PRIMARY KEY (district, member_id)
);
CREATE INDEX merged_into ON merged (district, into_member_id);

-- paused: days on which the registration was suspended and resumed, in turn.
CREATE TABLE registrations (
    district        text    NOT NULL,
    registration_id uuid    NOT NULL,
    member_id       uuid    NOT NULL,
    unit_id         uuid    NOT NULL,
    community_id    uuid    NOT NULL,
    is_probationary boolean NOT NULL,
    reported_on     date    NOT NULL,
    reported_by     uuid    NOT NULL,  -- the event
    confirmed_by    uuid,              -- the event; null: not confirmed (yet)
    closed_on       date,
    paused          date[]  NOT NULL,
    PRIMARY KEY (district, registration_id)
);
CREATE INDEX registrations_of_member ON registrations (district, member_id);

-- What became of the status that a registration names; the last word of a day counts.
CREATE TABLE political_statuses (
    district        text    NOT NULL,
    member_id       uuid    NOT NULL,
    changed_on      date    NOT NULL,
    is_probationary boolean NOT NULL,
    PRIMARY KEY (district, member_id, changed_on)
);

-- When an activity takes place and when the term of a post ends: attendance and claims do not say it themselves.
CREATE TABLE activity_days (
    district    text NOT NULL,
    activity_id uuid NOT NULL,
    held_on     date NOT NULL,
    PRIMARY KEY (district, activity_id)
);
CREATE TABLE post_terms (
    district text NOT NULL,
    post_id  uuid NOT NULL,
    term_end date NOT NULL,
    PRIMARY KEY (district, post_id)
);

CREATE TABLE periods (
    district           text    NOT NULL,
    period_id          uuid    NOT NULL,
    title              text    NOT NULL,
    starts_on          date    NOT NULL,
    ends_on            date    NOT NULL,
    programme_deadline date    NOT NULL,
    occasions          text[]  NOT NULL,
    opened_by          uuid    NOT NULL,  -- the event
    orders             integer NOT NULL,
    is_closed          boolean NOT NULL,
    PRIMARY KEY (district, period_id)
);

CREATE TABLE rule_sets (
    district       text    NOT NULL,
    rule_set_id    uuid    NOT NULL,
    programme      text    NOT NULL,
    version        integer NOT NULL,
    title          text    NOT NULL,
    legal_basis    text    NOT NULL,
    status         text    NOT NULL,
    effective_from date,
    effective_to   date,
    notice_days    integer,
    definition     jsonb   NOT NULL,
    PRIMARY KEY (district, rule_set_id)
);

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

CREATE TABLE waivers (
    district    text NOT NULL,
    period_id   uuid NOT NULL,
    member_id   uuid NOT NULL,
    category    text NOT NULL,
    reason_code text NOT NULL,
    PRIMARY KEY (district, period_id, member_id, category)
);

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

-- Every version of every published statement; `body` is the event's data.
CREATE TABLE statements (
    district     text    NOT NULL,
    period_id    uuid    NOT NULL,
    member_id    uuid    NOT NULL,
    version      integer NOT NULL,
    unit_id      uuid    NOT NULL,
    community_id uuid    NOT NULL,
    grade        text    NOT NULL,
    is_latest    boolean NOT NULL,
    published_at timestamptz NOT NULL,
    body         jsonb   NOT NULL,
    PRIMARY KEY (district, period_id, member_id, version)
);
CREATE INDEX statements_of_member ON statements (district, member_id, period_id);

CREATE TABLE feedback_reports (
    district        text    NOT NULL,
    report_id       uuid    NOT NULL,
    member_id       uuid    NOT NULL,
    community_id    uuid    NOT NULL,
    unit_id         uuid    NOT NULL,
    year            integer NOT NULL,
    quarter         integer NOT NULL,
    activities      integer NOT NULL,
    minutes         integer NOT NULL,
    remark          text    NOT NULL,
    comment         text,
    comment_until   date    NOT NULL,
    status          text    NOT NULL,
    PRIMARY KEY (district, report_id)
);
CREATE INDEX feedback_reports_of_member ON feedback_reports (district, member_id);

-- Award rounds. community_id null: the district's. panel: who decides; what they voted has no table.
CREATE TABLE award_rounds (
    district       text    NOT NULL,
    round_id       uuid    NOT NULL,
    period_id      uuid    NOT NULL,
    level          text    NOT NULL,
    community_id   uuid,
    title          text    NOT NULL,
    criteria       text    NOT NULL,
    awards         integer NOT NULL,
    nominate_until date    NOT NULL,
    consent_until  date    NOT NULL,
    vote_until     date    NOT NULL,
    notice_days    integer NOT NULL,
    panel          text[]  NOT NULL,
    status         text    NOT NULL,
    notice_until   date,
    closed_on      date,
    PRIMARY KEY (district, round_id)
);

-- unit_id or community_id: who nominated.
CREATE TABLE award_nominees (
    district     text   NOT NULL,
    round_id     uuid   NOT NULL,
    member_id    uuid   NOT NULL,
    unit_id      uuid,
    community_id uuid,
    grounds      text[] NOT NULL,
    reason       text   NOT NULL,
    status       text   NOT NULL,
    PRIMARY KEY (district, round_id, member_id)
);
CREATE INDEX award_nominees_of_member ON award_nominees (district, member_id);

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
-- Statements in the hands of a named recipient until a day; destroyed_on: when that was confirmed. unit_id: that handed it on, if stated.
CREATE TABLE exports (
    district          text    NOT NULL,
    export_id         uuid    NOT NULL,
    member_id         uuid    NOT NULL,
    period_id         uuid    NOT NULL,
    unit_id           uuid,
    statement_version integer NOT NULL,
    occasion          text    NOT NULL,
    recipient         text    NOT NULL,
    expires_on        date    NOT NULL,
    destroyed_on      date,
    PRIMARY KEY (district, export_id)
);
CREATE INDEX exports_of_unit ON exports (district, unit_id) WHERE destroyed_on IS NULL;
