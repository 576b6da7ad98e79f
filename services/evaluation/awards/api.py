"""Award rounds up to the panel's decision: who opens and runs them, who nominates, the member's own yes or no, votes in secret."""

from dataclasses import replace
from datetime import date
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import Field, SecretBytes, StringConstraints

from services.evaluation.access import DEFAULT_LIMIT, After, Body, Limit, ShortText, allow, period_of, position, today
from services.evaluation.awards import ballots, queries
from services.evaluation.awards.access import own_round, place, registered, require_organiser, round_of, subjects, viewer
from services.evaluation.awards.award_round import AWARD_ROUND
from services.evaluation.awards.nominations import AcceptNomination, DeclineNomination, NobodyNominatesThemselves, Nominate
from services.evaluation.awards.opening import LEAST_NOTICE_DAYS, MOST_AWARDS, MOST_NOTICE_DAYS, CallOffRound, OpenAwardRound
from services.evaluation.awards.panel import AppointPanel, CastVote, DecideAwards, PanelNotImpartial
from services.evaluation.awards.queries import AwardRoundView, NominationView
from services.evaluation.awards.state import InNotice, Over
from services.evaluation.membership.access import entries_of, is_one_of, membership_of, require_manager, require_self
from services.evaluation.periods.queries import enabled_occasions
from services.evaluation.policy import POLICY, UNIT
from shared.calendar.working_days import working_days_after
from shared.contracts.evaluation.awards import Criteria
from shared.contracts.evaluation.codes import NominationGround, PanelOpinion
from shared.http.answers import NotFound
from shared.http.endpoints import Call, CommandAnswer, lasting_key
from shared.http.paging import Page, page_of
from shared.identity import Principal

router = APIRouter(prefix="/award-rounds", tags=["award rounds"])
PANEL: Final = "award panel"  # the actor of every vote
MOST_ON_PANEL: Final = 50


class OpenRoundBody(Body):
    """What the round asks for, and every day by which something is due. Without `community_id` it is the district's."""

    period_id: UUID
    community_id: UUID | None = None
    title: ShortText
    criteria: Criteria
    awards: Annotated[int, Field(ge=1, le=MOST_AWARDS)]
    nominate_until: date
    consent_until: date
    vote_until: date
    notice_days: Annotated[int, Field(ge=LEAST_NOTICE_DAYS, le=MOST_NOTICE_DAYS)] = LEAST_NOTICE_DAYS


class PanelBody(Body):
    """Account ids of those who decide."""

    panel: Annotated[frozenset[Annotated[str, StringConstraints(min_length=1, max_length=100)]], Field(max_length=MOST_ON_PANEL)]


class NominationBody(Body):
    """Whom, what for, and a reason that the member reads too."""

    member_id: UUID
    grounds: Annotated[tuple[NominationGround, ...], Field(min_length=1, max_length=len(NominationGround))]
    reason: ShortText


class VoteBody(Body):
    """One's opinion of one nominee."""

    opinion: PanelOpinion


class CallOffBody(Body):
    """Why there is no result."""

    reason: ShortText


@router.post("", status_code=201)
async def open_award_round(body: OpenRoundBody, call: Annotated[Call, Depends(allow("open_award_round"))]) -> CommandAnswer:
    """Open a round for an occasion that the period enables (G13)."""
    require_organiser(call, body.community_id)
    await period_of(call, body.period_id)
    async with call.read() as tx:
        enabled = await enabled_occasions(tx, call.district, body.period_id)
    round_id = call.new_id("award round")
    command = OpenAwardRound(round_id=round_id, enabled=enabled, today=today(call), **dict(body))
    answer = await call.handle(AWARD_ROUND, round_id, command)
    return answer.with_result(round_id=round_id)


@router.post("/{round_id}/panel")
async def appoint_panel(round_id: UUID, body: PanelBody, call: Annotated[Call, Depends(allow("run_award_round"))]) -> CommandAnswer:
    """Appoint at least three people who are not nominated and nominate nobody."""
    state = await own_round(call, round_id)
    if body.panel & await subjects(call, state):
        raise PanelNotImpartial
    return await call.handle(AWARD_ROUND, round_id, AppointPanel(panel=body.panel))


@router.post("/{round_id}/nominations", status_code=201)
async def nominate(round_id: UUID, body: NominationBody, call: Annotated[Call, Depends(allow("nominate"))]) -> CommandAnswer:
    """A unit nominates its members, a community those registered there; the member is asked."""
    await round_of(call, round_id)
    membership = await membership_of(call, body.member_id)
    require_manager(call, membership, POLICY["nominate"])
    if not await registered(call, [membership.member_id]):
        raise NotFound
    if is_one_of(call, membership.entries):
        raise NobodyNominatesThemselves
    as_unit = call.principal.has_any(UNIT & POLICY["nominate"]) and membership.unit_id in call.principal.organisations
    command = Nominate(
        member_id=membership.member_id,
        grounds=body.grounds,
        reason=body.reason,
        unit_id=membership.unit_id if as_unit else None,
        community_id=None if as_unit else membership.community_id,
        registered_in=membership.community_id,
        nominated_by=call.principal.subject,
        today=today(call),
    )
    return await call.handle(AWARD_ROUND, round_id, command)


