-- What registration keeps beside its log: outcomes of roster imports, and who looked at whose personal data. No personal data in either.

CREATE TABLE rosters (
    district         text        NOT NULL,
    roster_id        uuid        NOT NULL,
    uploaded_by      text        NOT NULL,
    uploaded_at      timestamptz NOT NULL,
    rows_read        integer     NOT NULL,
    enrolled         integer     NOT NULL,
    already_enrolled integer     NOT NULL,
    problems         jsonb       NOT NULL,
    PRIMARY KEY (district, roster_id)
);

CREATE TABLE personal_data_access (
    district  text        NOT NULL,
    member_id uuid        NOT NULL,
    at        timestamptz NOT NULL,
    actor     text        NOT NULL,
    purpose   text        NOT NULL,
    PRIMARY KEY (district, member_id, at, actor, purpose)
);
