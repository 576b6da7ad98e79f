-- Read model of activities. Rows come from events alone; every key starts with the district.

-- Who may take part: from registration's events. community_id is null for members who only filled in a profile. skills, interests and
-- willingness are what the member declared of themself; nothing else is known of them here.
CREATE TABLE registrants (
    district         text NOT NULL,
    member_id        uuid NOT NULL,
    member_no        text,
    registration_id  uuid,
    community_id     uuid,
    unit_id          uuid,
    occupation_group text,
    status           text NOT NULL,
    skills           text[] NOT NULL,
    interests        text[] NOT NULL,
    willingness      jsonb NOT NULL,
    PRIMARY KEY (district, member_id)
);
CREATE INDEX registrants_of_community ON registrants (district, community_id, occupation_group);

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

CREATE TABLE teams (
    district          text NOT NULL,
    team_id           uuid NOT NULL,
    community_id      uuid NOT NULL,
    kind              text NOT NULL,
    name              text NOT NULL,
    aliases           text[] NOT NULL,
    occupation_groups text[] NOT NULL,
    PRIMARY KEY (district, team_id)
);

CREATE TABLE team_members (
    district  text NOT NULL,
    team_id   uuid NOT NULL,
    member_id uuid NOT NULL,
    PRIMARY KEY (district, team_id, member_id)
);

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
    PRIMARY KEY (district, activity_id)
);
CREATE INDEX activities_by_start ON activities (district, starts_at, activity_id);

CREATE TABLE activity_series (
    district      text NOT NULL,
    series_id     uuid NOT NULL,
    community_id  uuid NOT NULL,
    title         text NOT NULL,
    activity_type text NOT NULL,
    rule          text NOT NULL,
    holiday_rule  text NOT NULL,
    first_day     date NOT NULL,
    last_day      date,
    starts        time NOT NULL,
    ends          time NOT NULL,
    place         text NOT NULL,
    capacity      integer,
    template      text,
    time_band     text,
    unit_consent  text,
    PRIMARY KEY (district, series_id)
);

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

-- event_id: the event in force, which a correction has to name; revision: how often the record was decided.
CREATE TABLE records (
    district             text NOT NULL,
    record_id            uuid NOT NULL,
    record_no            text NOT NULL,
    activity_id          uuid NOT NULL,
    member_id            uuid NOT NULL,
    community_id         uuid NOT NULL,
    unit_id              uuid NOT NULL,
    activity_name        text NOT NULL,
    activity_type        text NOT NULL,
    time_band            text NOT NULL,
    place                text NOT NULL,
    recipient_type       text NOT NULL,
    content              text NOT NULL,
    starts_at            timestamptz NOT NULL,
    ends_at              timestamptz NOT NULL,
    minutes              integer NOT NULL,
    served_on            date NOT NULL,
    person_in_charge     text NOT NULL,
    recorder             text NOT NULL,
    evidence_level       text NOT NULL,
    post_id              uuid,
    duty_units           integer NOT NULL,
    six_ones_item        text,
    outcomes             jsonb NOT NULL,
    flags                text[] NOT NULL,
    status               text NOT NULL,
    revision             integer NOT NULL,
    event_id             uuid NOT NULL,
    decided_by           text,
    reason               text,
    correction_requested text,
    answer_correction_by date,
    PRIMARY KEY (district, record_id)
);
CREATE INDEX records_of_activity ON records (district, activity_id, record_id);
CREATE INDEX records_of_member ON records (district, member_id, served_on);
CREATE INDEX records_of_post ON records (district, post_id, member_id) WHERE post_id IS NOT NULL;
CREATE INDEX records_to_correct ON records (district, community_id, record_id) WHERE correction_requested IS NOT NULL;
CREATE INDEX records_open ON records (district, community_id, activity_id) WHERE status = 'LOGGED';

CREATE TABLE checklist_items (
    district        text NOT NULL,
    member_id       uuid NOT NULL,
    year            integer NOT NULL,
    item            text NOT NULL,
    source_event_id uuid NOT NULL,
    source_id       uuid NOT NULL,
    PRIMARY KEY (district, member_id, year, item)
);

