-- Which member an account acts as; the account as a keyed hash.
CREATE TABLE accounts (
    district     text NOT NULL,
    account_hash text NOT NULL,
    member_id    uuid NOT NULL,
    PRIMARY KEY (district, account_hash)
);

-- What happened about a member's account, for the own page.
CREATE TABLE account_steps (
    district    text        NOT NULL,
    member_id   uuid        NOT NULL,
    version     integer     NOT NULL,  -- of the member's stream
    at          timestamptz NOT NULL,
    step        text        NOT NULL,
    actor       text        NOT NULL,
    valid_until date,
    reason      text,
    PRIMARY KEY (district, member_id, version)
);
