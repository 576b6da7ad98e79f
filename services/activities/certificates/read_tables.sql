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

