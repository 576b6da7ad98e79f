"""Programmes: what the district runs, by which document, in which words, and what its forms print.

Invariant: a programme names its legal basis; a form prints fields it can fill, each once; two programmes of one name do not exist; what the
system counts itself is no category of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, assert_never
from uuid import UUID

from pydantic import Field

from shared.contracts.event import Event
from shared.contracts.registration.organisations import ProgrammeAmended, ProgrammeAnnounced
from shared.decider import Command, Decider, DomainError, Reservation, Reserve

# What each form can print, in the order in which it does unless a programme says otherwise.
FORMS: Final[Mapping[str, tuple[str, ...]]] = {
    "certificate": ("certificate_no", "check_signs", "name", "unit", "community"),
    "receipt": ("receipt_no", "certificate_no", "name", "unit", "community", "reported_on"),
    "form": (
        "name", "member_no", "occupation", "political_status", "unit", "community", "reported_on", "skills", "preferences", "willingness",
    ),
    "file": (
        "name", "member_no", "citizen_number", "occupation", "political_status", "unit", "community", "reported_on", "skills",
        "preferences", "willingness", "history",
    ),
    "account_code": ("name", "member_no", "code", "valid_until"),
}  # fmt: skip
NEVER_LEFT_OUT: Final = {
    "certificate": {"certificate_no", "check_signs"},
    "receipt": {"receipt_no"},
    "account_code": {"member_no", "code", "valid_until"},
}

# What communities count their members by unless a programme says otherwise; their words are in shared/texts.
MEMBER_CATEGORIES: Final = ("contract_ended", "laid_off", "demobilised", "retired", "resident", "organ_staff")
IN_SERVICE: Final = "in_service"
TOTAL: Final = "total"


class AnnounceProgramme(Command):
    """State what the district runs."""

    programme_id: UUID
    name: str
    legal_basis: str
    starts_on: date
    ends_on: date | None
    vocabulary: dict[str, str]
    forms: dict[str, tuple[str, ...]]
    member_categories: dict[str, str] = Field(default_factory=dict)


class AmendProgramme(AnnounceProgramme):
    """State it anew."""


ProgrammeCommand = AnnounceProgramme | AmendProgramme


class ProgrammeUnknown(DomainError):
    """There is no such programme."""


class ProgrammeNameTaken(DomainError):
    """The district already has a programme of this name."""


class ProgrammeEndsBeforeItStarts(DomainError):
    """The last day of a programme is not before its first."""


class FormUnknown(DomainError):
    """There is no such form: {form}."""


class CategoryReserved(DomainError):
    """In-service members and the total are counted by the system; name the category differently."""


class FormFieldsInvalid(DomainError):
    """The form {form} prints only these fields, each once, and never without its own number: {fields}."""


@dataclass(frozen=True, slots=True)
class Unannounced:
    """Nothing happened yet."""


@dataclass(frozen=True, slots=True)
class Running:
    """The programme as it reads now."""

    reads: ProgrammeAnnounced


Programme = Unannounced | Running


def decide(command: ProgrammeCommand, state: Programme) -> tuple[Event, ...]:
    """Events that follow from a command."""
    match command:
        case AmendProgramme():  # before the class it is derived from
            return _amend(command, state)
        case AnnounceProgramme():
            return _announce(command, state)
        case _:
            assert_never(command)


def _announce(command: AnnounceProgramme, state: Programme) -> tuple[Event, ...]:
    if isinstance(state, Running):
        return ()
    _check(command)
    return (ProgrammeAnnounced(**command.model_dump()),)


def _amend(command: AmendProgramme, state: Programme) -> tuple[Event, ...]:
    if isinstance(state, Unannounced):
        raise ProgrammeUnknown
    _check(command)
    amended = ProgrammeAmended(**command.model_dump())
    return () if amended.model_dump() == state.reads.model_dump() else (amended,)


def _check(command: AnnounceProgramme) -> None:
    if command.ends_on is not None and command.ends_on < command.starts_on:
        raise ProgrammeEndsBeforeItStarts
    if reserved := {IN_SERVICE, TOTAL} & set(command.member_categories):
        raise CategoryReserved(categories=sorted(reserved))
    for form, fields in command.forms.items():
        if form not in FORMS:
            raise FormUnknown(form=form)
        if len(set(fields)) < len(fields) or not NEVER_LEFT_OUT.get(form, set()) <= set(fields) <= set(FORMS[form]) or not fields:
            raise FormFieldsInvalid(form=form, fields=FORMS[form])


def evolve(state: Programme, event: Event) -> Programme:
    """State after one more event."""
    match state, event:
        case Unannounced(), ProgrammeAnnounced():
            return Running(event)
        case Running(), ProgrammeAmended():
            return Running(ProgrammeAnnounced(**event.model_dump()))
        case _:
            return state


def reservations(event: Event) -> tuple[Reservation, ...]:
    """Names are unique; a programme that changes its name takes the new one too."""
    match event:
        case ProgrammeAnnounced() | ProgrammeAmended():
            return (Reserve("programme", event.name, ProgrammeNameTaken),)
        case _:
            return ()


PROGRAMME: Final[Decider[ProgrammeCommand, Programme]] = Decider(
    category="programme", initial=Unannounced(), decide=decide, evolve=evolve, reservations=reservations
)
