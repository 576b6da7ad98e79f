"""Events about stories → what is shown of them; sealed, and without a text once they are given up."""

from typing import Final

from services.registration.organisations.projections import Change
from shared.contracts import registration_stories as s
from shared.eventlog.envelope import Recorded

DRAFTED: Final = """
insert into stories (district, story_id, member_id, unit_id, community_id, text_version, title_sealed, text_sealed, status, drafted_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, 'DRAFTED', $9)
on conflict (district, story_id) do update set text_version = excluded.text_version, title_sealed = excluded.title_sealed,
    text_sealed = excluded.text_sealed, status = 'DRAFTED', drafted_at = excluded.drafted_at, published_at = null
"""
STATUS: Final = "update stories set status = $3, published_at = $4 where district = $1 and story_id = $2"
GIVEN_UP: Final = """
update stories set status = 'GIVEN_UP', published_at = null, title_sealed = null, text_sealed = null where district = $1 and story_id = $2
"""
# Of somebody whose data are erased, or whose entry was given up: nobody could take the agreement back any more.
STORIES_FORGOTTEN: Final = "delete from stories where district = $1 and member_id = $2"


def of_story(event: Recorded) -> tuple[Change, ...]:
    """Statements and values (without the district) that follow from one event."""
    match event.data:
        case s.StoryDrafted() as fact:
            ids = (fact.story_id, fact.member_id, fact.unit_id, fact.community_id)
            return ((DRAFTED, (*ids, fact.text_version, fact.title_sealed, fact.text_sealed, event.time)),)
        case s.StoryAgreed() as fact:
            return ((STATUS, (fact.story_id, "AGREED", None)),)
        case s.StoryRefused() as fact:
            return ((STATUS, (fact.story_id, "REFUSED", None)),)
        case s.StoryPublished() as fact:
            return ((STATUS, (fact.story_id, "PUBLISHED", event.time)),)
        case s.StoryWithdrawn() as fact:
            return ((STATUS, (fact.story_id, "WITHDRAWN", None)),)
        case s.StoryGivenUp() as fact:
            return ((GIVEN_UP, (fact.story_id,)),)
        case _:
            return ()
