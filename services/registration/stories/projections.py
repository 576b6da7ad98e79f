"""Events about stories → stories with their texts, sealed; without a text once they have ended."""

from collections.abc import Iterator
from typing import Final

from shared.contracts.registration.changes import MemberIdentitiesMerged
from shared.contracts.registration.members import PersonalDataErased
from shared.contracts.registration.stories import StoryAgreed, StoryDrafted, StoryGivenUp, StoryPublished, StoryRefused, StoryWithdrawn
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import change, delete, fields, save


def drafted(event: Recorded, data: StoryDrafted) -> Iterator[Write]:
    """A new text, which nobody has agreed to."""
    text = fields(data, "member_id", "unit_id", "community_id", "text_version", "title_sealed", "text_sealed")
    state = {"status": "DRAFTED", "drafted_at": event.time, "published_at": None}
    yield save("stories", fields(data, "story_id"), text | state)


def agreed(_event: Recorded, data: StoryAgreed) -> Iterator[Write]:
    """The member agreed."""
    yield change("stories", fields(data, "story_id"), {"status": "AGREED", "published_at": None})


def refused(_event: Recorded, data: StoryRefused) -> Iterator[Write]:
    """The member refused."""
    yield change("stories", fields(data, "story_id"), {"status": "REFUSED", "published_at": None})


def published(event: Recorded, data: StoryPublished) -> Iterator[Write]:
    """Everybody in the district may read it."""
    yield change("stories", fields(data, "story_id"), {"status": "PUBLISHED", "published_at": event.time})


def withdrawn(_event: Recorded, data: StoryWithdrawn) -> Iterator[Write]:
    """The member does not agree any more."""
    yield change("stories", fields(data, "story_id"), {"status": "WITHDRAWN", "published_at": None})


def ended(_event: Recorded, data: StoryGivenUp) -> Iterator[Write]:
    """The text is dropped."""
    yield change(
        "stories", fields(data, "story_id"), {"status": "GIVEN_UP", "published_at": None, "title_sealed": None, "text_sealed": None}
    )


def member_gone(_event: Recorded, data: PersonalDataErased | MemberIdentitiesMerged) -> Iterator[Write]:
    """Nobody could withdraw the agreement any more."""
    yield delete("stories", fields(data, "member_id"))


PROJECTIONS: Final[Projections] = {
    StoryDrafted: drafted,
    StoryAgreed: agreed,
    StoryRefused: refused,
    StoryPublished: published,
    StoryWithdrawn: withdrawn,
    StoryGivenUp: ended,
    PersonalDataErased: member_gone,
    MemberIdentitiesMerged: member_gone,
}
