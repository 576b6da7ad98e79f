-- What a roster's outcome says beside problems: what was not read, and what differs from what is known.
ALTER TABLE rosters
    ADD COLUMN remarks jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN differences jsonb NOT NULL DEFAULT '[]';
