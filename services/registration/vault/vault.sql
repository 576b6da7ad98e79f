-- The vault: keys of members and the blind index of identities, in a schema that belongs to the login role registration_vault alone.
-- Run by that role when the service starts and finds no tables.

CREATE TABLE registration_vault.member_keys (
    district    text  NOT NULL,
    member_id   uuid  NOT NULL,
    wrapped_key bytea,  -- one data key per member, wrapped by the master key; NULL: destroyed, and never made again
    PRIMARY KEY (district, member_id)
);

-- HMAC of what makes a person one person (citizen number, or unit, name and phone) → the member it was first given to.
CREATE TABLE registration_vault.identities (
    district  text  NOT NULL,
    digest    bytea NOT NULL,
    member_id uuid  NOT NULL,
    PRIMARY KEY (district, digest)
);
CREATE INDEX identities_by_member ON registration_vault.identities (district, member_id);

ALTER TABLE registration_vault.member_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE registration_vault.member_keys FORCE ROW LEVEL SECURITY;
ALTER TABLE registration_vault.identities ENABLE ROW LEVEL SECURITY;
ALTER TABLE registration_vault.identities FORCE ROW LEVEL SECURITY;

CREATE POLICY own_district ON registration_vault.member_keys
    USING (district = current_setting('guangcai.district', true)) WITH CHECK (district = current_setting('guangcai.district', true));
CREATE POLICY own_district ON registration_vault.identities
    USING (district = current_setting('guangcai.district', true)) WITH CHECK (district = current_setting('guangcai.district', true));
