"""工作简报: a bulletin of a month made from what is confirmed, to be read, printed or taken on as a workbook. People decide where it goes.

Invariant: counts and outcomes, and no title of an activity, as a title may name somebody. Names are on paper only, of those who agreed to
be named in this bulletin and in public at all, in order of pinyin; registration gives them for this sheet and they are kept nowhere.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from services.activities.access import allow, report_scope
from services.activities.bulletins import queries
from services.activities.bulletins.bulletin import bulletin_id
from services.activities.bulletins.queries import Figures, TypeFigures
from services.activities.exports import queries as exports
from services.activities.exports.api import OutcomeLine, outcome_line
from services.activities.labels import Words
from services.activities.records.outcomes import totals
from shared.http.endpoints import Call
from shared.papers.printing import PRINTED, printed_answer
from shared.papers.workbooks import WORKBOOK, Sheet, workbook_answer
from shared.privacy.names import Names
from shared.texts import Text, text

router = APIRouter()
Month = Annotated[str, Field(pattern=r"^20\d\d-(0[1-9]|1[0-2])$", description="e.g. 2026-04")]
COLUMNS: Final = ("type", "activities", "members", "hours")
TEMPLATE: Final = Path(__file__).with_name("bulletin.typ")


class Wanted(BaseModel):
    """Which month, of which community; null: of the district."""

    month: Month
    community_id: UUID | None = None

    @property
    def days(self) -> tuple[date, date]:
        """First and last day."""
        return days_of(self.month)


def days_of(month: str) -> tuple[date, date]:
    """First and last day of a month."""
    first = date.fromisoformat(f"{month}-01")
    return first, first.replace(day=monthrange(first.year, first.month)[1])


class Bulletin(Wanted):
    """A month in counts and outcomes, and in a sentence of each language."""

    whole: Figures
    types: list[TypeFigures]
    outcomes: list[OutcomeLine]
    summary: Words


@dataclass(frozen=True, slots=True)
class BulletinSheet:
    """What is printed on the sheet, all of it in words; `by`: whose bulletin it is."""

    title: str
    by: str
    summary: str
    headers: Sequence[str]
    rows: Sequence[Sequence[str]]
    outcomes_title: str
    outcomes: Sequence[Sequence[str]]
    names_title: str
    names: Sequence[str]
    note: str


@router.get("/reports/bulletin")
async def read_bulletin(call: Annotated[Call, Depends(allow("see_reports"))], wanted: Annotated[Wanted, Query()]) -> Bulletin:
    """The bulletin of a month."""
    report_scope(call.principal, wanted.community_id)
    async with call.read() as tx:
        whole, types = await queries.month(tx, call.district, wanted.community_id, wanted.days)
        outcomes = totals(await exports.outcomes(tx, call.district, wanted.community_id, wanted.days))
    figures = _cells(whole)
    said = _word("summary", activities=str(whole.activities), members=figures[1].zh, hours=figures[2].zh)
    in_english = _word("summary", activities=str(whole.activities), members=figures[1].en, hours=figures[2].en)
    return Bulletin(
        **dict(wanted),
        whole=whole,
        types=types,
        outcomes=[outcome_line(each) for each in outcomes],
        summary=Words(zh=said.zh, en=in_english.en),
    )


@router.get("/reports/bulletin.xlsx", response_class=Response, responses=WORKBOOK)
async def bulletin_workbook(call: Annotated[Call, Depends(allow("see_reports"))], wanted: Annotated[Wanted, Query()]) -> Response:
    """The bulletin as a workbook of text cells."""
    found = await read_bulletin(call, wanted)
    rows = [*table(found), [_word("outcomes").zh], *outcomes(found)]
    return await workbook_answer("bulletin", [Sheet(_word("title", month=found.month).zh, headers(), rows, found.summary.zh)])


@router.get("/reports/bulletin.pdf", response_class=Response, responses=PRINTED)
async def print_bulletin(
    request: Request, call: Annotated[Call, Depends(allow("see_reports"))], wanted: Annotated[Wanted, Query()]
) -> Response:
    """The bulletin on paper, for the notice board."""
    found = await read_bulletin(call, wanted)
    names: Names = request.app.state.names
    by = _word("district").zh if found.community_id is None else await names.of_community(call.district, found.community_id)
    sheet = BulletinSheet(
        title=_word("title", month=found.month).zh,
        by=by or "",
        summary=found.summary.zh,
        headers=headers(),
        rows=table(found),
        outcomes_title=_word("outcomes").zh,
        outcomes=outcomes(found),
        names_title=_word("names").zh,
        names=await _names(names, call, wanted),
        note=_word("note").zh,
    )
    return await printed_answer("bulletin", TEMPLATE, asdict(sheet))


async def _names(names: Names, call: Call, wanted: Wanted) -> list[str]:
    """Members agree to be named in the bulletin of a community; that of the district names nobody."""
    if wanted.community_id is None:
        return []
    async with call.read() as tx:
        served = await queries.served(tx, call.district, wanted.community_id, wanted.days)
        agreed = await queries.may_be_named(tx, call.district, bulletin_id(wanted.community_id, wanted.month), served)
    return await names.in_bulletin(call.district, agreed) if agreed else []


def headers() -> list[str]:
    """Headings of the table."""
    return [_word(f"column_{each}").zh for each in COLUMNS]


def table(found: Bulletin) -> list[list[str]]:
    """Figures by type."""
    return [
        [text("activities", "labels", f"activity_type_{each.activity_type.lower()}").zh, *(cell.zh for cell in _cells(each))]
        for each in found.types
    ]


def outcomes(found: Bulletin) -> list[list[str]]:
    """Outcomes in words."""
    return [[each.metric, each.zh] for each in found.outcomes]


def _cells(figures: Figures) -> tuple[Text, Text, Text]:
    """Activities, members and hours as they may be shown."""
    few = _word("few")
    members = few if figures.members is None else _same(str(figures.members))
    hours = few if figures.minutes is None else _same(f"{figures.minutes / 60:.1f}".removesuffix(".0"))
    return _same(str(figures.activities)), members, hours


def _same(shown: str) -> Text:
    return Text(shown, shown)


def _word(key: str, **args: str) -> Text:
    return text("activities", "labels", f"bulletin_{key}", **args)
