-- The district's programmes as they read now.
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
