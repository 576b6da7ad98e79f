"""A story of a model (先进典型): drafted by unit or community, read and agreed to by the member it is about, then published by an editor.

Invariant: nothing is shown but the very text the member agreed to, and only until the member takes that back; the text stays sealed.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from shared.contracts.event import Event
from shared.contracts.registration_stories import (
    StoryAgreed,
    StoryDrafted,
    StoryGivenUp,
    StoryPublished,
    StoryRefused,
    StoryWithdrawn,
)
from shared.decider import Command, Decider, DomainError


class DraftStory(Command):
    """Write the story, or write it anew."""

    story_id: UUID
    member_id: UUID
    unit_id: UUID | None = None
    community_id: UUID | None = None
    title_sealed: str
    text_sealed: str
    drafted_on: date


class AgreeToStory(Command):
    """Agree to the text with this version."""

    text_version: int


class RefuseStory(Command):
    """Do not agree, or not any more; to whatever text there is."""

    refused_on: date


class PublishStory(Command):
    """Show it to the people of the district."""


class GiveUpStory(Command):
    """End it: by its own side, or (`unagreed_since`) if nobody has agreed since that day."""

    unagreed_since: date | None = None
    given_up_on: date


StoryCommand = DraftStory | AgreeToStory | RefuseStory | PublishStory | GiveUpStory


class StoryUnknown(DomainError):
    """There is no such story."""


class StoryIsGivenUp(DomainError):
    """This story was given up; write a new one."""


class StoryHasChanged(DomainError):
    """The text was changed since it was read; read it as it is now."""


class StoryNeedsAgreement(DomainError):
    """A story is published only when the member it is about has agreed to its text."""


class StoryStatus(StrEnum):
    """Where a story stands."""

    DRAFTED = "DRAFTED"
    AGREED = "AGREED"
    REFUSED = "REFUSED"
    PUBLISHED = "PUBLISHED"
    WITHDRAWN = "WITHDRAWN"
    GIVEN_UP = "GIVEN_UP"


@dataclass(frozen=True, slots=True)
class Story:
    """Fold of a story's stream; `unagreed_since`: since when the text waits for an agreement, None while there is one or it is over."""

    drafted: StoryDrafted | None = None
    status: StoryStatus = StoryStatus.DRAFTED
    unagreed_since: date | None = None

    @property
    def is_agreed(self) -> bool:
        """Whether the member's agreement to the text holds."""
        return self.status in {StoryStatus.AGREED, StoryStatus.PUBLISHED}


def decide(command: StoryCommand, state: Story) -> tuple[Event, ...]:
    """Events that follow from a command."""
    if isinstance(command, DraftStory):
        return _draft(command, state)
    if state.drafted is None:
        raise StoryUnknown
    facts: dict[str, Any] = state.drafted.model_dump(include={"story_id", "member_id", "unit_id", "community_id", "text_version"})
    match command:
        case AgreeToStory():
            return _agree(command, state, facts)
        case RefuseStory():
            return _refuse(command, state, facts)
        case PublishStory():
            if not state.is_agreed:
                raise StoryNeedsAgreement
            return () if state.status is StoryStatus.PUBLISHED else (StoryPublished(**facts),)
        case GiveUpStory(unagreed_since=None):
            return () if state.status is StoryStatus.GIVEN_UP else (StoryGivenUp(**facts, given_up_on=command.given_up_on),)
        case GiveUpStory():
            is_due = command.unagreed_since == state.unagreed_since
            return (StoryGivenUp(**facts, given_up_on=command.given_up_on),) if is_due else ()


def _draft(command: DraftStory, state: Story) -> tuple[Event, ...]:
    if state.status is StoryStatus.GIVEN_UP:
        raise StoryIsGivenUp
    former = 0 if state.drafted is None else state.drafted.text_version
    return (StoryDrafted(**command.model_dump(), text_version=former + 1),)


def _agree(command: AgreeToStory, state: Story, facts: dict[str, Any]) -> tuple[Event, ...]:
    if state.status is StoryStatus.GIVEN_UP:
        raise StoryIsGivenUp
    if command.text_version != facts["text_version"]:
        raise StoryHasChanged
    return () if state.is_agreed else (StoryAgreed(**facts),)


def _refuse(command: RefuseStory, state: Story, facts: dict[str, Any]) -> tuple[Event, ...]:
    if state.is_agreed:
        return (StoryWithdrawn(**facts, withdrawn_on=command.refused_on),)
    return (StoryRefused(**facts),) if state.status is StoryStatus.DRAFTED else ()


def evolve(state: Story, event: Event) -> Story:
    """State after one more event."""
    match event:
        case StoryDrafted():
            return Story(event, StoryStatus.DRAFTED, event.drafted_on)
        case StoryAgreed():
            return replace(state, status=StoryStatus.AGREED, unagreed_since=None)
        case StoryRefused():
            return replace(state, status=StoryStatus.REFUSED)
        case StoryPublished():
            return replace(state, status=StoryStatus.PUBLISHED)
        case StoryWithdrawn():
            return replace(state, status=StoryStatus.WITHDRAWN, unagreed_since=event.withdrawn_on)
        case StoryGivenUp():
            return replace(state, status=StoryStatus.GIVEN_UP, unagreed_since=None)
        case _:
            return state


STORY: Final[Decider[StoryCommand, Story]] = Decider(category="story", initial=Story(), decide=decide, evolve=evolve)
