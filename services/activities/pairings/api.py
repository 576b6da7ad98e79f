"""HTTP of help pairings, and of what the district switches on. Who is helped is a number on the community's paper."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from services.activities.access import DEFAULT_LIMIT, After, Limit, acting_for, after_id, allow, member_id, require_registered_in, whose
from services.activities.modules.api import is_module_on
from services.activities.modules.module import MODULE, ModuleDraft, SwitchOff, SwitchOn, module_id
from services.activities.needs.access import require_need_of_community
from services.activities.neighbourhoods import queries as neighbourhoods
from services.activities.neighbourhoods.queries import ModuleView, PairingView
from services.activities.pairings.pairing import (
    PAIRING,
    EndPairing,
    JoinPairing,
    LeavePairing,
    NoteVisit,
    OfferPairing,
    PairingDraft,
    ReviewDraft,
    ReviewPairing,
    StateParentalConsent,
    VisitDraft,
)
from services.activities.pairings.state import Pairing
from services.activities.policy import DESK
from services.activities.suggestions.queries import Filter
from services.activities.wording import Line, Reason
from shared.contracts.activities import DistrictModule, HelpPairingOffered, PairingEnd, ReleaseReason
from shared.decider import Command
from shared.identity import Role
from shared.local_time import local_day
from shared.web import Call, CommandAnswer, NotFound, Page, page_of

router = APIRouter()
PairingStatus = Literal["OFFERED", "RUNNING", "PAUSED", "ENDED"]


class SwitchOffBody(Command):
    """Why."""

    reason: Line


class ConsentBody(Command):
    """Whether the written consent is at hand."""

    is_given: bool


class JoinBody(Command):
    """Empty for a member's own act; assisted entry names the member and how they agreed."""

    member_id: UUID | None = None
    consent: Reason | None = None


class LeaveBody(Command):
    """Why; the community may say it for a member."""

    reason: ReleaseReason
    member_id: UUID | None = None


class EndBody(Command):
    """Why it is over."""

    reason: PairingEnd


@router.get("/modules")
async def module_list(call: Annotated[Call, Depends(allow("see_modules"))]) -> list[ModuleView]:
    """What the district switched on, by which rules; everything else is off."""
    async with call.read() as tx:
        return await neighbourhoods.modules(tx)


@router.post("/modules/{module}/on")
async def switch_on(module: DistrictModule, body: ModuleDraft, call: Annotated[Call, Depends(allow("switch_module"))]) -> CommandAnswer:
    """Switch a module on, with all the rules it asks for."""
    command = SwitchOn(module=module, decided_by=call.principal.subject, **dict(body))
    return await call.handle(MODULE, module_id(module), command)


@router.post("/modules/{module}/off")
async def switch_off(module: DistrictModule, body: SwitchOffBody, call: Annotated[Call, Depends(allow("switch_module"))]) -> CommandAnswer:
    """Switch a module off; what it holds stays readable."""
    command = SwitchOff(module=module, decided_by=call.principal.subject, reason=body.reason)
    return await call.handle(MODULE, module_id(module), command)


