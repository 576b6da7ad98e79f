"""HTTP of rotas (义务巡逻轮值): whose turn it would be. A suggestion; taking a turn is signing up for that day."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from services.activities.access import allow
from services.activities.policy import ORGANISERS
from services.activities.series import queries, rota
from services.activities.series.series import SERIES, Undefined
from shared.http.answers import NotFound
from shared.http.endpoints import Call

router = APIRouter()


class RotaTurn(BaseModel):
    """A day: who signed up, whom the open places are suggested to. Members see themselves only."""

    activity_id: UUID
    starts_at: datetime
    open_places: int
    signed_up: list[UUID]
    suggested: list[UUID]


@router.get("/series/{series_id}/rota")
async def series_rota(series_id: UUID, call: Annotated[Call, Depends(allow("see_rota"))]) -> list[RotaTurn]:
    """Coming days of a series, spread evenly over the active members of its team."""
    state = await call.state(SERIES, series_id)
    if isinstance(state, Undefined):
        raise NotFound
    defined = state.series
    async with call.read() as tx:
        rows = await queries.turns(tx, call.district, series_id, call.now)
        people = await queries.team_turns(tx, call.district, series_id, defined.team_id, call.now)
    turns = [rota.Turn(each.activity_id, each.capacity, each.taken) for each in rows]
    found = rota.suggested(turns, people)
    sees_all = call.principal.has_any(ORGANISERS) and defined.community_id in call.principal.organisations

    def shown(ids: frozenset[UUID] | tuple[UUID, ...]) -> list[UUID]:
        return sorted(each for each in ids if sees_all or call.principal.is_member(each))

    return [
        RotaTurn(
            activity_id=turn.activity_id,
            starts_at=row.starts_at,
            open_places=turn.open_places,
            signed_up=shown(turn.taken),
            suggested=shown(found[turn.activity_id]),
        )
        for turn, row in zip(turns, rows, strict=True)
    ]
