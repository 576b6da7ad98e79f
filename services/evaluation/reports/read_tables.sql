-- The community's quarterly reports to the work unit.
CREATE TABLE feedback_reports (
    district        text    NOT NULL,
    report_id       uuid    NOT NULL,
    member_id       uuid    NOT NULL,
    community_id    uuid    NOT NULL,
    unit_id         uuid    NOT NULL,
    year            integer NOT NULL,
    quarter         integer NOT NULL,
    activities      integer NOT NULL,
    minutes         integer NOT NULL,
    remark          text    NOT NULL,
    comment         text,
    comment_until   date    NOT NULL,
    status          text    NOT NULL,
    PRIMARY KEY (district, report_id)
);
CREATE INDEX feedback_reports_of_member ON feedback_reports (district, member_id);
