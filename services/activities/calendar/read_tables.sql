CREATE TABLE calendar_links (
    district  text NOT NULL,
    link_id   uuid NOT NULL,
    member_id uuid NOT NULL,
    is_open   boolean NOT NULL,
    PRIMARY KEY (district, link_id)
);
CREATE INDEX calendar_links_of_member ON calendar_links (district, member_id);

