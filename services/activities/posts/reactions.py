"""When a registration ends, the member's claims on posts end with it."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from services.activities.posts import queries
from services.activities.posts.claims import ReleasePost
from services.activities.posts.post import SERVICE_POST
from shared.calendar.local_time import local_day
from shared.contracts.activities.codes import ReleaseReason
from shared.contracts.registration.registrations import RegistrationClosed
from shared.eventlog.envelope import Recorded
from shared.eventlog.intents import Intent
from shared.feature import Performers, Reactions, Task
from shared.http.endpoints import Call


class ReleasePosts(Task):
    """Release every living claim of a member whose registration ended at `at`."""

    KIND: ClassVar[str] = "release_posts"

    member_id: UUID
    at: datetime


def release(event: Recorded, data: RegistrationClosed) -> Iterator[Intent]:
    """One intent per registration."""
    yield ReleasePosts(member_id=data.member_id, at=event.time).intent(f"release/{data.registration_id}", event.time)


async def release_posts(task: ReleasePosts, call: Call) -> None:
    """A claim that has ended meanwhile is left alone by the aggregate."""
    async with call.read() as tx:
        claims = await queries.living_claims(tx, call.district, task.member_id)
        done = {each.post_id: (await queries.done_units(tx, call.district, each.post_id)).get(task.member_id, 0) for each in claims}
    day = local_day(task.at)
    for claim in claims:
        command = ReleasePost(
            claim_id=claim.claim_id,
            by_member=False,
            reason=ReleaseReason.REGISTRATION_CLOSED,
            today=day,
            leaves_on=day,
            done_units=done[claim.post_id],
        )
        await call.step(str(claim.claim_id)).handle(SERVICE_POST, claim.post_id, command)


REACTIONS: Final[Reactions] = {RegistrationClosed: release}
PERFORMERS: Final[Performers] = {ReleasePosts: release_posts}
