"""Award rounds up to the panel's decision: who opens and runs them, who nominates, the member's own yes or no, votes in secret."""

from dataclasses import replace
from datetime import date
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import Field, SecretBytes, StringConstraints

from services.evaluation.access import (
    DEFAULT_LIMIT,
    After,
    Body,
    Limit,
    ShortText,
    allow,
    entries_of,
    is_one_of,
    membership_of,
    period_of,
    position,
    require_manager,
    require_self,
    today,
)
from services.evaluation.awards import ballots
from services.evaluation.awards import queries as awards
from services.evaluation.awards.award_round import AWARD_ROUND, AwardRound
from services.evaluation.awards.nominations import AcceptNomination, DeclineNomination, NobodyNominatesThemselves, Nominate
from services.evaluation.awards.opening import LEAST_NOTICE_DAYS, MOST_AWARDS, MOST_NOTICE_DAYS, CallOffRound, OpenAwardRound
from services.evaluation.awards.panel import AppointPanel, CastVote, DecideAwards, PanelNotImpartial
from services.evaluation.awards.queries import AwardRoundView, NominationView, Place, Viewer
from services.evaluation.awards.state import LIVING
from services.evaluation.membership import queries as identity
from services.evaluation.policy import COMMUNITY, POLICY, UNIT
from services.evaluation.queries import periods
from shared.contracts.evaluation import AwardRoundOpened, Criteria, EvaluationOccasion, NominationGround, PanelOpinion
from shared.identity import Forbidden, Principal, Role
from shared.web import Call, CommandAnswer, Malformed, NotFound, Page, decode_cursor, lasting_key, page_of
from shared.working_days import working_days_after

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
    """Whom, what for, and a few words that the member reads too."""

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
        period = (await periods(tx, call.district, body.period_id, None, 1))[0]
    enabled = frozenset(EvaluationOccasion(each) for each in period.occasions)
    round_id = call.new_id("award round")
    command = OpenAwardRound(round_id=round_id, enabled=enabled, today=today(call), **dict(body))
    answer = await call.handle(AWARD_ROUND, round_id, command)
    return answer.with_result(round_id=round_id)


@router.post("/{round_id}/panel")
async def appoint_panel(round_id: UUID, body: PanelBody, call: Annotated[Call, Depends(allow("run_award_round"))]) -> CommandAnswer:
    """Appoint at least three people who are not nominated and nominate nobody."""
    _, state = await own_round(call, round_id)
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
    opened, state = await own_round(call, round_id)
    command = DecideAwards(
        key=SecretBytes(lasting_key(request)),
        registered=await registered(call, list(state.nominees)),
        notice_until=working_days_after(today(call), opened.notice_days),
        today=today(call),
    )
    answer, decided = await call.decided(AWARD_ROUND, round_id, command)
    return answer.with_result(notice_until=decided.notice_until)


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
        found = await awards.rounds(tx, call.district, None, call.principal.subject, (position(after), limit))
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
        found = await awards.nominations(tx, call.district, wanted, round_id, (place(after), limit))
    return page_of(found, limit, lambda each: (each.round_id, each.member_id))


@router.get("/{round_id}")
async def read_round(round_id: UUID, call: Annotated[Call, Depends(allow("see_award_rounds"))]) -> AwardRoundView:
    """One round."""
    async with call.read() as tx:
        found = await awards.rounds(tx, call.district, round_id, call.principal.subject, (None, 1))
    if not found:
        raise NotFound
    return found[0]


async def viewer(call: Call, action: str) -> Viewer:
    """As whom the caller sees nominations and objections: by the roles that the action is for, and no other role of the caller's."""
    principal, acts_for, roles = call.principal, call.principal.organisations, POLICY[action]
    return Viewer(
        subject=principal.subject,
        entries=await entries_of(call, UUID(principal.subject)) if Role.MEMBER in principal.roles else (),
        units=acts_for if principal.has_any(UNIT & roles) else frozenset(),
        communities=acts_for if principal.has_any(COMMUNITY & roles) else frozenset(),
        is_district=Role.DISTRICT_ADMIN in principal.roles,
        is_reviewer=Role.APPEAL_REVIEWER in principal.roles,
    )


def place(after: str | None) -> Place | None:
    """Round and member after which a page begins. Raises Malformed."""
    parts = decode_cursor(after, 2)
    try:
        return (UUID(parts[0]), UUID(parts[1])) if parts else None
    except ValueError:
        raise Malformed(after="a cursor from `next` of the page before") from None


async def round_of(call: Call, round_id: UUID) -> tuple[AwardRoundOpened, AwardRound]:
    """The round as it is now. Raises NotFound."""
    state = await call.state(AWARD_ROUND, round_id)
    if state.opened is None:
        raise NotFound
    return state.opened, state


async def own_round(call: Call, round_id: UUID) -> tuple[AwardRoundOpened, AwardRound]:
    """The round, for those who run it. Raises NotFound or Forbidden."""
    opened, state = await round_of(call, round_id)
    require_organiser(call, opened.community_id)
    if call.principal.subject in await subjects(call, state):
        message = "who stands in a round does not run it"
        raise Forbidden(message)
    return opened, state


async def subjects(call: Call, state: AwardRound) -> frozenset[str]:
    """The accounts of those who stand, under all entries of theirs."""
    async with call.read() as tx:
        found = await identity.persons(tx, call.district, [each.nominated.member_id for each in state.standing(*LIVING)])
    return frozenset(map(str, found))


def require_organiser(call: Call, community_id: UUID | None) -> None:
    """Raise Forbidden unless it is the district's round and its administrator, or a community's and its secretary."""
    principal = call.principal
    is_own = Role.COMMUNITY_SECRETARY in principal.roles and community_id in principal.organisations
    if not (Role.DISTRICT_ADMIN in principal.roles if community_id is None else is_own):
        message = "a community's round is run by its secretary, the district's by the district"
        raise Forbidden(message)


async def registered(call: Call, members: list[UUID]) -> frozenset[UUID]:
    """Those of `members` whose registration holds."""
    async with call.read() as tx:
        return await awards.registered(tx, call.district, members)
