"""Events of handouts → exports."""

from collections.abc import Iterator
from typing import Final

from shared.contracts.evaluation.statements import StatementExportDestroyed, StatementExported
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import change, fields, save_new


def exported(_event: Recorded, data: StatementExported) -> Iterator[Write]:
    """A named recipient has it until a day."""
    stated = fields(data, "member_id", "period_id", "unit_id", "statement_version", "occasion", "recipient", "expires_on")
    yield save_new("exports", fields(data, "export_id"), stated)


def destroyed(_event: Recorded, data: StatementExportDestroyed) -> Iterator[Write]:
    """The recipient has it no longer."""
    yield change("exports", fields(data, "export_id"), fields(data, "destroyed_on"))


PROJECTIONS: Final[Projections] = {StatementExported: exported, StatementExportDestroyed: destroyed}
