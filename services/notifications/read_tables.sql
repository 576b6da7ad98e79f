-- Who belongs where and what things are called: just enough to address a notice. No names of persons, no addresses.

CREATE TABLE organisation (
    district        text NOT NULL,
    organisation_id uuid NOT NULL,
    name            text NOT NULL,
    has_mailbox     boolean NOT NULL,
    PRIMARY KEY (district, organisation_id)
);

CREATE TABLE member (
    district      text NOT NULL,
    member_id     uuid NOT NULL,
    is_registered boolean NOT NULL DEFAULT false,
    community_id  uuid,  -- where the member is or was registered last
    wants_letters boolean NOT NULL DEFAULT false,
    PRIMARY KEY (district, member_id)
);
CREATE INDEX member_registered ON member (district, member_id) WHERE is_registered;
CREATE INDEX member_of_community ON member (district, community_id) WHERE is_registered;

CREATE TABLE open_letter (
    district     text NOT NULL,
    letter_id    uuid NOT NULL,
    community_id uuid,  -- null: written by the district
    title_zh     text NOT NULL,
    text_zh      text NOT NULL,
    title_en     text NOT NULL,
    text_en      text NOT NULL,
    sent_at      timestamptz NOT NULL,
    place        bigint NOT NULL,  -- in the log, which orders them
    PRIMARY KEY (district, letter_id)
);
CREATE INDEX open_letter_by_place ON open_letter (district, place DESC);

-- Two entries of one person: member_id was merged into into_member_id, which remains. Letters go to the one that remains only.
CREATE TABLE merged (
    district       text NOT NULL,
    member_id      uuid NOT NULL,
    into_member_id uuid NOT NULL,
    PRIMARY KEY (district, member_id)
);
CREATE INDEX merged_into ON merged (district, into_member_id);

CREATE TABLE receipt (
    district        text NOT NULL,
    registration_id uuid NOT NULL,
    is_outstanding  boolean NOT NULL,
    PRIMARY KEY (district, registration_id)
);

-- Titles of posts and suggestions.
CREATE TABLE title (
    district text NOT NULL,
    thing    text NOT NULL,
    thing_id uuid NOT NULL,
    title    text NOT NULL,
    PRIMARY KEY (district, thing, thing_id)
);

CREATE TABLE activity (
    district     text NOT NULL,
    activity_id  uuid NOT NULL,
    title        text NOT NULL,
    starts_at    timestamptz NOT NULL,
    place        text NOT NULL,
    is_published boolean NOT NULL DEFAULT false,
    is_cancelled boolean NOT NULL DEFAULT false,
    PRIMARY KEY (district, activity_id)
);

CREATE TABLE sign_up (
    district    text NOT NULL,
    activity_id uuid NOT NULL,
    member_id   uuid NOT NULL,
    PRIMARY KEY (district, activity_id, member_id)
);

CREATE TABLE helper (
    district   text NOT NULL,
    pairing_id uuid NOT NULL,
    member_id  uuid NOT NULL,
    PRIMARY KEY (district, pairing_id, member_id)
);

CREATE TABLE notice (
    district        text NOT NULL,
    notification_id uuid NOT NULL,
    recipient_kind  text NOT NULL,
    recipient_id    uuid NOT NULL,
    kind            text NOT NULL,
    channel         text NOT NULL,
    timing          text NOT NULL,
    text_key        text NOT NULL,
    text_args       jsonb NOT NULL,
    queued_at       timestamptz NOT NULL,
    due             timestamptz NOT NULL,
    state           text NOT NULL,
    attempts        integer NOT NULL DEFAULT 0,
    failure         text,
    is_read         boolean NOT NULL DEFAULT false,
    PRIMARY KEY (district, notification_id)
);
CREATE INDEX notice_inbox ON notice (district, recipient_id, notification_id DESC) WHERE channel = 'INBOX';
CREATE INDEX notice_waiting_letters ON notice (district, recipient_id, due) WHERE channel = 'LETTER' AND state = 'WAITING';
CREATE INDEX notice_failed_letters ON notice (district, notification_id DESC) WHERE state = 'FAILED';
