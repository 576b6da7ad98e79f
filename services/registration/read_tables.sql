-- Read model of registration. Personal fields stay sealed here; queries open them for those who may see them.

CREATE TABLE organisations (
    district         text NOT NULL,
    organisation_id  uuid NOT NULL,
    kind             text NOT NULL,
    name             text NOT NULL,
    parent_id        uuid,
    community_type   text,
    occupation_group text,
    uscc             text,
    contact_email    text,
    place            text,
    former_names     text[] NOT NULL DEFAULT '{}',
    dissolved_on     date,
    PRIMARY KEY (district, organisation_id)
);
CREATE INDEX organisations_by_kind ON organisations (district, kind, name, organisation_id);
CREATE INDEX organisations_by_parent ON organisations (district, parent_id);

CREATE TABLE organisation_honours (
    district        text    NOT NULL,
    organisation_id uuid    NOT NULL,
    honour_id       uuid    NOT NULL,
    level           text    NOT NULL,
    title           text    NOT NULL,
    year            integer NOT NULL,
    PRIMARY KEY (district, organisation_id, honour_id)
);

CREATE TABLE partner_units (
    district     text NOT NULL,
    community_id uuid NOT NULL,
    partner_id   uuid NOT NULL,
    joined_on    date NOT NULL,
    PRIMARY KEY (district, community_id, partner_id)
);

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

CREATE TABLE offices (
    district        text    NOT NULL,
    office_id       uuid    NOT NULL,
    organisation_id uuid    NOT NULL,
    role            text    NOT NULL,
    holder          text    NOT NULL,
    name_sealed     text,
    starts_on       date    NOT NULL,
    ends_on         date,
    ended_on        date,
    is_part_time    boolean NOT NULL,
    PRIMARY KEY (district, office_id)
);
CREATE INDEX offices_by_organisation ON offices (district, organisation_id);

CREATE TABLE delegations (
    district        text   NOT NULL,
    delegation_id   uuid   NOT NULL,
    organisation_id uuid   NOT NULL,
    delegator       text   NOT NULL,
    delegate        text   NOT NULL,
    roles           text[] NOT NULL,
    starts_on       date   NOT NULL,
    ends_on         date   NOT NULL,
    ended_on        date,
    reason          text   NOT NULL,
    PRIMARY KEY (district, delegation_id)
);
CREATE INDEX delegations_by_delegate ON delegations (district, delegate, delegator);

CREATE TABLE programmes (
    district     text  NOT NULL,
    programme_id uuid  NOT NULL,
    name         text  NOT NULL,
    legal_basis  text  NOT NULL,
    starts_on    date  NOT NULL,
    ends_on      date,
    vocabulary   jsonb NOT NULL,
    forms        jsonb NOT NULL,
    member_categories jsonb NOT NULL,
    PRIMARY KEY (district, programme_id)
);

-- What a community declared last: category → how many.
CREATE TABLE member_counts (
    district     text  NOT NULL,
    community_id uuid  NOT NULL,
    as_of        date  NOT NULL,
    counts       jsonb NOT NULL,
    PRIMARY KEY (district, community_id)
);

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

-- Which member an account acts as; the account as a keyed hash.
CREATE TABLE accounts (
    district     text NOT NULL,
    account_hash text NOT NULL,
    member_id    uuid NOT NULL,
    PRIMARY KEY (district, account_hash)
);

CREATE TABLE account_steps (
    district    text        NOT NULL,
    member_id   uuid        NOT NULL,
    version     integer     NOT NULL,  -- of the member's stream
    at          timestamptz NOT NULL,
    step        text        NOT NULL,
    actor       text        NOT NULL,
    valid_until date,
    reason      text,
    PRIMARY KEY (district, member_id, version)
);

CREATE TABLE corrections (
    district     text        NOT NULL,
    member_id    uuid        NOT NULL,
    field        text        NOT NULL,
    value_sealed text,
    status       text        NOT NULL,
    requested_at timestamptz NOT NULL,
    reason       text,
    PRIMARY KEY (district, member_id, field)
);

-- Texts about members, sealed; shown to everybody while published_at is set.
CREATE TABLE stories (
    district     text        NOT NULL,
    story_id     uuid        NOT NULL,
    member_id    uuid        NOT NULL,
    unit_id      uuid,
    community_id uuid,
    text_version integer     NOT NULL,
    title_sealed text,
    text_sealed  text,
    status       text        NOT NULL,
    drafted_at   timestamptz NOT NULL,
    published_at timestamptz,
    PRIMARY KEY (district, story_id)
);
CREATE INDEX stories_by_member ON stories (district, member_id);
CREATE INDEX stories_published ON stories (district, published_at, story_id) WHERE published_at IS NOT NULL;

