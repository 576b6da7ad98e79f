"""Statements handed on: for an enabled occasion, to a named recipient, until a day; then the unit has them destroyed and confirms it.

Invariant: nothing is handed on while it is under review; a passed day is said once, a destruction confirmed once.
"""

from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import StringConstraints

from services.evaluation.cases.state import CaseState, Handout
from services.evaluation.statements.statement import settled
from shared.contracts.evaluation import EvaluationOccasion, StatementExportDestroyed, StatementExported, StatementExportExpired
from shared.contracts.event import Event
from shared.decider import Command, DomainError

LONGEST = timedelta(days=366)


class ExportStatement(Command):
    """Hand the statement to a named recipient for a limited time. `enabled`: occasions of the period.

    `has_open_appeal`: also in the case of an entry that was given up for this one.
    """

    export_id: UUID
    occasion: EvaluationOccasion
    enabled: frozenset[EvaluationOccasion]
    recipient: Annotated[str, StringConstraints(min_length=2, max_length=100)]
    expires_on: date
    today: date
    has_open_appeal: bool = False


class RemindOfExport(Command):
    """The day until which it was handed on is over."""

    export_id: UUID
    today: date


class ConfirmDestruction(Command):
    """The recipient has destroyed it, before the day or after it."""

    export_id: UUID
    confirmed_by: str
    today: date


class OccasionNotEnabled(DomainError):
    """The district has not enabled this use of statements."""


class ExportNeedsExpiry(DomainError):
    """An export must expire after today and within a year."""


class ExportUnknown(DomainError):
    """This statement was never handed on like that."""


Handing = ExportStatement | RemindOfExport | ConfirmDestruction


def decide(command: Handing, state: CaseState) -> tuple[Event, ...]:
    """What follows from a command."""
    match command:
        case ExportStatement():
            return _export(command, state)
        case RemindOfExport():
            return _remind(command, state)
        case ConfirmDestruction():
            return _confirm(command, state)


def _export(command: ExportStatement, state: CaseState) -> tuple[Event, ...]:
    """Purpose, recipient and expiry are on record."""
    statement = settled(state, has_open_appeal=command.has_open_appeal)
    if command.export_id in state.handouts:
        return ()
    if command.occasion not in command.enabled:
        raise OccasionNotEnabled(occasion=command.occasion)
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
    """Nothing to say once it is destroyed."""
    handout = _known(state, command.export_id)
    if handout.is_expired or handout.is_destroyed or command.today <= handout.exported.expires_on:
        return ()
    return (StatementExportExpired(**_facts(handout)),)


def _confirm(command: ConfirmDestruction, state: CaseState) -> tuple[Event, ...]:
    """It exists no longer where it was handed to."""
    handout = _known(state, command.export_id)
    if handout.is_destroyed:
        return ()
    return (StatementExportDestroyed(**_facts(handout), destroyed_on=command.today, confirmed_by=command.confirmed_by),)


def _known(state: CaseState, export_id: UUID) -> Handout:
    if (handout := state.handouts.get(export_id)) is None:
        raise ExportUnknown
    return handout


def _facts(handout: Handout) -> dict[str, Any]:
    return handout.exported.model_dump(include={"export_id", "member_id", "period_id", "unit_id", "recipient", "expires_on"})
