"""Delegations: a part-time secretary lets somebody act, for one organisation and a limited time.

Who acts sends `Guangcai-Acting-For: <subject of the delegator>`; the events then name both (actor, and on whose behalf).
"""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import Field

from services.registration.delegations import queries
from services.registration.delegations.delegation import DELEGATION, EndDelegation, GrantDelegation, NotGranted
from services.registration.exports import exported
from services.registration.inputs import Body, Reason
from services.registration.policy import COMMUNITY, DISTRICT, UNIT, allow
from shared.calendar.local_time import local_day
from shared.http.answers import NotFound
from shared.http.endpoints import Call, CommandAnswer
from shared.identity import Forbidden

router = APIRouter(tags=["delegations"])


class DelegationBody(Body):
    """Who may act (subject of the account) until when, and why; from today unless stated."""

    delegate: Annotated[str, Field(min_length=1, max_length=100)]
    starts_on: date | None = None
    ends_on: date
    reason: Reason


@router.post("/organisations/{organisation_id}/delegations", status_code=201)
async def grant_delegation(organisation_id: UUID, body: DelegationBody, call: Annotated[Call, Depends(allow("delegate"))]) -> CommandAnswer:
    """Let somebody do what one may do for this organisation."""
    call.principal.require_organisation(organisation_id)
    delegation_id = call.new_id("delegation")
    command = GrantDelegation(
        delegation_id=delegation_id,
        organisation_id=organisation_id,
        delegator=call.principal.subject,
        roles=tuple(sorted(call.principal.roles & (UNIT | COMMUNITY))),
        starts_on=body.starts_on or local_day(call.now),
        is_acting=call.on_behalf_of is not None,
        **body.model_dump(include={"delegate", "ends_on", "reason"}),
    )
    answer = await call.handle(DELEGATION, delegation_id, command)
    return answer.with_result(delegation_id=delegation_id)


@router.post("/delegations/{delegation_id}/end")
async def end_delegation(delegation_id: UUID, call: Annotated[Call, Depends(allow("end_delegation"))]) -> CommandAnswer:
    """Take it back: who gave it, who holds it, or the district."""
    state = await call.state(DELEGATION, delegation_id)
    if isinstance(state, NotGranted):
        raise NotFound
    if not (call.principal.has_any(DISTRICT) or call.principal.subject in {state.granted.delegator, state.granted.delegate}):
        message = "not one's own delegation"
        raise Forbidden(message)
    return await call.handle(DELEGATION, delegation_id, EndDelegation(ended_on=local_day(call.now)))


@exported(router, "/organisations/{organisation_id}/delegations", "delegations")
async def delegations(organisation_id: UUID, call: Annotated[Call, Depends(allow("list_delegations"))]) -> list[queries.Delegation]:
    """Who acts or acted for this organisation, for the organisation and the district."""
    if not call.principal.has_any(DISTRICT):
        call.principal.require_organisation(organisation_id)
    async with call.read() as tx:
        return await queries.delegations(tx, call.district, organisation_id, None)


@exported(router, "/delegations", "own_delegations")
async def own_delegations(call: Annotated[Call, Depends(allow("end_delegation"))]) -> list[queries.Delegation]:
    """What one has delegated, and whom one may act for."""
    async with call.read() as tx:
        return await queries.delegations(tx, call.district, None, call.principal.subject)
