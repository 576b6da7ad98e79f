-- Texts about members, sealed; shown to everybody while published_at is set.
CREATE TABLE stories (
    district     text        NOT NULL,
    story_id     uuid        NOT NULL,
    member_id    uuid        NOT NULL,
    unit_id      uuid,
    community_id uuid,
    text_version integer     NOT NULL,
    title_sealed text,
    text_sealed  text,
    status       text        NOT NULL,
    drafted_at   timestamptz NOT NULL,
    published_at timestamptz,
    PRIMARY KEY (district, story_id)
);
CREATE INDEX stories_by_member ON stories (district, member_id);
CREATE INDEX stories_published ON stories (district, published_at, story_id) WHERE published_at IS NOT NULL;
