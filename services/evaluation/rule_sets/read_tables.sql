-- Every version of the district's rules.
CREATE TABLE rule_sets (
    district       text    NOT NULL,
    rule_set_id    uuid    NOT NULL,
    programme      text    NOT NULL,
    version        integer NOT NULL,
    title          text    NOT NULL,
    legal_basis    text    NOT NULL,
    status         text    NOT NULL,
    effective_from date,
    effective_to   date,
    notice_days    integer,
    definition     jsonb   NOT NULL,
    PRIMARY KEY (district, rule_set_id)
);