-- Checklists besides the six ones; community_id is null for the whole district's.
CREATE TABLE programme_checklists (
    district       text NOT NULL,
    checklist_id   uuid NOT NULL,
    community_id   uuid,
    name           text NOT NULL,
    declared_items integer NOT NULL,
    audience       text NOT NULL,
    items          jsonb NOT NULL,
    is_active      boolean NOT NULL,
    PRIMARY KEY (district, checklist_id)
);

CREATE TABLE checklist_progress (
    district     text NOT NULL,
    checklist_id uuid NOT NULL,
    subject_id   uuid NOT NULL,
    year         integer NOT NULL,
    code         text NOT NULL,
    evidence     text NOT NULL,
    PRIMARY KEY (district, checklist_id, subject_id, year, code)
);

-- services: what is certified, as it was said then; records tell whether it still holds.
CREATE TABLE certificates (
    district          text NOT NULL,
    certificate_id    uuid NOT NULL,
    certificate_no    text NOT NULL,
    verification_code text NOT NULL,
    member_id         uuid NOT NULL,
    community_id      uuid NOT NULL,
    period_start      date NOT NULL,
    period_end        date NOT NULL,
    total_minutes     integer NOT NULL,
    services          jsonb NOT NULL,
    issued_on         date NOT NULL,
    issued_by         text NOT NULL,
    person_in_charge  text,
    office            text,
    publicised_until  date,
    status            text NOT NULL,
    reason            text,
    PRIMARY KEY (district, certificate_id)
);
CREATE INDEX certificates_by_number ON certificates (district, certificate_no);
CREATE INDEX certificates_of_member ON certificates (district, member_id);
CREATE INDEX certificates_in_publicity ON certificates (district, publicised_until) WHERE publicised_until IS NOT NULL;

CREATE TABLE certificate_objections (
    district       text NOT NULL,
    objection_id   uuid NOT NULL,
    certificate_id uuid NOT NULL,
    ground         text NOT NULL,
    reason         text NOT NULL,
    raised_at      timestamptz NOT NULL,
    dismissal      text,
    PRIMARY KEY (district, objection_id)
);
CREATE INDEX certificate_objections_of_certificate ON certificate_objections (district, certificate_id);

CREATE TABLE suggestions (
    district      text NOT NULL,
    suggestion_id uuid NOT NULL,
    member_id     uuid NOT NULL,
    community_id  uuid NOT NULL,
    title         text NOT NULL,
    content       text NOT NULL,
    status        text NOT NULL,
    answer        text,
    PRIMARY KEY (district, suggestion_id)
);

CREATE TABLE matters (
    district     text NOT NULL,
    matter_id    uuid NOT NULL,
    member_id    uuid NOT NULL,
    community_id uuid NOT NULL,
    title        text NOT NULL,
    content      text NOT NULL,
    status       text NOT NULL,
    answer       text,
    PRIMARY KEY (district, matter_id)
);

-- Residents' needs in the words that may be read now; none once returned. due_on: the last day for the first look, then for the answer.
CREATE TABLE needs (
    district     text NOT NULL,
    need_id      uuid NOT NULL,
    community_id uuid NOT NULL,
    category     text NOT NULL,
    content      text,
    place        text,
    member_id    uuid,
    status       text NOT NULL,
    due_on       date,
    forwarded_to text,
    answer       text,
    reason_code  text,
    reason       text,
    PRIMARY KEY (district, need_id)
);
CREATE INDEX needs_of_member ON needs (district, member_id) WHERE member_id IS NOT NULL;

-- Complaints: who complained is a member, a unit or a community; desk answers, and upper_desk too once the day has passed.
CREATE TABLE complaints (
    district        text NOT NULL,
    complaint_id    uuid NOT NULL,
    kind            text NOT NULL,
    about           text NOT NULL,
    organisation_id uuid,
    member_id       uuid,
    unit_id         uuid,
    community_id    uuid,
    content         text NOT NULL,
    lodged_by       text NOT NULL,
    lodged_at       timestamptz NOT NULL,
    desk            text NOT NULL,
    upper_desk      text,
    answer_by       date NOT NULL,
    outcome         text,
    answer          text,
    PRIMARY KEY (district, complaint_id)
);
CREATE INDEX complaints_of_member ON complaints (district, member_id) WHERE member_id IS NOT NULL;

