"""Whose case a caller may work on, and the cases of all entries of one person."""

from collections.abc import Sequence
from uuid import UUID

from services.evaluation.access import period_of
from services.evaluation.cases.case import CASE
from services.evaluation.cases.state import CaseState, case_id
from services.evaluation.membership.access import membership_of, require_manager
from services.evaluation.membership.queries import Membership
from services.evaluation.policy import POLICY
from shared.eventlog.log import StreamVersion
from shared.http.endpoints import Call
from shared.identity import Forbidden


async def managed_case(call: Call, action: str, period_id: UUID, member_id: UUID, community_id: UUID | None = None) -> Membership:
    """The case as somebody may work on it who manages the member in a role of `action`. Raises NotFound or Forbidden.

    `community_id`: the community concerned, where it is not the one in which the member is registered now.
    """
    await period_of(call, period_id)
    membership = await membership_of(call, member_id, community_id)
    require_manager(call, membership, POLICY[action])
    if call.principal.subject in map(str, membership.entries):
        message = "nobody assesses or decides their own case"
        raise Forbidden(message)
    return membership


async def cases_of(call: Call, period_id: UUID, entries: Sequence[UUID]) -> dict[StreamVersion, CaseState]:
    """The cases of these entries as they are now, with their versions. After a merge the case of each entry goes on."""
    cases: dict[StreamVersion, CaseState] = {}
    for each in entries:
        stream = case_id(each, period_id)
        folded = await call.folded(CASE, stream)
        cases[StreamVersion(f"{CASE.category}/{stream}", folded.version)] = folded.state
    return cases
