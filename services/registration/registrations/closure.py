"""A registration rests, counts again, or ends.

Invariant: ending is never refused, in whatever phase the registration is.
"""

from datetime import date
from typing import assert_never

from pydantic import Field

from services.registration.registrations.state import (
    Closed,
    Confirmed,
    NotRegistered,
    Pending,
    Registration,
    RegistrationNotConfirmed,
    RegistrationUnknown,
    Returned,
    Suspended,
    edges_of,
    refused,
)
from shared.contracts.event import Event
from shared.contracts.registration.codes import ClosureReason
from shared.contracts.registration.registrations import RegistrationClosed, RegistrationResumed, RegistrationSuspended
from shared.decider import Command


class SuspendRegistration(Command):
    """Let the registration rest."""

    suspended_on: date
    reason: str = Field(min_length=1, max_length=200)


class ResumeRegistration(Command):
    """Let it count again."""

    resumed_on: date


class CloseRegistration(Command):
    """End it."""

    closed_on: date
    reason: ClosureReason


def suspend(command: SuspendRegistration, state: Registration) -> tuple[Event, ...]:
    """Only a confirmed registration can rest."""
    match state:
        case Confirmed():
            return (RegistrationSuspended(**edges_of(state), suspended_on=command.suspended_on, reason=command.reason),)
        case Suspended():
            return ()
        case _:
            raise refused(state, RegistrationNotConfirmed())


def resume(command: ResumeRegistration, state: Registration) -> tuple[Event, ...]:
    """It is as it was before it rested."""
    match state:
        case Suspended():
            return (RegistrationResumed(**edges_of(state.confirmed), resumed_on=command.resumed_on),)
        case Confirmed():
            return ()
        case _:
            raise refused(state, RegistrationNotConfirmed())


def close(command: CloseRegistration, state: Registration) -> tuple[Event, ...]:
    """Whatever phase it is in."""
    active = state.confirmed if isinstance(state, Suspended) else state
    match active:
        case NotRegistered():
            raise RegistrationUnknown
        case Closed():
            return ()
        case Pending() | Confirmed() | Returned():
            paper = active.ties.model_dump(include={"certificate_id", "home_district"})
            return (RegistrationClosed(**edges_of(active), **paper, closed_on=command.closed_on, reason=command.reason),)
        case _:
            assert_never(active)
