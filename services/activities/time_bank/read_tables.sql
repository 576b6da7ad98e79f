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

