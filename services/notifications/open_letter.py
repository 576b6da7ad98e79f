"""Open letters (公开信): a community or the district writes to all members at once. Invariant: sent once, and never to one person.

Each member finds it in the inbox, and as a letter only where they have agreed to letters.
"""

from dataclasses import dataclass
from typing import Annotated, Final, Self, assert_never
from uuid import UUID

from pydantic import StringConstraints, model_validator

from shared.contracts.event import Event
from shared.contracts.notifications import OpenLetterSent
from shared.contracts.values import HAS_LINES
from shared.decider import Command, Decider

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Prose = Annotated[str, HAS_LINES, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class LetterDraft(Command):
    """What is written, in Chinese, in English or in both; who writes: the community, or without one the district."""

    community_id: UUID | None = None
    title_zh: Title | None = None
    text_zh: Prose | None = None
    title_en: Title | None = None
    text_en: Prose | None = None

    @model_validator(mode="after")
    def _is_whole_in_a_language(self) -> Self:
        if (self.title_zh is None) is not (self.text_zh is None) or (self.title_en is None) is not (self.text_en is None):
            message = "a title and a text, in each language that is used"
            raise ValueError(message)
        if self.text_zh is None and self.text_en is None:
            message = "a title and a text, in Chinese or in English"
            raise ValueError(message)
        return self


class SendOpenLetter(LetterDraft):
    """Send it to everybody concerned."""

    letter_id: UUID


@dataclass(frozen=True, slots=True)
class Unsent:
    """Nothing has happened yet."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Everybody concerned gets it."""


OpenLetter = Unsent | Sent


def decide(command: SendOpenLetter, state: OpenLetter) -> tuple[Event, ...]:
    """Sent again is sent once."""
    match state:
        case Unsent():
            return (_sent(command),)
        case Sent():
            return ()
        case _:
            assert_never(state)


def _sent(command: SendOpenLetter) -> OpenLetterSent:
    """What is written in one language is shown to readers of both."""
    return OpenLetterSent(
        letter_id=command.letter_id,
        community_id=command.community_id,
        title_zh=command.title_zh or command.title_en or "",
        text_zh=command.text_zh or command.text_en or "",
        title_en=command.title_en or command.title_zh or "",
        text_en=command.text_en or command.text_zh or "",
    )


def evolve(state: OpenLetter, event: Event) -> OpenLetter:
    """Fold one event."""
    match event:
        case OpenLetterSent():
            return Sent()
        case _:
            return state


OPEN_LETTER: Final[Decider[SendOpenLetter, OpenLetter]] = Decider("open-letter", Unsent(), decide, evolve)
