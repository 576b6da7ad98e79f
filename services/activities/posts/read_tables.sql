CREATE TABLE posts (
    district           text NOT NULL,
    post_id            uuid NOT NULL,
    community_id       uuid NOT NULL,
    title              text NOT NULL,
    category           text NOT NULL,
    duties             text NOT NULL,
    place              text NOT NULL,
    status             text NOT NULL,
    capacity           integer NOT NULL,
    waiting_list_limit integer NOT NULL,
    agreed_units       integer NOT NULL,
    term_start         date NOT NULL,
    term_end           date NOT NULL,
    slots              jsonb NOT NULL,
    skills             text[] NOT NULL,
    hazards            text[] NOT NULL,
    qualification      text,
    insurance          text,
    need_id            uuid,
    area_id            uuid,
    is_with_minors     boolean NOT NULL,
    safeguarding       text,
    is_time_banked     boolean NOT NULL,
    is_vanguard        boolean NOT NULL,
    PRIMARY KEY (district, post_id)
);
CREATE INDEX posts_of_community ON posts (district, community_id, post_id);
CREATE INDEX posts_of_need ON posts (district, need_id) WHERE need_id IS NOT NULL;

-- arrived: log sequence of the claim, which orders the waiting list.
CREATE TABLE post_claims (
    district        text NOT NULL,
    claim_id        uuid NOT NULL,
    post_id         uuid NOT NULL,
    member_id       uuid NOT NULL,
    community_id    uuid NOT NULL,
    status          text NOT NULL,
    arrived         bigint NOT NULL,
    agreed_units    integer NOT NULL,
    taken_up_on     date,
    ended_on        date,
    fulfilled_units integer,
    reason          text,
    PRIMARY KEY (district, claim_id)
);
CREATE INDEX post_claims_of_post ON post_claims (district, post_id, arrived);
CREATE INDEX post_claims_of_member ON post_claims (district, member_id, arrived);

