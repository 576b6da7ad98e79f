"""What a new community begins with: models of posts for every community and for its type. A start to edit; nothing opens by itself.

Titles and duties are texts (`kit_<code>_title`, `kit_<code>_duties`). Invariant: one post of each model per community and year.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.activities.series.templates import TEMPLATES, CommunityType, Template
from shared.contracts.activities import PostCategory
from shared.identifiers import named_id


class KitCode(StrEnum):
    """Known models of posts."""

    EVENING_PATROL = "EVENING_PATROL"
    CLEAN_STAIRCASES = "CLEAN_STAIRCASES"
    POLICY_DESK = "POLICY_DESK"
    NEIGHBOURS_IN_NEED = "NEIGHBOURS_IN_NEED"
    CULTURE_COACH = "CULTURE_COACH"
    JOB_ADVISER = "JOB_ADVISER"
    READING_ROOM = "READING_ROOM"
    UNIT_CONTACT = "UNIT_CONTACT"
    MEDIATOR = "MEDIATOR"
    GREEN_KEEPER = "GREEN_KEEPER"
    SCIENCE_SPEAKER = "SCIENCE_SPEAKER"


@dataclass(frozen=True, slots=True)
class PostModel:
    """A post to propose; `community_type` None: for every community. `units`: duty units agreed for a whole year."""

    code: KitCode
    community_type: CommunityType | None
    category: PostCategory
    capacity: int
    units: int


MODELS: Final = (
    PostModel(KitCode.EVENING_PATROL, None, PostCategory.PUBLIC_ORDER, 6, 12),
    PostModel(KitCode.CLEAN_STAIRCASES, None, PostCategory.ENVIRONMENT, 6, 12),
    PostModel(KitCode.POLICY_DESK, None, PostCategory.POLICY_ADVICE, 4, 6),
    PostModel(KitCode.NEIGHBOURS_IN_NEED, None, PostCategory.SUPPORT_FOR_THE_WEAK, 6, 12),
    PostModel(KitCode.CULTURE_COACH, CommunityType.CULTURE_AND_SPORT, PostCategory.CULTURE, 4, 12),
    PostModel(KitCode.JOB_ADVISER, CommunityType.REEMPLOYMENT, PostCategory.REEMPLOYMENT_TRAINING, 4, 6),
    PostModel(KitCode.READING_ROOM, CommunityType.LEARNING, PostCategory.CULTURE, 4, 12),
    PostModel(KitCode.UNIT_CONTACT, CommunityType.PARTNERSHIP, PostCategory.OTHER, 2, 4),
    PostModel(KitCode.MEDIATOR, CommunityType.SAFETY, PostCategory.MEDIATION, 4, 6),
    PostModel(KitCode.GREEN_KEEPER, CommunityType.ENVIRONMENT, PostCategory.GREENING, 6, 12),
    PostModel(KitCode.SCIENCE_SPEAKER, CommunityType.SCIENCE, PostCategory.OTHER, 4, 4),
)


def models_for(kind: CommunityType) -> tuple[PostModel, ...]:
    """Posts that a community of this type begins with."""
    return tuple(each for each in MODELS if each.community_type in {None, kind})


def series_for(kind: CommunityType) -> tuple[Template, ...]:
    """Models of series that return by a rule: those of the type, and the days that every community keeps."""
    return tuple(each for each in TEMPLATES if each.rule is not None and each.community_type in {None, kind})


def kit_post_id(community_id: UUID, year: int, code: KitCode) -> UUID:
    """Id of the post that a model becomes, so that taking the kit twice proposes once."""
    return named_id(b"starting-kit", community_id.bytes, str(year).encode(), code.encode())
