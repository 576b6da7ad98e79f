-- Evaluation periods; opened_by is an event, orders counts how often their statements were ordered to be published.
CREATE TABLE periods (
    district           text    NOT NULL,
    period_id          uuid    NOT NULL,
    title              text    NOT NULL,
    starts_on          date    NOT NULL,
    ends_on            date    NOT NULL,
    programme_deadline date    NOT NULL,
    occasions          text[]  NOT NULL,
    opened_by          uuid    NOT NULL,  -- the event
    orders             integer NOT NULL,
    is_closed          boolean NOT NULL,
    PRIMARY KEY (district, period_id)
);
