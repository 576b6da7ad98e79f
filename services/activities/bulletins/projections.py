"""Who was asked to be named in a bulletin, and who agrees; an agreement that was taken back leaves no row."""

from collections.abc import Iterator
from typing import Final

from shared.contracts.activities.bulletins import BulletinNamingAgreed, BulletinNamingAsked, BulletinNamingWithdrawn
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import delete, fields, save, save_new


def asked(_event: Recorded, data: BulletinNamingAsked) -> Iterator[Write]:
    """A question to a member."""
    yield save("bulletin_questions", fields(data, "bulletin_id", "member_id"), fields(data, "community_id", "month"))


def agreed(_event: Recorded, data: BulletinNamingAgreed) -> Iterator[Write]:
    """The member may be named."""
    yield save_new("bulletin_agreements", fields(data, "bulletin_id", "member_id"), {})


def withdrawn(_event: Recorded, data: BulletinNamingWithdrawn) -> Iterator[Write]:
    """The member may not be named any more."""
    yield delete("bulletin_agreements", fields(data, "bulletin_id", "member_id"))


PROJECTIONS: Final[Projections] = {BulletinNamingAsked: asked, BulletinNamingAgreed: agreed, BulletinNamingWithdrawn: withdrawn}
