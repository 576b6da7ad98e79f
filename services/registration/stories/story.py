"""A story of a model (先进典型): drafted by unit or community, read and agreed to by the member it is about, then published by an editor.

Invariant: nothing is shown but the very text the member agreed to, and only until the member withdraws; the text stays sealed.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final, assert_never
from uuid import UUID

from shared.contracts.event import Event
from shared.contracts.registration.stories import StoryAgreed, StoryDrafted, StoryGivenUp, StoryPublished, StoryRefused, StoryWithdrawn
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


@dataclass(frozen=True, slots=True)
class NotDrafted:
    """Nothing happened yet."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """The text waits for the member's answer, since that day."""

    drafted: StoryDrafted
    unagreed_since: date


@dataclass(frozen=True, slots=True)
class Refused:
    """The member did not agree; the text counts as not agreed to since it was drafted."""

    drafted: StoryDrafted
    unagreed_since: date


@dataclass(frozen=True, slots=True)
class Agreed:
    """The member agreed to the text."""

    drafted: StoryDrafted


@dataclass(frozen=True, slots=True)
class Published:
    """The people of the district read it."""

    drafted: StoryDrafted


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The member agreed once and does not any more, since that day."""

    drafted: StoryDrafted
    unagreed_since: date


@dataclass(frozen=True, slots=True)
class GivenUp:
    """Over; the text is dropped."""

    drafted: StoryDrafted


Written = Drafted | Refused | Agreed | Published | Withdrawn | GivenUp
Story = NotDrafted | Written


def decide(command: StoryCommand, state: Story) -> tuple[Event, ...]:
    """Events that follow from a command."""
    if isinstance(command, DraftStory):
        return _draft(command, state)
    if isinstance(state, NotDrafted):
        raise StoryUnknown
    match command:
        case AgreeToStory():
            return _agree(command, state)
        case RefuseStory():
            return _refuse(command, state)
        case PublishStory():
            return _publish(state)
        case GiveUpStory():
            return _give_up(command, state)
        case _:
            assert_never(command)


def _draft(command: DraftStory, state: Story) -> tuple[Event, ...]:
    if isinstance(state, GivenUp):
        raise StoryIsGivenUp
    former = 0 if isinstance(state, NotDrafted) else state.drafted.text_version
    return (StoryDrafted(**command.model_dump(), text_version=former + 1),)


def _agree(command: AgreeToStory, state: Written) -> tuple[Event, ...]:
    if isinstance(state, GivenUp):
        raise StoryIsGivenUp
    if command.text_version != state.drafted.text_version:
        raise StoryHasChanged
    return () if isinstance(state, Agreed | Published) else (StoryAgreed(**_text_of(state)),)


def _refuse(command: RefuseStory, state: Written) -> tuple[Event, ...]:
    match state:
        case Agreed() | Published():
            return (StoryWithdrawn(**_text_of(state), withdrawn_on=command.refused_on),)
        case Drafted():
            return (StoryRefused(**_text_of(state)),)
        case Refused() | Withdrawn() | GivenUp():
            return ()
        case _:
            assert_never(state)


def _publish(state: Written) -> tuple[Event, ...]:
    match state:
        case Agreed():
            return (StoryPublished(**_text_of(state)),)
        case Published():
            return ()
        case _:
            raise StoryNeedsAgreement


def _give_up(command: GiveUpStory, state: Written) -> tuple[Event, ...]:
    match state:
        case GivenUp():
            return ()
        case Drafted() | Refused() | Withdrawn():
            is_due = command.unagreed_since in {None, state.unagreed_since}
        case Agreed() | Published():
            is_due = command.unagreed_since is None
        case _:
            assert_never(state)
    return (StoryGivenUp(**_text_of(state), given_up_on=command.given_up_on),) if is_due else ()


def _text_of(state: Written) -> dict[str, Any]:
    return state.drafted.model_dump(include={"story_id", "member_id", "unit_id", "community_id", "text_version"})


def evolve(state: Story, event: Event) -> Story:
    """State after one more event; what this aggregate does not know changes nothing."""
    match state, event:
        case _, StoryDrafted():
            return Drafted(event, event.drafted_on)
        case NotDrafted(), _:
            return state
        case Drafted(drafted, since), StoryRefused():
            return Refused(drafted, since)
        case _, StoryAgreed():
            return Agreed(state.drafted)
        case _, StoryPublished():
            return Published(state.drafted)
        case _, StoryWithdrawn():
            return Withdrawn(state.drafted, event.withdrawn_on)
        case _, StoryGivenUp():
            return GivenUp(state.drafted)
        case _:
            return state


STORY: Final[Decider[StoryCommand, Story]] = Decider(category="story", initial=NotDrafted(), decide=decide, evolve=evolve)
