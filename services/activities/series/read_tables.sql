CREATE TABLE activity_series (
    district      text NOT NULL,
    series_id     uuid NOT NULL,
    community_id  uuid NOT NULL,
    title         text NOT NULL,
    activity_type text NOT NULL,
    rule          text NOT NULL,
    holiday_rule  text NOT NULL,
    first_day     date NOT NULL,
    last_day      date,
    starts        time NOT NULL,
    ends          time NOT NULL,
    place         text NOT NULL,
    capacity      integer,
    template      text,
    time_band     text,
    unit_consent  text,
    PRIMARY KEY (district, series_id)
);