-- Who was asked to be named in a bulletin, and who agrees: a no is no row.
CREATE TABLE bulletin_questions (
    district     text NOT NULL,
    bulletin_id  uuid NOT NULL,
    member_id    uuid NOT NULL,
    community_id uuid NOT NULL,
    month        text NOT NULL,
    PRIMARY KEY (district, bulletin_id, member_id)
);
CREATE INDEX bulletin_questions_of_member ON bulletin_questions (district, member_id);

CREATE TABLE bulletin_agreements (
    district    text NOT NULL,
    bulletin_id uuid NOT NULL,
    member_id   uuid NOT NULL,
    PRIMARY KEY (district, bulletin_id, member_id)
);

-- What the district switched on, with its rules.
CREATE TABLE modules (
    district text NOT NULL,
    module   text NOT NULL,
    is_on    boolean NOT NULL,
    rules    jsonb NOT NULL,
    minutes_expire_after_months integer,
    PRIMARY KEY (district, module)
);

-- Help pairings: the helped are a number on the community's paper.
CREATE TABLE pairings (
    district       text NOT NULL,
    pairing_id     uuid NOT NULL,
    community_id   uuid NOT NULL,
    recipient_type text NOT NULL,
    goal           text NOT NULL,
    file_no        text,
    need_id        uuid,
    helpers_wanted integer NOT NULL,
    is_with_minors boolean NOT NULL,
    has_consent    boolean NOT NULL,
    term_start     date NOT NULL,
    term_end       date NOT NULL,
    review_by      date NOT NULL,
    progress       text,
    visits         integer NOT NULL,
    last_visit_on  date,
    status         text NOT NULL,
    reason         text,
    PRIMARY KEY (district, pairing_id)
);
CREATE INDEX pairings_of_need ON pairings (district, need_id) WHERE need_id IS NOT NULL;

CREATE TABLE pairing_helpers (
    district   text NOT NULL,
    pairing_id uuid NOT NULL,
    member_id  uuid NOT NULL,
    PRIMARY KEY (district, pairing_id, member_id)
);
CREATE INDEX pairing_helpers_of_member ON pairing_helpers (district, member_id);

CREATE TABLE areas (
    district     text NOT NULL,
    area_id      uuid NOT NULL,
    community_id uuid NOT NULL,
    size         text NOT NULL,
    name         text NOT NULL,
    parent_id    uuid,
    homes        integer,
    is_closed    boolean NOT NULL,
    PRIMARY KEY (district, area_id)
);
CREATE INDEX areas_of_community ON areas (district, community_id, area_id);

CREATE TABLE household_groups (
    district     text NOT NULL,
    group_id     uuid NOT NULL,
    community_id uuid NOT NULL,
    name         text NOT NULL,
    homes        integer NOT NULL,
    area_id      uuid,
    leader_id    uuid,
    is_led       boolean NOT NULL,
    is_dissolved boolean NOT NULL,
    PRIMARY KEY (district, group_id)
);
CREATE INDEX household_groups_of_community ON household_groups (district, community_id, group_id);

CREATE TABLE campaigns (
    district     text NOT NULL,
    campaign_id  uuid NOT NULL,
    community_id uuid NOT NULL,
    title        text NOT NULL,
    kinds        text[] NOT NULL,
    first_day    date NOT NULL,
    last_day     date NOT NULL,
    is_closed    boolean NOT NULL,
    PRIMARY KEY (district, campaign_id)
);

-- member_id is null where the giver stays unnamed. Nothing in here is read by evaluation.
CREATE TABLE contributions (
    district        text NOT NULL,
    contribution_id uuid NOT NULL,
    campaign_id     uuid NOT NULL,
    receipt_no      text NOT NULL,
    kind            text NOT NULL,
    quantity        numeric NOT NULL,
    unit            text NOT NULL,
    member_id       uuid,
    received_on     date NOT NULL,
    is_cancelled    boolean NOT NULL,
    PRIMARY KEY (district, contribution_id)
);
CREATE INDEX contributions_of_campaign ON contributions (district, campaign_id);
CREATE INDEX contributions_of_member ON contributions (district, member_id) WHERE member_id IS NOT NULL;

