"""A new community's first steps: models of posts and series for its type in one go, and what has been done of the beginnings.

Invariant: posts come as proposals and series as drafts to send; nothing is opened, announced or assigned by taking the kit.
"""

from datetime import date, time, timedelta
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from services.activities.access import allow
from services.activities.labels import Words, words
from services.activities.posts.post import SERVICE_POST, PostDraft, ProposePost
from services.activities.refusals import AlreadyExists
from services.activities.series.api import community_type_of
from services.activities.series.series import SeriesDraft
from services.activities.series.templates import CommunityType, Template
from services.activities.starting_kit import queries
from services.activities.starting_kit.starting_kit import KitCode, PostModel, kit_post_id, models_for, series_for
from services.activities.wording import Line
from shared.calendar.local_time import local_day
from shared.decider import Command
from shared.http.endpoints import Call

router = APIRouter()
BEGINS: Final = time(9)
MONTHS: Final = 12


class KitBody(Command):
    """The type of the community (code or name) and the place that posts and series name until they are edited."""

    community_type: str
    place: Line


class Step(BaseModel):
    """One of the first steps."""

    title: Words
    is_done: bool


class StartingKit(BaseModel):
    """What the kit would propose now, drafts of series to edit and send to `POST /series`, and how far the community has come."""

    posts: list[PostDraft]
    series: list[SeriesDraft]
    steps: list[Step]


class KitTaken(BaseModel):
    """Posts proposed now by model, and those that were there already; drafts of series as in the kit."""

    proposed: dict[KitCode, UUID]
    already_there: dict[KitCode, UUID]
    series: list[SeriesDraft]


@router.get("/communities/{community_id}/starting-kit")
async def see_kit(
    community_id: UUID, community_type: str, place: Line, call: Annotated[Call, Depends(allow("take_starting_kit"))]
) -> StartingKit:
    """Look at the kit, and at the steps that follow."""
    call.principal.require_organisation(community_id)
    kind, today = community_type_of(community_type), local_day(call.now)
    async with call.read() as tx:
        done = await queries.steps(tx, call.district, community_id)
    return StartingKit(
        posts=[_post(each, community_id, place, today) for each in models_for(kind)],
        series=_series(kind, community_id, place, today),
        steps=[Step(title=words(f"first_step_{name}"), is_done=is_done) for name, is_done in done.items()],
    )


@router.post("/communities/{community_id}/starting-kit", status_code=201)
async def take_kit(community_id: UUID, body: KitBody, call: Annotated[Call, Depends(allow("take_starting_kit"))]) -> KitTaken:
    """Propose the posts of the kit for the rest of the year; taken again, it proposes what is missing."""
    call.principal.require_organisation(community_id)
    kind, today = community_type_of(body.community_type), local_day(call.now)
    taken = KitTaken(proposed={}, already_there={}, series=_series(kind, community_id, body.place, today))
    for model in models_for(kind):
        post_id = kit_post_id(community_id, today.year, model.code)
        command = ProposePost(post_id=post_id, **dict(_post(model, community_id, body.place, today)))
        try:
            await call.step(model.code).handle(SERVICE_POST, post_id, command)
        except AlreadyExists:
            taken.already_there[model.code] = post_id
        else:
            taken.proposed[model.code] = post_id
    return taken


def _post(model: PostModel, community_id: UUID, place: str, today: date) -> PostDraft:
    """The draft for the rest of the year, with that part of the duty units."""
    months = MONTHS + 1 - today.month
    return PostDraft(
        community_id=community_id,
        title=words(f"kit_{model.code.lower()}_title").zh,
        category=model.category,
        duties=words(f"kit_{model.code.lower()}_duties").zh,
        place=place,
        capacity=model.capacity,
        agreed_units=max(1, model.units * months // MONTHS),
        term_start=today,
        term_end=date(today.year, 12, 31),
    )


def _series(kind: CommunityType, community_id: UUID, place: str, today: date) -> list[SeriesDraft]:
    return [_draft(each, community_id, place, today) for each in series_for(kind)]


def _draft(template: Template, community_id: UUID, place: str, today: date) -> SeriesDraft:
    begins = timedelta(hours=BEGINS.hour)
    minutes = int((begins + timedelta(minutes=template.minutes)).total_seconds()) // 60
    return SeriesDraft(
        community_id=community_id,
        title=words(f"template_{template.code.lower()}").zh,
        activity_type=template.activity_type,
        rule=template.rule or "",
        holiday_rule=template.holiday_rule,
        first_day=today,
        last_day=date(today.year, 12, 31),
        starts=BEGINS,
        ends=time(minutes // 60, minutes % 60),
        place=place,
        template=template.code,
    )
