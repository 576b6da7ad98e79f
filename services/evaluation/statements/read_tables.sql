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