CREATE TABLE contribution_uses (
    district    text NOT NULL,
    use_id      uuid NOT NULL,
    campaign_id uuid NOT NULL,
    kind        text NOT NULL,
    quantity    numeric NOT NULL,
    unit        text NOT NULL,
    purpose     text NOT NULL,
    used_on     date NOT NULL,
    PRIMARY KEY (district, use_id)
);
CREATE INDEX contribution_uses_of_campaign ON contribution_uses (district, campaign_id);

-- Venues and partnerships; organisation_id: who shares or builds together.
CREATE TABLE register_entries (
    district        text NOT NULL,
    entry_id        uuid NOT NULL,
    community_id    uuid NOT NULL,
    kind            text NOT NULL,
    organisation_id uuid,
    facts           jsonb NOT NULL,
    closed_on       date,
    reason          text,
    PRIMARY KEY (district, entry_id)
);
CREATE INDEX register_entries_of_community ON register_entries (district, community_id, entry_id);

-- What was shown of an affair, once per publication.
CREATE TABLE affair_publications (
    district       text NOT NULL,
    affair_id      uuid NOT NULL,
    number         integer NOT NULL,
    community_id   uuid NOT NULL,
    stage          text NOT NULL,
    subject        text NOT NULL,
    content        text NOT NULL,
    responsible    text NOT NULL,
    published_on   date NOT NULL,
    comments_until date,
    PRIMARY KEY (district, affair_id, number)
);
CREATE INDEX affair_publications_of_community ON affair_publications (district, community_id, affair_id);

-- The time bank's entries; a null member is the community's pool. Balances are sums.
CREATE TABLE time_entries (
    district          text NOT NULL,
    entry_id          uuid NOT NULL,
    community_id      uuid NOT NULL,
    kind              text NOT NULL,
    from_member_id    uuid,
    to_member_id      uuid,
    minutes           integer NOT NULL,
    at                timestamptz NOT NULL,
    arrived           bigint NOT NULL,
    record_id         uuid,
    reverses_entry_id uuid,
    purpose           text,
    expires_on        date,
    PRIMARY KEY (district, entry_id)
);
CREATE INDEX time_entries_of_community ON time_entries (district, community_id, arrived);
CREATE INDEX time_entries_from ON time_entries (district, from_member_id) WHERE from_member_id IS NOT NULL;
CREATE INDEX time_entries_to ON time_entries (district, to_member_id) WHERE to_member_id IS NOT NULL;

CREATE TABLE calendar_links (
    district  text NOT NULL,
    link_id   uuid NOT NULL,
    member_id uuid NOT NULL,
    is_open   boolean NOT NULL,
    PRIMARY KEY (district, link_id)
);
CREATE INDEX calendar_links_of_member ON calendar_links (district, member_id);

CREATE TABLE questionnaires (
    district             text NOT NULL,
    questionnaire_id     uuid NOT NULL,
    community_id         uuid,
    street_id            uuid,
    title_zh             text NOT NULL,
    title_en             text NOT NULL,
    questions            jsonb NOT NULL,
    last_day             date NOT NULL,
    published_on         date,
    closed_on            date,
    codes                integer NOT NULL DEFAULT 0,
    sheets               integer NOT NULL DEFAULT 0,
    results_published_on date,
    PRIMARY KEY (district, questionnaire_id)
);

-- Sums only: no row stands for a sheet, so nothing can be read across questions. choice 0: left blank.
CREATE TABLE questionnaire_counts (
    district         text NOT NULL,
    questionnaire_id uuid NOT NULL,
    question         integer NOT NULL,
    choice           integer NOT NULL,
    sheets           integer NOT NULL,
    PRIMARY KEY (district, questionnaire_id, question, choice)
);
