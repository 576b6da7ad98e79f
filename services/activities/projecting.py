"""Events → rows of read_tables.sql, one module per part of the work.

Registration's events only touch `registrants`, our own everything else, so the order between the two sources does not matter.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Final

import asyncpg

from services.activities.bulletins.projections import bulletin
from services.activities.certificates.projections import certificate
from services.activities.checklists.projections import checklist, programme_checklist
from services.activities.complaints.projections import complaint
from services.activities.neighbourhoods.projections import area, household_group, module, pairing
from services.activities.questionnaires.projections import questionnaire
from services.activities.registers.projections import affair, campaign, register_entry
from services.activities.suggestions.projections import matter, need, suggestion, team
from services.activities.time_bank.projections import time_ledger
from services.activities.writes import Writes
from shared.eventlog.envelope import Recorded


async def project(tx: asyncpg.Connection, batch: Sequence[Recorded]) -> None:
    """Apply a batch in order; neighbours with the same statement go together."""
    writes = [write for event in batch for write in _writes(event)]
    for statement, group in groupby(writes, key=lambda write: write[0]):
        await tx.executemany(statement, [arguments for _, arguments in group])


def _writes(event: Recorded) -> Writes:
    if event.data is None:
        return ()
    project_one = BY_SUBJECT.get(event.stream.partition("/")[0])
    return () if project_one is None else project_one(event)


BY_SUBJECT: Final[Mapping[str, Callable[[Recorded], Writes]]] = {
    "team": team,
    "checklist": checklist,
    "programme-checklist": programme_checklist,
    "checklist-progress": programme_checklist,
    "certificate": certificate,
    "suggestion": suggestion,
    "matter": matter,
    "need": need,
    "complaint": complaint,
    "bulletin": bulletin,
    "module": module,
    "pairing": pairing,
    "area": area,
    "household-group": household_group,
    "campaign": campaign,
    "register-entry": register_entry,
    "affair": affair,
    "time-ledger": time_ledger,
    "questionnaire": questionnaire,
}
