"""HTTP of help pairings. Who is helped is a number on the community's paper, never a name."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from services.activities.access import (
    DEFAULT_LIMIT,
    After,
    Limit,
    acting_for,
    after_id,
    allow,
    member_id,
    require_registered_in,
    whose,
)
from services.activities.listing import Listing
from services.activities.modules.api import is_module_on
from services.activities.needs.access import require_need_of_community
from services.activities.pairings import queries
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
from services.activities.pairings.queries import PairingView
from services.activities.pairings.state import Ended, Living, NotOffered
from services.activities.policy import DESK
from services.activities.wording import Reason
from shared.calendar.local_time import local_day
from shared.contracts.activities.codes import ReleaseReason
from shared.contracts.activities.modules import DistrictModule
from shared.contracts.activities.pairings import HelpPairingOffered, PairingEnd
from shared.decider import Command
from shared.http.answers import NotFound
from shared.http.endpoints import Call, CommandAnswer
from shared.http.paging import Page, page_of
from shared.identity import Role

router = APIRouter()
PairingStatus = Literal["OFFERED", "RUNNING", "PAUSED", "ENDED"]


class ParentalConsentBody(Command):
    """Whether the written consent is at hand."""

    is_given: bool


class JoinPairingBody(Command):
    """Empty for a member's own act; assisted entry names the member and how they agreed."""

    member_id: UUID | None = None
    consent: Reason | None = None


class LeavePairingBody(Command):
    """Why; the community may say it for a member."""

    reason: ReleaseReason
    member_id: UUID | None = None


class EndPairingBody(Command):
    """Why it is over."""

    reason: PairingEnd


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
    wanted = Listing(
        communities=acting_for(call.principal), member_id=own, community_id=None, status=status, after=after_id(after), limit=limit
    )
    async with call.read() as tx:
        found = await queries.pairings(tx, call.district, wanted, local_day(call.now) if review_due else None)
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
    pairing_id: UUID, body: ParentalConsentBody, call: Annotated[Call, Depends(allow("offer_pairing"))]
) -> CommandAnswer:
    """State that the written consent is at hand, or no longer; without it a pairing with minors pauses at once."""
    await _own(call, pairing_id)
    return await call.handle(PAIRING, pairing_id, StateParentalConsent(is_given=body.is_given, stated_by=call.principal.subject))


@router.post("/pairings/{pairing_id}/join")
async def join_pairing(pairing_id: UUID, body: JoinPairingBody, call: Annotated[Call, Depends(allow("join_pairing"))]) -> CommandAnswer:
    """Take part, by one's own act or by assisted entry."""
    who, acting = whose(call, body.member_id, body.consent)
    pairing = await (_own(call, pairing_id) if acting.is_assisted else _known(call, pairing_id))
    await require_registered_in(call, who, pairing.offered.community_id)
    consent = body.consent if acting.is_assisted else None
    command = JoinPairing(member_id=who, today=local_day(call.now), assisted_consent=consent)
    return await acting.handle(PAIRING, pairing_id, command)


@router.post("/pairings/{pairing_id}/leave")
async def leave_pairing(pairing_id: UUID, body: LeavePairingBody, call: Annotated[Call, Depends(allow("join_pairing"))]) -> CommandAnswer:
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
    pairing = await _known(call, pairing_id)
    if not any(call.principal.is_member(each) for each in pairing.helpers):
        _require_desk(call, pairing.offered)
    values: dict[str, Any] = {"today": local_day(call.now), "noted_by": call.principal.subject}
    return await call.handle(PAIRING, pairing_id, NoteVisit(**dict(body), **values))


@router.post("/pairings/{pairing_id}/review")
async def review_pairing(pairing_id: UUID, body: ReviewDraft, call: Annotated[Call, Depends(allow("offer_pairing"))]) -> CommandAnswer:
    """Look at how close the goal is, and say when to look again."""
    await _own(call, pairing_id)
    command = ReviewPairing(**dict(body), reviewed_by=call.principal.subject, today=local_day(call.now))
    return await call.handle(PAIRING, pairing_id, command)


@router.post("/pairings/{pairing_id}/end")
async def end_pairing(pairing_id: UUID, body: EndPairingBody, call: Annotated[Call, Depends(allow("offer_pairing"))]) -> CommandAnswer:
    """Close the pairing."""
    await _own(call, pairing_id)
    return await call.handle(PAIRING, pairing_id, EndPairing(reason=body.reason, ended_by=call.principal.subject))


async def _known(call: Call, pairing_id: UUID) -> Living | Ended:
    state = await call.state(PAIRING, pairing_id)
    if isinstance(state, NotOffered):
        raise NotFound
    return state


async def _own(call: Call, pairing_id: UUID) -> Living | Ended:
    state = await _known(call, pairing_id)
    _require_desk(call, state.offered)
    return state


def _require_desk(call: Call, offered: HelpPairingOffered) -> None:
    if not call.principal.has_any(DESK):
        raise NotFound
    call.principal.require_organisation(offered.community_id)
