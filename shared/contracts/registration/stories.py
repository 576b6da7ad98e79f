"""Events of stories of models (先进典型): a text about one member, sealed under that member's key, shown while the member agrees to it.

Whose it is (`unit_id` or `community_id`) is the side that drafted it, edits it and hears the member's word.
"""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.contracts.event import Event


class _StoryFacts(BaseModel):
    """Which story, about whom, of which side."""

    model_config = ConfigDict(frozen=True)

    story_id: UUID
    member_id: UUID
    unit_id: UUID | None = None
    community_id: UUID | None = None


class StoryDrafted(_StoryFacts, Event):
    """The text is this from now on, and waits for the member's word: an agreement to a former text is over, and it is not shown."""

    TYPE: ClassVar[str] = "guangcai.registration.StoryDrafted"
    VERSION: ClassVar[int] = 1

    text_version: int
    title_sealed: str
    text_sealed: str
    drafted_on: date


class StoryAgreed(_StoryFacts, Event):
    """The member read this very text and agrees that it is published."""

    TYPE: ClassVar[str] = "guangcai.registration.StoryAgreed"
    VERSION: ClassVar[int] = 1

    text_version: int


class StoryRefused(_StoryFacts, Event):
    """The member does not agree to the text. No reason is asked for."""

    TYPE: ClassVar[str] = "guangcai.registration.StoryRefused"
    VERSION: ClassVar[int] = 1

    text_version: int


class StoryPublished(_StoryFacts, Event):
    """An editor published the text that the member agreed to: the people of the district can read it."""

    TYPE: ClassVar[str] = "guangcai.registration.StoryPublished"
    VERSION: ClassVar[int] = 1

    text_version: int


class StoryWithdrawn(_StoryFacts, Event):
    """The member took the agreement back: it is not shown from now on."""

    TYPE: ClassVar[str] = "guangcai.registration.StoryWithdrawn"
    VERSION: ClassVar[int] = 1

    text_version: int
    withdrawn_on: date


class StoryGivenUp(_StoryFacts, Event):
    """The story is over: its own side gave it up, or for half a year the member has not agreed. Readers drop the text."""

    TYPE: ClassVar[str] = "guangcai.registration.StoryGivenUp"
    VERSION: ClassVar[int] = 1

    text_version: int
    given_up_on: date
