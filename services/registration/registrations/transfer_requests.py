"""Transfers (报到关系转移): a member moves, the other community takes over, the unit gets a new receipt.

Invariant: until the other community accepts nothing changes; accepting ends here and opens there, and sending it again finds the same two.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.registration.access import require_community
from services.registration.exports import exported
from services.registration.inputs import Body, Cursor, Limit, Reason
from services.registration.organisations.access import established
from services.registration.policy import allow
from services.registration.registrations import queries
from services.registration.registrations.access import require_either_manager, ties_of
from services.registration.registrations.api import ReasonBody
from services.registration.registrations.registration import REGISTRATION
from services.registration.registrations.state import Closed, Confirmed
from services.registration.registrations.transfer_completion import complete_transfer
from services.registration.registrations.transfers import AcceptTransfer, DeclineTransfer, RequestTransfer, TransferNotRequested
from shared.calendar.local_time import local_day
from shared.contracts.registration.codes import OrganisationKind
from shared.http.endpoints import Call, CommandAnswer
from shared.http.paging import Page

router = APIRouter(tags=["transfers"])


class TransferBody(Body):
    """Where to, and why; the member can read it."""

    to_community_id: UUID
    reason: Reason


@router.post("/registrations/{registration_id}/transfer-request")
async def request_transfer(
    registration_id: UUID, body: TransferBody, call: Annotated[Call, Depends(allow("request_transfer"))]
) -> CommandAnswer:
    """Ask another community to take the member on: the member in person, or one of the two managers."""
    await _require_party(call, registration_id)
    await established(call, body.to_community_id, OrganisationKind.COMMUNITY)
    return await call.handle(REGISTRATION, registration_id, RequestTransfer(**body.model_dump()))


@router.post("/registrations/{registration_id}/transfer-refusal")
async def decline_transfer(
    registration_id: UUID, body: ReasonBody, call: Annotated[Call, Depends(allow("decline_transfer"))]
) -> CommandAnswer:
    """The other community does not take the member on; or who may ask takes the request back."""
    if await _asked(call, registration_id) not in call.principal.organisations:
        await _require_party(call, registration_id)
    return await call.handle(REGISTRATION, registration_id, DeclineTransfer(reason=body.reason))


@router.post("/registrations/{registration_id}/transfer")
async def accept_transfer(registration_id: UUID, call: Annotated[Call, Depends(allow("accept_transfer"))]) -> CommandAnswer:
    """The other community takes the member on; the answer names the new registration and its receipt."""
    asked = await _asked(call, registration_id)
    if asked is None:
        raise TransferNotRequested
    require_community(call, asked)
    command = AcceptTransfer(accepted_by=call.principal.subject, transferred_on=local_day(call.now))
    answer = await call.handle(REGISTRATION, registration_id, command)
    opened = await complete_transfer(call, registration_id)
    return answer if opened is None else answer.with_result(registration_id=opened[0], receipt_no=opened[1])


@exported(router, "/communities/{community_id}/transfers", "transfers")
async def transfers(
    community_id: UUID, call: Annotated[Call, Depends(allow("list_transfers"))], after: Cursor = None, limit: Limit = 100
) -> Page[queries.Registration]:
    """Registrations that are to move to this community, pseudonymous."""
    require_community(call, community_id)
    async with call.read() as tx:
        return await queries.transfers_to(tx, call.district, community_id, after, limit)


async def _asked(call: Call, registration_id: UUID) -> UUID | None:
    """The community that was asked to take the member on, or did."""
    match await call.state(REGISTRATION, registration_id):
        case Confirmed(transfer_to=community_id) | Closed(moved_to=community_id):
            return community_id
        case _:
            return None


async def _require_party(call: Call, registration_id: UUID) -> None:
    ties = await ties_of(call, registration_id)
    if not call.principal.is_member(ties.member_id):
        require_either_manager(call, ties)
