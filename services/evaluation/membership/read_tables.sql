-- Two entries of one person: member_id was merged into into_member_id, which remains. All rows stay under the id that their event names.
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
    home_district   text,              -- to which the unit belongs; null: this one
    reported_on     date    NOT NULL,
    reported_by     uuid    NOT NULL,  -- the event
    confirmed_by    uuid,              -- the event; null: not confirmed (yet)
    closed_on       date,
    paused          date[]  NOT NULL,
    PRIMARY KEY (district, registration_id)
);
CREATE INDEX registrations_of_member ON registrations (district, member_id);

-- In which street a community lies.
CREATE TABLE streets (
    district     text NOT NULL,
    community_id uuid NOT NULL,
    street_id    uuid NOT NULL,
    PRIMARY KEY (district, community_id)
);

-- What became of the status that a registration names; the last change of a day counts.
CREATE TABLE political_statuses (
    district        text    NOT NULL,
    member_id       uuid    NOT NULL,
    changed_on      date    NOT NULL,
    is_probationary boolean NOT NULL,
    PRIMARY KEY (district, member_id, changed_on)
);
