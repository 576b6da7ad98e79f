CREATE TABLE teams (
    district          text NOT NULL,
    team_id           uuid NOT NULL,
    community_id      uuid NOT NULL,
    kind              text NOT NULL,
    name              text NOT NULL,
    aliases           text[] NOT NULL,
    occupation_groups text[] NOT NULL,
    PRIMARY KEY (district, team_id)
);

CREATE TABLE team_members (
    district  text NOT NULL,
    team_id   uuid NOT NULL,
    member_id uuid NOT NULL,
    PRIMARY KEY (district, team_id, member_id)
);

