"""Two entries of one person became one: what was one's is the other's, stream by stream."""

from typing import ClassVar
from uuid import UUID

from shared.contracts.event import Event


class MemberIdentityFollowed(Event):
    """In this stream, whatever was `member_id`'s is `into_member_id`'s from now on (registration: MemberIdentitiesMerged)."""

    TYPE: ClassVar[str] = "guangcai.activities.MemberIdentityFollowed"
    VERSION: ClassVar[int] = 1

    member_id: UUID
    into_member_id: UUID
