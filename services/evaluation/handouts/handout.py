"""Statements handed on: for an enabled occasion, to a named recipient, until a day; then the unit has them destroyed and confirms it.

Invariant: nothing is handed on while it is under review; that the day has passed is recorded once, a destruction confirmed once.
"""

from datetime import date, timedelta
from typing import Annotated, Any, Final, assert_never
from uuid import UUID

from pydantic import StringConstraints

from services.evaluation.cases.handout_phases import Destroyed, Expired, HandedOut, Handout
from services.evaluation.cases.published import settled
from services.evaluation.cases.state import CaseState, case_decider
from services.evaluation.periods.occasions import require_enabled
from shared.contracts.evaluation.codes import EvaluationOccasion
from shared.contracts.evaluation.statements import StatementExportDestroyed, StatementExported, StatementExportExpired
from shared.contracts.event import Event
from shared.decider import Command, Decider, DomainError

LONGEST: Final = timedelta(days=366)


class ExportStatement(Command):
    """Hand the statement to a named recipient for a limited time. `enabled`: occasions of the period.

    `has_open_appeal`: also in the case of an entry that was merged into this one.
    """

    export_id: UUID
    occasion: EvaluationOccasion
    enabled: frozenset[EvaluationOccasion]
    recipient: Annotated[str, StringConstraints(min_length=2, max_length=100)]
    expires_on: date
    today: date
    has_open_appeal: bool = False


class ExportNeedsExpiry(DomainError):
    """An export must expire after today and within a year."""


class RemindOfExport(Command):
    """The day until which it was handed on is over."""

    export_id: UUID
    today: date


class ConfirmDestruction(Command):
    """The recipient has destroyed it, before the day or after it."""

    export_id: UUID
    confirmed_by: str
    today: date


class ExportUnknown(DomainError):
    """This statement was never handed on like that."""


HandoutCommand = ExportStatement | RemindOfExport | ConfirmDestruction


def decide(command: HandoutCommand, state: CaseState) -> tuple[Event, ...]:
    """What follows from a command."""
    match command:
        case ExportStatement():
            return _export(command, state)
        case RemindOfExport():
            return _remind(command, state)
        case ConfirmDestruction():
            return _confirm(command, state)
        case _:
            assert_never(command)


def _export(command: ExportStatement, state: CaseState) -> tuple[Event, ...]:
    """Purpose, recipient and expiry are on record."""
    statement = settled(state, has_open_appeal=command.has_open_appeal)
    if command.export_id in state.handouts:
        return ()
    require_enabled(command.occasion, command.enabled)
    if not command.today < command.expires_on <= command.today + LONGEST:
        raise ExportNeedsExpiry
    return (
        StatementExported(
            export_id=command.export_id,
            statement_id=statement.statement_id,
            member_id=statement.member_id,
            period_id=statement.period_id,
            unit_id=statement.unit_id,
            statement_version=statement.version,
            occasion=command.occasion,
            recipient=command.recipient,
            expires_on=command.expires_on,
        ),
    )


def _remind(command: RemindOfExport, state: CaseState) -> tuple[Event, ...]:
    """Once, and not when it is destroyed."""
    handout = _known(state, command.export_id)
    match handout:
        case HandedOut(exported) if command.today > exported.expires_on:
            return (StatementExportExpired(**_about(exported)),)
        case HandedOut() | Expired() | Destroyed():
            return ()
        case _:
            assert_never(handout)


def _confirm(command: ConfirmDestruction, state: CaseState) -> tuple[Event, ...]:
    """It exists no longer where it was handed to."""
    handout = _known(state, command.export_id)
    match handout:
        case HandedOut(exported) | Expired(exported):
            destroyed = StatementExportDestroyed(**_about(exported), destroyed_on=command.today, confirmed_by=command.confirmed_by)
            return (destroyed,)
        case Destroyed():
            return ()
        case _:
            assert_never(handout)


def _known(state: CaseState, export_id: UUID) -> Handout:
    if (handout := state.handouts.get(export_id)) is None:
        raise ExportUnknown
    return handout


def _about(exported: StatementExported) -> dict[str, Any]:
    return exported.model_dump(include={"export_id", "member_id", "period_id", "unit_id", "recipient", "expires_on"})


HANDOUT: Final[Decider[HandoutCommand, CaseState]] = case_decider(decide)
