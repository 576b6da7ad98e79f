-- event_id: the event in force, which a correction has to name; revision: how often the record was decided.
CREATE TABLE records (
    district             text NOT NULL,
    record_id            uuid NOT NULL,
    record_no            text NOT NULL,
    activity_id          uuid NOT NULL,
    member_id            uuid NOT NULL,
    community_id         uuid NOT NULL,
    unit_id              uuid NOT NULL,
    activity_name        text NOT NULL,
    activity_type        text NOT NULL,
    time_band            text NOT NULL,
    place                text NOT NULL,
    recipient_type       text NOT NULL,
    content              text NOT NULL,
    starts_at            timestamptz NOT NULL,
    ends_at              timestamptz NOT NULL,
    minutes              integer NOT NULL,
    waiting_minutes      integer NOT NULL DEFAULT 0,  -- above eight hours of the day, without a second confirmation
    served_on            date NOT NULL,
    person_in_charge     text NOT NULL,
    recorder             text NOT NULL,
    evidence_level       text NOT NULL,
    post_id              uuid,
    duty_units           integer NOT NULL,
    six_ones_item        text,
    outcomes             jsonb NOT NULL,
    flags                text[] NOT NULL,
    status               text NOT NULL,
    revision             integer NOT NULL,
    event_id             uuid NOT NULL,
    decided_by           text,
    reason               text,
    correction_requested text,
    answer_correction_by date,
    PRIMARY KEY (district, record_id)
);
CREATE INDEX records_of_activity ON records (district, activity_id, record_id);
CREATE INDEX records_of_member ON records (district, member_id, served_on);
CREATE INDEX records_of_post ON records (district, post_id, member_id) WHERE post_id IS NOT NULL;
CREATE INDEX records_to_correct ON records (district, community_id, record_id) WHERE correction_requested IS NOT NULL;
CREATE INDEX records_open ON records (district, community_id, activity_id) WHERE status = 'LOGGED';

