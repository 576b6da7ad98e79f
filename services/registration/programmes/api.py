"""The district's programme: name, legal basis (shown to everybody), period, its own words, and what its printed forms show.

Invariant: vocabulary changes what papers and lists say, never what anything means; a form never loses the number it is known by.
"""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import Field

from services.registration.exports import exported
from services.registration.inputs import Body
from services.registration.policy import allow
from services.registration.programmes import queries
from services.registration.programmes.programme import PROGRAMME, AmendProgramme, AnnounceProgramme, Unannounced
from shared.calendar.local_time import local_day
from shared.http.answers import NotFound
from shared.http.endpoints import Call, CommandAnswer

router = APIRouter(tags=["programmes"])

Term = Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]
Words = Annotated[str, Field(min_length=1, max_length=60)]


class ProgrammeBody(Body):
    """`vocabulary`: term (certificate, receipt, form, unit, community, …) → the district's word; `forms`: form → its fields in order.
    `member_categories`: code → word, in order; none are the usual six.
    """

    name: Annotated[str, Field(min_length=2, max_length=80)]
    legal_basis: Annotated[str, Field(min_length=2, max_length=200)]
    starts_on: date
    ends_on: date | None = None
    vocabulary: Annotated[dict[Term, Words], Field(default_factory=dict, max_length=60)]
    forms: Annotated[dict[Term, Annotated[tuple[Term, ...], Field(max_length=40)]], Field(default_factory=dict, max_length=10)]
    member_categories: Annotated[dict[Term, Words], Field(default_factory=dict, max_length=30)]


@router.post("/programmes", status_code=201)
async def announce_programme(body: ProgrammeBody, call: Annotated[Call, Depends(allow("announce_programme"))]) -> CommandAnswer:
    """State what the district runs."""
    programme_id = call.new_id("programme")
    answer = await call.handle(PROGRAMME, programme_id, AnnounceProgramme(programme_id=programme_id, **body.model_dump()))
    return answer.with_result(programme_id=programme_id)


@router.post("/programmes/{programme_id}/amendment")
async def amend_programme(
    programme_id: UUID, body: ProgrammeBody, call: Annotated[Call, Depends(allow("announce_programme"))]
) -> CommandAnswer:
    """State it anew; the log keeps how it read before."""
    if isinstance(await call.state(PROGRAMME, programme_id), Unannounced):
        raise NotFound
    return await call.handle(PROGRAMME, programme_id, AmendProgramme(programme_id=programme_id, **body.model_dump()))


@exported(router, "/programmes", "programmes")
async def programmes(call: Annotated[Call, Depends(allow("read_programmes"))]) -> list[queries.Programme]:
    """Programmes of the district, newest first."""
    async with call.read() as tx:
        return await queries.programmes(tx, call.district)


@router.get("/programmes/current")
async def current_programme(call: Annotated[Call, Depends(allow("read_programmes"))]) -> queries.Programme:
    """The programme that runs today."""
    async with call.read() as tx:
        programme = await queries.programme_on(tx, call.district, local_day(call.now))
    if programme is None:
        raise NotFound
    return programme
