CREATE TABLE activities (
    district      text NOT NULL,
    activity_id   uuid NOT NULL,
    community_id  uuid NOT NULL,
    title         text NOT NULL,
    activity_type text NOT NULL,
    time_band     text NOT NULL,
    starts_at     timestamptz NOT NULL,
    ends_at       timestamptz NOT NULL,
    place         text NOT NULL,
    capacity      integer,
    description   text NOT NULL,
    post_id       uuid,
    team_id       uuid,
    six_ones_item text,
    unit_consent  text,
    time_band_reason text,
    series_id     uuid,
    is_with_minors boolean NOT NULL,
    waiting_list_limit integer NOT NULL,
    status        text NOT NULL,
    reason        text,
    revision      integer NOT NULL DEFAULT 0,  -- SEQUENCE of RFC 5545: changes of the plan so far
    PRIMARY KEY (district, activity_id)
);
CREATE INDEX activities_by_start ON activities (district, starts_at, activity_id);

-- waiting_since: where in the log the member got in line for a place.
CREATE TABLE participants (
    district            text NOT NULL,
    activity_id         uuid NOT NULL,
    member_id           uuid NOT NULL,
    is_signed_up        boolean NOT NULL,
    waiting_since       bigint,
    leave               text,
    leave_reason        text,
    attendance          text,
    attendance_recorder text,
    PRIMARY KEY (district, activity_id, member_id)
);
CREATE INDEX participants_of_member ON participants (district, member_id, activity_id);

