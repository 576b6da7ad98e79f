"""A text to which the member has not agreed for half a year ends by itself."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import ClassVar, Final
from uuid import UUID

from services.registration.stories.story import STORY, GiveUpStory
from shared.calendar.local_time import day_begins, days_after, local_day
from shared.contracts.registration.stories import StoryDrafted, StoryWithdrawn
from shared.eventlog.envelope import Recorded
from shared.eventlog.intents import Intent
from shared.feature import Performers, Reactions, Task
from shared.http.endpoints import Call

WAITS_FOR_AGREEMENT: Final = timedelta(days=183)


class EndUnagreed(Task):
    """End the story if nobody has agreed to its text since that day."""

    KIND: ClassVar[str] = "give_up_story"
    story_id: UUID
    since: date


def drafted(event: Recorded, data: StoryDrafted) -> Iterator[Intent]:
    """A new text waits from now on."""
    yield _end_unagreed(event, data.story_id, data.drafted_on)


def withdrawn(event: Recorded, data: StoryWithdrawn) -> Iterator[Intent]:
    """A text waits again when the member has withdrawn the agreement."""
    yield _end_unagreed(event, data.story_id, data.withdrawn_on)


def _end_unagreed(event: Recorded, story_id: UUID, since: date) -> Intent:
    return EndUnagreed(story_id=story_id, since=since).intent(f"story/{event.id}", day_begins(days_after(since, WAITS_FOR_AGREEMENT)))


async def end_unagreed(task: EndUnagreed, call: Call) -> None:
    """Unless the member agreed meanwhile, or the text is another one."""
    await call.handle(STORY, task.story_id, GiveUpStory(unagreed_since=task.since, given_up_on=local_day(call.now)))


REACTIONS: Final[Reactions] = {StoryDrafted: drafted, StoryWithdrawn: withdrawn}
PERFORMERS: Final[Performers] = {EndUnagreed: end_unagreed}
