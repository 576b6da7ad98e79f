"""A roster comes in as a file: good rows are enrolled, the others are answered with row, column and reason.

Invariant: importing the same roster again adds nobody; no answer, log or id repeats what a cell says.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, File, Form, Response, UploadFile
from pydantic import BaseModel

from services.registration.bulk import Broken, each, last_position
from services.registration.members.member import MEMBER, EnrolMember
from services.registration.numbers import MEMBER_PREFIX, printed
from services.registration.organisations import queries as organisations
from services.registration.policy import DISTRICT, allow
from services.registration.rosters.checks import Difference, differences
from services.registration.rosters.mapping import COLUMNS_DESCRIPTION, explained_columns, remember, remembered
from services.registration.rosters.roster import RosterReading, read_roster
from services.registration.rosters.row_reader import Directory, Remark, RosterProblem, RosterRow
from services.registration.rosters.workbook import MAX_BYTES, RosterTooLarge
from services.registration.vault.access import vault_of
from services.registration.vault.keys import KeyRing
from shared.calendar.local_time import local_day
from shared.contracts.registration.codes import OccupationGroup, OrganisationKind
from shared.contracts.registration.rosters import RosterField
from shared.http.answers import NotFound
from shared.http.endpoints import Call, CommandAnswer
from shared.http.limits import FORM_BYTES
from shared.identifiers import content_id
from shared.papers.workbooks import WORKBOOK, Sheet, workbook_answer
from shared.texts import text

router = APIRouter(tags=["rosters"])

PROBLEM_COLUMNS: Final = (("工作表", 14), ("行号", 8), ("列", 6), ("栏目", 18), ("原因与处理办法", 60), ("Reason", 60), ("代码", 28))
KEEP_OUTCOME: Final = """
INSERT INTO rosters (
    district, roster_id, uploaded_by, uploaded_at, rows_read, enrolled, already_enrolled, problems, remarks, differences
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (district, roster_id) DO UPDATE SET uploaded_at = EXCLUDED.uploaded_at, rows_read = EXCLUDED.rows_read,
    enrolled = greatest(rosters.enrolled, EXCLUDED.enrolled), already_enrolled = EXCLUDED.already_enrolled, problems = EXCLUDED.problems,
    remarks = EXCLUDED.remarks, differences = EXCLUDED.differences
"""
READ_OUTCOME: Final = """
SELECT roster_id, uploaded_by, rows_read, enrolled, already_enrolled, problems, remarks, differences
FROM rosters WHERE district = $1 AND roster_id = $2
"""


class Problem(BaseModel):
    """Why a row was left out, in words that say what to do."""

    row: int
    column: str
    header: str
    code: str
    reason_zh: str
    reason_en: str
    sheet: str = ""


class RemarkTold(BaseModel):
    """What was not read, or is worth knowing: of a sheet, a column, a row or a cell (row 0 and column "" mean all of them)."""

    code: str
    sheet: str
    row: int
    column: str
    header: str
    count: int
    reason_zh: str
    reason_en: str


class RosterOutcome(BaseModel):
    """What became of a roster: every sheet, row and filled cell is enrolled, a problem or in a remark. `differences`: what it says
    otherwise of members who are known.
    """

    roster_id: UUID
    dry_run: bool = False
    rows: int
    enrolled: int
    already_enrolled: int
    problems: list[Problem]
    remarks: list[RemarkTold] = []
    differences: list[Difference] = []
    position: dict[str, Any] = {}


@router.post("/rosters", status_code=201, max_body_size=MAX_BYTES + FORM_BYTES)
async def import_roster(
    call: Annotated[Call, Depends(allow("import_roster"))],
    file: Annotated[UploadFile, File(description="a workbook (.xlsx, .xls, .ods) or text with separators (.csv in UTF-8 or GB18030)")],
    dry_run: Annotated[bool, Form(description="only say what would happen")] = False,
    columns: Annotated[str | None, Form(max_length=8_000, description=COLUMNS_DESCRIPTION)] = None,
) -> RosterOutcome:
    """Enrol the good rows of a roster. Sending it again changes nothing. Labels explained in `columns` are remembered."""
    content = await file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise RosterTooLarge
    explained = explained_columns(columns)
    mapping = await remembered(call) | explained
    reading = await asyncio.to_thread(read_roster, content, await _directory(call), mapping, local_day(call.now))
    roster_id = _roster_id(call, content)
    if dry_run:
        known = await vault_of(call).find_identities(call.district, [row.identity for row in reading.rows])
        counts = (len(reading.rows) - len(known), len(known))
        found = await differences(call, [(row, known[row.identity]) for row in reading.rows if row.identity in known])
        return _outcome(roster_id, reading, counts, found).model_copy(update={"dry_run": True})
    if explained:
        await remember(call, explained)
    return await _enrol(call, roster_id, reading)


@router.get("/rosters/columns")
async def remembered_columns(call: Annotated[Call, Depends(allow("see_roster"))]) -> dict[str, RosterField]:
    """What labels of columns mean beyond the usual ones, as it was explained for the caller's office or the district."""
    return await remembered(call)


@router.get("/rosters/{roster_id}")
async def read_outcome(roster_id: UUID, call: Annotated[Call, Depends(allow("see_roster"))]) -> RosterOutcome:
    """What became of a roster, for who sent it and for the district."""
    async with call.read() as tx:
        row = await tx.fetchrow(READ_OUTCOME, call.district, roster_id)
    if row is None or not (call.principal.has_any(DISTRICT) or row["uploaded_by"] == call.principal.subject):
        raise NotFound
    kept = RosterReading(
        (), tuple(RosterProblem(**each) for each in row["problems"]), row["rows_read"], tuple(Remark(**each) for each in row["remarks"])
    )
    found = [Difference(**each) for each in row["differences"]]
    return _outcome(roster_id, kept, (row["enrolled"], row["already_enrolled"]), found)


@router.get("/rosters/{roster_id}/errors.xlsx", response_class=Response, responses=WORKBOOK)
async def error_sheet(roster_id: UUID, call: Annotated[Call, Depends(allow("see_roster"))]) -> Response:
    """The problems as a workbook to send back to the office."""
    outcome = await read_outcome(roster_id, call)
    return await workbook_answer(f"roster-errors-{roster_id}", [problem_sheet(outcome.problems)])


def problem_sheet(problems: Sequence[Problem]) -> Sheet:
    """One line per problem, in the order of the roster: row, column and reason in words an office can act on."""
    lines = [(each.sheet, str(each.row), each.column, each.header, each.reason_zh, each.reason_en, each.code) for each in problems]
    return Sheet("未导入的行", PROBLEM_COLUMNS, lines)


async def _directory(call: Call) -> Directory:
    async with call.read() as tx:
        rows = await organisations.all_organisations(tx, call.district)
    # Offices go on writing the name that was: it finds the organisation as well as the one that is.
    known = [(name, row) for row in rows if row["dissolved_on"] is None for name in (*row["former_names"], row["name"])]
    units = {
        name: (row["organisation_id"], OccupationGroup(row["occupation_group"]))
        for name, row in known
        if row["kind"] == OrganisationKind.WORK_UNIT
    }
    communities = {name: row["organisation_id"] for name, row in known if row["kind"] == OrganisationKind.COMMUNITY}
    return Directory(units, communities, None if call.principal.has_any(DISTRICT) else call.principal.organisations)


def _roster_id(call: Call, content: bytes) -> UUID:
    """The same file from the same caller is the same roster."""
    return content_id(f"{call.district}|{call.principal.subject}|".encode() + content)


async def _enrol(call: Call, roster_id: UUID, reading: RosterReading) -> RosterOutcome:
    vault = vault_of(call)
    # The label is the row and not the person: an id must not let anybody try out citizen numbers.
    proposed = {row.identity: call.secret_id(f"member/{row.sheet}/{row.row}/{row.beside}") for row in reading.rows}
    holders = await vault.claim_identities(call.district, proposed)
    found = await differences(call, [(row, holders[row.identity]) for row in reading.rows])
    ring = await vault.key_ring(call.district, list(holders.values()), create=True, numbers=True)

    async def enrol(row: RosterRow) -> CommandAnswer:
        member_id = holders[row.identity]
        return await call.step(f"enrol/{member_id}").handle(MEMBER, member_id, enrolment(row, member_id, roster_id, ring))

    results = await each(reading.rows, enrol)
    answers = [result for result in results if isinstance(result, CommandAnswer)]
    refused = [
        RosterProblem(row.row, "", "", result.code, row.sheet)
        for row, result in zip(reading.rows, results, strict=True)
        if isinstance(result, Broken)
    ]
    enrolled = sum(bool(answer.event_ids) for answer in answers)
    told = replace(reading, problems=(*reading.problems, *refused))
    counts = (enrolled, len(answers) - enrolled)
    async with call.write() as tx:
        kept = (
            [asdict(each) for each in told.problems],
            [asdict(each) for each in told.remarks],
            [each.model_dump(mode="json") for each in found],
        )
        await tx.execute(KEEP_OUTCOME, call.district, roster_id, call.principal.subject, call.now, told.total, *counts, *kept)
    position = last_position("registration", answers)
    return _outcome(roster_id, told, counts, found).model_copy(update={"position": position})


def enrolment(row: RosterRow, member_id: UUID, roster_id: UUID | None, ring: KeyRing) -> EnrolMember:
    """The command that enrols a row, personal fields sealed."""
    return EnrolMember(
        member_id=member_id,
        member_no=printed(MEMBER_PREFIX, member_id),
        unit_id=row.unit_id,
        occupation_group=row.occupation_group,
        political_status=row.political_status,
        residence_community_id=row.community_id,
        roster_id=roster_id,
        name_sealed=ring.seal(member_id, "name", row.name),
        citizen_number_sealed=ring.seal_number(member_id, row.citizen_number),
        phone_sealed=ring.seal_optional(member_id, "phone", row.phone),
        email_sealed=ring.seal_optional(member_id, "email", row.email),
    )


def _outcome(roster_id: UUID, reading: RosterReading, counts: tuple[int, int], found: list[Difference]) -> RosterOutcome:
    problems = [Problem(**asdict(each), **_reason(each.code)) for each in reading.problems]
    remarks = [RemarkTold(**asdict(each), **_reason(each.code)) for each in reading.remarks]
    return RosterOutcome(
        roster_id=roster_id,
        rows=reading.total,
        enrolled=counts[0],
        already_enrolled=counts[1],
        problems=problems,
        remarks=remarks,
        differences=found,
    )


def _reason(code: str) -> dict[str, Any]:
    reason = text("registration", "labels", f"roster_{code}")
    return {"reason_zh": reason.zh, "reason_en": reason.en}
