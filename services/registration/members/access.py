"""Members as requests name them."""

from uuid import UUID

from services.registration.members.member import MEMBER
from services.registration.members.state import Enrolled, NotEnrolled
from shared.http.answers import NotFound
from shared.http.endpoints import Call


async def enrolled(call: Call, member_id: UUID) -> Enrolled:
    """A member who is on a roster. Raises NotFound for everybody else."""
    state = await call.state(MEMBER, member_id)
    if not isinstance(state, Enrolled):
        raise NotFound
    return state


async def require_known(call: Call, member_id: UUID) -> None:
    """Raise NotFound unless this member is or was on a roster."""
    if isinstance(await call.state(MEMBER, member_id), NotEnrolled):
        raise NotFound