@router.get("/pairings")
async def pairing_list(
    call: Annotated[Call, Depends(allow("see_pairings"))],
    status: PairingStatus | None = None,
    review_due: Annotated[bool, Query(description="only those whose review is due")] = False,
    after: After = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Page[PairingView]:
    """Pairings of the caller's communities; for members their own and what their community offers."""
    own = member_id(call.principal) if Role.MEMBER in call.principal.roles else None
    wanted = Filter(acting_for(call.principal), own, None, status, after_id(after), limit)
    async with call.read() as tx:
        found = await neighbourhoods.pairings(tx, wanted, local_day(call.now) if review_due else None)
    return page_of(found, limit, lambda each: (each.pairing_id,))


@router.post("/pairings", status_code=201)
async def offer_pairing(body: PairingDraft, call: Annotated[Call, Depends(allow("offer_pairing"))]) -> CommandAnswer:
    """Look for helpers. No names: `file_no` is the number of the community's own paper file."""
    call.principal.require_organisation(body.community_id)
    if body.need_id is not None:
        await require_need_of_community(call, body.need_id, body.community_id)
    pairing_id = call.new_id("pairing")
    is_on = await is_module_on(call, DistrictModule.WORK_WITH_MINORS)
    answer = await call.handle(PAIRING, pairing_id, OfferPairing(pairing_id=pairing_id, is_minors_module_on=is_on, **dict(body)))
    return answer.with_result(pairing_id=pairing_id)


@router.post("/pairings/{pairing_id}/parental-consent")
async def state_parental_consent(
    pairing_id: UUID, body: ConsentBody, call: Annotated[Call, Depends(allow("offer_pairing"))]
) -> CommandAnswer:
    """State that the written consent is at hand, or no longer; without it a pairing with minors rests at once."""
    await _own(call, pairing_id)
    return await call.handle(PAIRING, pairing_id, StateParentalConsent(is_given=body.is_given, stated_by=call.principal.subject))


@router.post("/pairings/{pairing_id}/join")
async def join_pairing(pairing_id: UUID, body: JoinBody, call: Annotated[Call, Depends(allow("join_pairing"))]) -> CommandAnswer:
    """Take part, by one's own act or by word to the community."""
    who, acting = whose(call, body.member_id, body.consent)
    _, offered = await (_known(call, pairing_id) if acting is call else _own(call, pairing_id))
    await require_registered_in(call, who, offered.community_id)
    consent = None if acting is call else body.consent
    command = JoinPairing(member_id=who, today=local_day(call.now), assisted_consent=consent)
    return await acting.handle(PAIRING, pairing_id, command)


@router.post("/pairings/{pairing_id}/leave")
async def leave_pairing(pairing_id: UUID, body: LeaveBody, call: Annotated[Call, Depends(allow("join_pairing"))]) -> CommandAnswer:
    """Take part no longer."""
    by_member = body.member_id is None or call.principal.is_member(body.member_id)
    if by_member:
        await _known(call, pairing_id)
    else:
        await _own(call, pairing_id)
    who = member_id(call.principal) if by_member or body.member_id is None else body.member_id
    return await call.handle(PAIRING, pairing_id, LeavePairing(member_id=who, by_member=by_member, reason=body.reason))


@router.post("/pairings/{pairing_id}/visits", status_code=201)
async def note_visit(pairing_id: UUID, body: VisitDraft, call: Annotated[Call, Depends(allow("join_pairing"))]) -> CommandAnswer:
    """Note who was there, as a helper or as the community. Nobody is alone with minors."""
    state, offered = await _known(call, pairing_id)
    if not any(call.principal.is_member(each) for each in state.helpers):
        _require_desk(call, offered)
    values: dict[str, Any] = {"today": local_day(call.now), "noted_by": call.principal.subject}
    return await call.handle(PAIRING, pairing_id, NoteVisit(**dict(body), **values))


@router.post("/pairings/{pairing_id}/review")
async def review_pairing(pairing_id: UUID, body: ReviewDraft, call: Annotated[Call, Depends(allow("offer_pairing"))]) -> CommandAnswer:
    """Look at how the goal stands, and say when to look again."""
    await _own(call, pairing_id)
    command = ReviewPairing(**dict(body), reviewed_by=call.principal.subject, today=local_day(call.now))
    return await call.handle(PAIRING, pairing_id, command)


@router.post("/pairings/{pairing_id}/end")
async def end_pairing(pairing_id: UUID, body: EndBody, call: Annotated[Call, Depends(allow("offer_pairing"))]) -> CommandAnswer:
    """Close the pairing."""
    await _own(call, pairing_id)
    return await call.handle(PAIRING, pairing_id, EndPairing(reason=body.reason, ended_by=call.principal.subject))


async def _known(call: Call, pairing_id: UUID) -> tuple[Pairing, HelpPairingOffered]:
    state = await call.state(PAIRING, pairing_id)
    if state.offered is None:
        raise NotFound
    return state, state.offered


async def _own(call: Call, pairing_id: UUID) -> tuple[Pairing, HelpPairingOffered]:
    state, offered = await _known(call, pairing_id)
    _require_desk(call, offered)
    return state, offered


def _require_desk(call: Call, offered: HelpPairingOffered) -> None:
    if not call.principal.has_any(DESK):
        raise NotFound
    call.principal.require_organisation(offered.community_id)
