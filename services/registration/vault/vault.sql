-- The vault: keys of members and the blind index of identities, in a schema that belongs to the login role registration_vault alone.
-- Run by that role when the service starts and finds no tables.

create table registration_vault.member_keys (
    district    text  not null,
    member_id   uuid  not null,
    wrapped_key bytea,  -- one data key per member, wrapped by the master key; NULL: destroyed, and never made again
    primary key (district, member_id)
);

-- HMAC of what makes a person one person (citizen number, or unit, name and phone) → the member it was first given to.
create table registration_vault.identities (
    district  text  not null,
    digest    bytea not null,
    member_id uuid  not null,
    primary key (district, digest)
);
create index identities_by_member on registration_vault.identities (district, member_id);

alter table registration_vault.member_keys enable row level security;
alter table registration_vault.member_keys force row level security;
alter table registration_vault.identities enable row level security;
alter table registration_vault.identities force row level security;

create policy own_district on registration_vault.member_keys
    using (district = current_setting('guangcai.district', true)) with check (district = current_setting('guangcai.district', true));
create policy own_district on registration_vault.identities
    using (district = current_setting('guangcai.district', true)) with check (district = current_setting('guangcai.district', true));
