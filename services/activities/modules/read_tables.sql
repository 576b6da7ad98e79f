-- What the district switched on, with its rules.
CREATE TABLE modules (
    district text NOT NULL,
    module   text NOT NULL,
    is_on    boolean NOT NULL,
    rules    jsonb NOT NULL,
    minutes_expire_after_months integer,
    PRIMARY KEY (district, module)
);

