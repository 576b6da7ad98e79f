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

