-- Liaison certificates and what became of them: ISSUED, USED or REVOKED.
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