@router.post("/{round_id}/nominations/{member_id}/accept")
async def accept_nomination(round_id: UUID, member_id: UUID, call: Annotated[Call, Depends(allow("answer_nomination"))]) -> CommandAnswer:
    """The member agrees to be put before the panel and, if chosen, on the public notice."""
    await require_self(call, member_id)
    await round_of(call, round_id)
    return await call.handle(AWARD_ROUND, round_id, AcceptNomination(member_id=member_id, today=today(call)))


@router.post("/{round_id}/nominations/{member_id}/decline")
async def decline_nomination(round_id: UUID, member_id: UUID, call: Annotated[Call, Depends(allow("answer_nomination"))]) -> CommandAnswer:
    """The member says no, or steps back, at any time before the result; no reason is asked."""
    await require_self(call, member_id)
    await round_of(call, round_id)
    return await call.handle(AWARD_ROUND, round_id, DeclineNomination(member_id=member_id))


@router.post("/{round_id}/nominations/{member_id}/vote")
async def vote(
    round_id: UUID, member_id: UUID, body: VoteBody, request: Request, call: Annotated[Call, Depends(allow("vote_on_award"))]
) -> CommandAnswer:
    """Vote on one nominee. Neither the event nor its envelope says who did, and what was said only evaluation can read."""
    await round_of(call, round_id)
    key = lasting_key(request)
    if is_one_of(call, await entries_of(call, member_id)):
        raise PanelNotImpartial
    voter = call.principal.subject
    ballot = ballots.ballot(key, call.district, round_id, member_id, voter)
    secretly = replace(call, principal=Principal(PANEL, call.principal.district, frozenset()), is_traced=False)
    sealed = ballots.sealed(key, ballot, body.opinion)
    command = CastVote(member_id=member_id, voter=voter, ballot=ballot, sealed=sealed, today=today(call))
    return await secretly.handle(AWARD_ROUND, round_id, command)


@router.post("/{round_id}/decide")
async def decide_awards(round_id: UUID, request: Request, call: Annotated[Call, Depends(allow("run_award_round"))]) -> CommandAnswer:
    """Count the votes and post the public notice."""
    state = await own_round(call, round_id)
    command = DecideAwards(
        key=SecretBytes(lasting_key(request)),
        registered=await registered(call, state.nominees),
        notice_until=working_days_after(today(call), state.opened.notice_days),
        today=today(call),
    )
    answer, decided = await call.decided(AWARD_ROUND, round_id, command)
    return answer.with_result(notice_until=decided.notice_until if isinstance(decided, InNotice | Over) else None)


@router.post("/{round_id}/call-off")
async def call_off(round_id: UUID, body: CallOffBody, call: Annotated[Call, Depends(allow("run_award_round"))]) -> CommandAnswer:
    """End it without a result; everybody who was nominated hears of it."""
    await own_round(call, round_id)
    return await call.handle(AWARD_ROUND, round_id, CallOffRound(reason=body.reason, today=today(call)))


@router.get("")
async def list_rounds(
    call: Annotated[Call, Depends(allow("see_award_rounds"))], after: After = None, limit: Limit = DEFAULT_LIMIT
) -> Page[AwardRoundView]:
    """Rounds of the district: what they ask for is public before anybody is nominated."""
    async with call.read() as tx:
        found = await queries.rounds(tx, call.district, None, call.principal.subject, (position(after), limit))
    return page_of(found, limit, lambda each: (each.round_id,))


@router.get("/nominations")
async def list_nominations(
    call: Annotated[Call, Depends(allow("see_nominations"))],
    round_id: UUID | None = None,
    after: After = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Page[NominationView]:
    """The caller's own, those the caller's organisations made, and for organisers and panel those that were accepted; by member id."""
    wanted = await viewer(call, "see_nominations")
    async with call.read() as tx:
        found = await queries.nominations(tx, call.district, wanted, round_id, (place(after), limit))
    return page_of(found, limit, lambda each: (each.round_id, each.member_id))


@router.get("/{round_id}")
async def read_round(round_id: UUID, call: Annotated[Call, Depends(allow("see_award_rounds"))]) -> AwardRoundView:
    """One round."""
    async with call.read() as tx:
        found = await queries.rounds(tx, call.district, round_id, call.principal.subject, (None, 1))
    if not found:
        raise NotFound
    return found[0]