CREATE TABLE consents (
    district     text        NOT NULL,
    member_id    uuid        NOT NULL,
    purpose      text        NOT NULL,
    text_version text        NOT NULL,
    given_at     timestamptz NOT NULL,
    PRIMARY KEY (district, member_id, purpose)
);

CREATE TABLE certificates (
    district       text        NOT NULL,
    certificate_id uuid        NOT NULL,
    certificate_no text        NOT NULL,
    member_id      uuid        NOT NULL,
    unit_id        uuid        NOT NULL,
    community_id   uuid        NOT NULL,
    status         text        NOT NULL,
    issued_at      timestamptz NOT NULL,
    PRIMARY KEY (district, certificate_id)
);
CREATE INDEX certificates_by_number ON certificates (district, certificate_no);
CREATE INDEX certificates_by_member ON certificates (district, member_id);
CREATE INDEX certificates_by_unit ON certificates (district, unit_id, certificate_no);
CREATE INDEX certificates_by_community ON certificates (district, community_id, certificate_no);

CREATE TABLE registrations (
    district         text    NOT NULL,
    registration_id  uuid    NOT NULL,
    member_id        uuid    NOT NULL,
    certificate_id   uuid    NOT NULL,
    certificate_no   text    NOT NULL,
    unit_id          uuid    NOT NULL,
    community_id     uuid    NOT NULL,
    occupation_group text    NOT NULL,
    political_status text    NOT NULL,
    status           text    NOT NULL,
    reported_on      date    NOT NULL,
    receipt_no       text,
    receipt_issued_at timestamptz,
    receipt_acknowledged boolean NOT NULL,
    renewed_on       date,
    closed_on        date,
    reason           text,
    transfer_to      uuid,
    transferred_to   uuid,
    PRIMARY KEY (district, registration_id)
);
CREATE INDEX registrations_by_member ON registrations (district, member_id);
CREATE INDEX registrations_by_community ON registrations (district, community_id, status, registration_id);
CREATE INDEX registrations_by_transfer ON registrations (district, transfer_to, registration_id);
CREATE INDEX registrations_by_unit ON registrations (district, unit_id, status, registration_id);

-- Home: members of units here who are registered in another district. Host: who came from another district.
CREATE TABLE away_registrations (
    district             text        NOT NULL,
    crossing_id          uuid        NOT NULL,
    member_id            uuid        NOT NULL,
    unit_id              uuid        NOT NULL,
    certificate_no       text        NOT NULL,
    host_district        text        NOT NULL,
    host_community       text        NOT NULL,
    status               text        NOT NULL,
    receipt_no           text,
    confirmed_on         date,
    receipt_acknowledged boolean     NOT NULL,
    ended_on             date,
    reason               text,
    issued_at            timestamptz NOT NULL,
    PRIMARY KEY (district, crossing_id)
);
CREATE INDEX away_registrations_by_number ON away_registrations (district, certificate_no);
CREATE INDEX away_registrations_by_unit ON away_registrations (district, unit_id);
CREATE INDEX away_registrations_by_member ON away_registrations (district, member_id);

CREATE TABLE guests (
    district      text NOT NULL,
    crossing_id   uuid NOT NULL,
    member_id     uuid NOT NULL,
    home_district text NOT NULL,
    PRIMARY KEY (district, crossing_id)
);
CREATE INDEX guests_by_member ON guests (district, member_id);

-- Contacts between a work unit and a community, seen by both.
CREATE TABLE liaison_contacts (
    district        text        NOT NULL,
    contact_id      uuid        NOT NULL,
    unit_id         uuid        NOT NULL,
    community_id    uuid        NOT NULL,
    recorded_by     text        NOT NULL,
    kind            text        NOT NULL,
    subject         text        NOT NULL,
    held_on         date        NOT NULL,
    matter          text        NOT NULL,
    recorded_at     timestamptz NOT NULL,
    acknowledged_at timestamptz,
    withdrawn_at    timestamptz,
    reason          text,
    PRIMARY KEY (district, contact_id)
);
CREATE INDEX liaison_contacts_by_unit ON liaison_contacts (district, unit_id, held_on, contact_id);
CREATE INDEX liaison_contacts_by_community ON liaison_contacts (district, community_id, held_on, contact_id);
