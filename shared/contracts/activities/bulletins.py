"""Events of names in a bulletin (工作简报): who was asked to be named in this very one, who agreed, who took that back.

There is no event for a no: it is the same as not answering, so that nobody can read who said it.
"""

from typing import ClassVar
from uuid import UUID

from shared.contracts.event import Event, Value


class _NamingFacts(Value):
    """One member and one bulletin: of a community and a month, e.g. 2026-04."""

    bulletin_id: UUID
    member_id: UUID
    community_id: UUID
    month: str


class BulletinNamingAsked(_NamingFacts, Event):
    """The community would like to name the member, who served in this month."""

    TYPE: ClassVar[str] = "guangcai.activities.BulletinNamingAsked"
    VERSION: ClassVar[int] = 1

    asked_by: str


class BulletinNamingAgreed(_NamingFacts, Event):
    """The member agreed to be named in this bulletin. The name is printed only while the general consent to be named holds too."""

    TYPE: ClassVar[str] = "guangcai.activities.BulletinNamingAgreed"
    VERSION: ClassVar[int] = 1


class BulletinNamingWithdrawn(_NamingFacts, Event):
    """The member took the agreement back: from now on this bulletin is printed without the name."""

    TYPE: ClassVar[str] = "guangcai.activities.BulletinNamingWithdrawn"
    VERSION: ClassVar[int] = 1
