"""Every half year the member confirms profile and willingness once more; a missing renewal is reminded of once."""

from datetime import date

from services.registration.registrations.state import (
    Confirmed,
    Registration,
    RegistrationIsSuspended,
    RegistrationNotConfirmed,
    Suspended,
    edges_of,
    refused,
)
from shared.contracts.event import Event
from shared.contracts.registration.changes import RegistrationRenewalDue
from shared.contracts.registration.registrations import RegistrationRenewed
from shared.decider import Command


class RenewRegistration(Command):
    """The member confirms profile and willingness once more."""

    renewed_on: date


class RemindOfRenewal(Command):
    """Say that half a year has passed since the day `since`."""

    since: date
    due_on: date


def renew(command: RenewRegistration, state: Registration) -> tuple[Event, ...]:
    """Once a day at most, and not while it rests."""
    match state:
        case Confirmed():
            if state.renewed_on is not None and command.renewed_on <= state.renewed_on:
                return ()
            return (RegistrationRenewed(**edges_of(state), renewed_on=command.renewed_on),)
        case Suspended():
            raise RegistrationIsSuspended
        case _:
            raise refused(state, RegistrationNotConfirmed())


def remind(command: RemindOfRenewal, state: Registration) -> tuple[Event, ...]:
    """Once per half year, and only who has not renewed meanwhile."""
    if not isinstance(state, Confirmed) or (state.renewed_on or command.since) > command.since:
        return ()
    if state.reminded_on is not None and state.reminded_on >= command.due_on:
        return ()
    return (RegistrationRenewalDue(**edges_of(state), due_on=command.due_on),)
