CREATE TABLE questionnaires (
    district             text NOT NULL,
    questionnaire_id     uuid NOT NULL,
    community_id         uuid,
    street_id            uuid,
    title_zh             text NOT NULL,
    title_en             text NOT NULL,
    questions            jsonb NOT NULL,
    last_day             date NOT NULL,
    published_on         date,
    closed_on            date,
    codes                integer NOT NULL DEFAULT 0,
    sheets               integer NOT NULL DEFAULT 0,
    results_published_on date,
    PRIMARY KEY (district, questionnaire_id)
);

-- Sums only: no row is a sheet, so nothing can be read across questions. choice 0: left blank.
CREATE TABLE questionnaire_counts (
    district         text NOT NULL,
    questionnaire_id uuid NOT NULL,
    question         integer NOT NULL,
    choice           integer NOT NULL,
    sheets           integer NOT NULL,
    PRIMARY KEY (district, questionnaire_id, question, choice)
);

