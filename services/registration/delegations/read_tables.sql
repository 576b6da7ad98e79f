-- Who may act for whom; policy.py reads it through acting.py.
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
