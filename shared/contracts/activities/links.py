"""Events of secret calendar links: whoever holds the link sees one member's sign-ups, until the member takes it back."""

from typing import ClassVar
from uuid import UUID

from shared.contracts.event import Event


class CalendarLinkOpened(Event):
    """The member asked for a link that calendar programs can read. Its secret is kept nowhere."""

    TYPE: ClassVar[str] = "guangcai.activities.CalendarLinkOpened"
    VERSION: ClassVar[int] = 1

    link_id: UUID
    member_id: UUID


class CalendarLinkRevoked(Event):
    """The link leads nowhere from now on."""

    TYPE: ClassVar[str] = "guangcai.activities.CalendarLinkRevoked"
    VERSION: ClassVar[int] = 1

    link_id: UUID
    member_id: UUID
