-- What a community declared last: category → how many.
CREATE TABLE member_counts (
    district     text  NOT NULL,
    community_id uuid  NOT NULL,
    as_of        date  NOT NULL,
    counts       jsonb NOT NULL,
    PRIMARY KEY (district, community_id)
);
