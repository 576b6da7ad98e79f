-- Titles that organisations hold.
CREATE TABLE organisation_honours (
    district        text    NOT NULL,
    organisation_id uuid    NOT NULL,
    honour_id       uuid    NOT NULL,
    level           text    NOT NULL,
    title           text    NOT NULL,
    year            integer NOT NULL,
    PRIMARY KEY (district, organisation_id, honour_id)
);

-- Units that build together with a community (共建单位).
CREATE TABLE partner_units (
    district     text NOT NULL,
    community_id uuid NOT NULL,
    partner_id   uuid NOT NULL,
    joined_on    date NOT NULL,
    PRIMARY KEY (district, community_id, partner_id)
);

-- What communities say about themselves; the latest text only.
CREATE TABLE community_introductions (
    district     text        NOT NULL,
    community_id uuid        NOT NULL,
    overview     text        NOT NULL,
    network      text        NOT NULL,
    difficulties text        NOT NULL,
    ongoing_work text        NOT NULL,
    told_at      timestamptz NOT NULL,
    PRIMARY KEY (district, community_id)
);
