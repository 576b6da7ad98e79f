-- Complaints: who complained is a member, a unit or a community; desk answers, and upper_desk too once the day has passed.
CREATE TABLE complaints (
    district        text NOT NULL,
    complaint_id    uuid NOT NULL,
    kind            text NOT NULL,
    about           text NOT NULL,
    organisation_id uuid,
    member_id       uuid,
    unit_id         uuid,
    community_id    uuid,
    content         text NOT NULL,
    lodged_by       text NOT NULL,
    lodged_at       timestamptz NOT NULL,
    desk            text NOT NULL,
    upper_desk      text,
    answer_by       date NOT NULL,
    outcome         text,
    answer          text,
    PRIMARY KEY (district, complaint_id)
);
CREATE INDEX complaints_of_member ON complaints (district, member_id) WHERE member_id IS NOT NULL;

