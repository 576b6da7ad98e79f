-- One row per scoring-relevant event. The highest revision of (kind, subject) counts; a voided one counts for nothing.
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

-- When an activity takes place: attendance does not say it itself.
CREATE TABLE activity_days (
    district    text NOT NULL,
    activity_id uuid NOT NULL,
    held_on     date NOT NULL,
    PRIMARY KEY (district, activity_id)
);

-- When the term of a post ends: claims do not say it themselves.
CREATE TABLE post_terms (
    district text NOT NULL,
    post_id  uuid NOT NULL,
    term_end date NOT NULL,
    PRIMARY KEY (district, post_id)
);
