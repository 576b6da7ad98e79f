"""What a new community begins with: models of posts for every community and for its type. A start to edit; nothing opens by itself.

Titles and duties are texts (`kit_<code>_title`, `kit_<code>_duties`). Invariant: one post of each model per community and year.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.activities.series.templates import TEMPLATES, CommunityType, Template
from shared.contracts.service_preference import PostCategory
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
    category: PostCategory
    capacity: int
    units: int
    community_type: CommunityType | None = None


MODELS: Final = (
    PostModel(KitCode.EVENING_PATROL, PostCategory.PUBLIC_ORDER, capacity=6, units=12),
    PostModel(KitCode.CLEAN_STAIRCASES, PostCategory.ENVIRONMENT, capacity=6, units=12),
    PostModel(KitCode.POLICY_DESK, PostCategory.POLICY_ADVICE, capacity=4, units=6),
    PostModel(KitCode.NEIGHBOURS_IN_NEED, PostCategory.SUPPORT_FOR_THE_WEAK, capacity=6, units=12),
    PostModel(KitCode.CULTURE_COACH, PostCategory.CULTURE, capacity=4, units=12, community_type=CommunityType.CULTURE_AND_SPORT),
    PostModel(KitCode.JOB_ADVISER, PostCategory.REEMPLOYMENT_TRAINING, capacity=4, units=6, community_type=CommunityType.REEMPLOYMENT),
    PostModel(KitCode.READING_ROOM, PostCategory.CULTURE, capacity=4, units=12, community_type=CommunityType.LEARNING),
    PostModel(KitCode.UNIT_CONTACT, PostCategory.OTHER, capacity=2, units=4, community_type=CommunityType.PARTNERSHIP),
    PostModel(KitCode.MEDIATOR, PostCategory.MEDIATION, capacity=4, units=6, community_type=CommunityType.SAFETY),
    PostModel(KitCode.GREEN_KEEPER, PostCategory.GREENING, capacity=6, units=12, community_type=CommunityType.ENVIRONMENT),
    PostModel(KitCode.SCIENCE_SPEAKER, PostCategory.OTHER, capacity=4, units=4, community_type=CommunityType.SCIENCE),
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
