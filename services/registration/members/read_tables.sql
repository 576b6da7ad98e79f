-- Everybody who is or was on a roster. Personal fields stay sealed here; whoever may see them opens them with the vault.
CREATE TABLE member_directory (
    district               text        NOT NULL,
    member_id              uuid        NOT NULL,
    member_no              text        NOT NULL,
    unit_id                uuid        NOT NULL,
    occupation_group       text        NOT NULL,
    political_status       text        NOT NULL,
    residence_community_id uuid,
    name_sealed            text,
    citizen_number_sealed  text,
    phone_sealed           text,
    email_sealed           text,
    skills                 text[]      NOT NULL,
    preferences            text[]      NOT NULL,
    willingness            jsonb       NOT NULL,
    is_erased              boolean     NOT NULL,
    lost_on                date,
    merged_into            uuid,
    enrolled_at            timestamptz NOT NULL,
    PRIMARY KEY (district, member_id)
);
CREATE INDEX member_directory_by_unit ON member_directory (district, unit_id, member_no);
CREATE INDEX member_directory_by_number ON member_directory (district, member_no);

-- What members agree to at present.
CREATE TABLE consents (
    district     text        NOT NULL,
    member_id    uuid        NOT NULL,
    purpose      text        NOT NULL,
    text_version text        NOT NULL,
    given_at     timestamptz NOT NULL,
    PRIMARY KEY (district, member_id, purpose)
);
