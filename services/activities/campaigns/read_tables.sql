CREATE TABLE campaigns (
    district     text NOT NULL,
    campaign_id  uuid NOT NULL,
    community_id uuid NOT NULL,
    title        text NOT NULL,
    kinds        text[] NOT NULL,
    first_day    date NOT NULL,
    last_day     date NOT NULL,
    is_closed    boolean NOT NULL,
    PRIMARY KEY (district, campaign_id)
);

-- member_id is null where the giver stays unnamed. Nothing in here is read by evaluation.
CREATE TABLE contributions (
    district        text NOT NULL,
    contribution_id uuid NOT NULL,
    campaign_id     uuid NOT NULL,
    receipt_no      text NOT NULL,
    kind            text NOT NULL,
    quantity        numeric NOT NULL,
    unit            text NOT NULL,
    member_id       uuid,
    received_on     date NOT NULL,
    is_cancelled    boolean NOT NULL,
    PRIMARY KEY (district, contribution_id)
);
CREATE INDEX contributions_of_campaign ON contributions (district, campaign_id);
CREATE INDEX contributions_of_member ON contributions (district, member_id) WHERE member_id IS NOT NULL;

CREATE TABLE contribution_uses (
    district    text NOT NULL,
    use_id      uuid NOT NULL,
    campaign_id uuid NOT NULL,
    kind        text NOT NULL,
    quantity    numeric NOT NULL,
    unit        text NOT NULL,
    purpose     text NOT NULL,
    used_on     date NOT NULL,
    PRIMARY KEY (district, use_id)
);
CREATE INDEX contribution_uses_of_campaign ON contribution_uses (district, campaign_id);

