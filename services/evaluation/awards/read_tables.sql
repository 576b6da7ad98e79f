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
