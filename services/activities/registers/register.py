"""A community's registers: venues and partnerships as entries that hold until closed, and open affairs in three stages.

Invariants: organisations only, never persons; an affair is shown before, while and after it is done, in this order, and does not go on
while people may still speak up.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field

from services.activities import errors
from services.activities.wording import Line, Prose, Reason, Title
from shared.contracts.activities import (
    AffairStage,
    OpenAffairPublished,
    PartnershipAgreed,
    PartnershipKind,
    RegisterEntryClosed,
    VenueOpened,
)
from shared.contracts.event import Event
from shared.decider import Command, Decider, DomainError


class AffairIsOpenForComments(DomainError):
    """People may still speak up; the affair goes on afterwards."""


class VenueDraft(Command):
    """A room or ground to use."""

    community_id: UUID
    name: Title
    used_for: Line
    square_metres: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    seats: Annotated[int, Field(ge=1, le=100_000)] | None = None
    owner_id: UUID | None = None
    opening_hours: Line | None = None


class PartnershipDraft(Command):
    """What community and unit agreed."""

    community_id: UUID
    partner_id: UUID
    kinds: Annotated[tuple[PartnershipKind, ...], Field(min_length=1, max_length=len(PartnershipKind))]
    purpose: Reason
    agreed_on: date
    ends_on: date | None = None


class OpenVenue(VenueDraft):
    """Enter a venue."""

    entry_id: UUID


class AgreePartnership(PartnershipDraft):
    """Enter a partnership."""

    entry_id: UUID


class CloseEntry(Command):
    """Let an entry hold no longer."""

    reason: Reason
    closed_on: date


EntryCommand = OpenVenue | AgreePartnership | CloseEntry


@dataclass(frozen=True, slots=True)
class Entry:
    """Fold of an entry's stream."""

    entered: VenueOpened | PartnershipAgreed | None = None
    is_closed: bool = False


def decide_entry(command: EntryCommand, state: Entry) -> tuple[Event, ...]:
    """Decide one command about an entry."""
    if isinstance(command, CloseEntry):
        if state.entered is None:
            raise errors.WrongStep
        ids = {"entry_id": state.entered.entry_id, "community_id": state.entered.community_id}
        return () if state.is_closed else (RegisterEntryClosed(**ids, reason=command.reason, closed_on=command.closed_on),)
    if state.entered is not None:
        raise errors.AlreadyExists
    match command:
        case OpenVenue():
            return (VenueOpened.model_validate(command.model_dump()),)
        case AgreePartnership():
            if command.ends_on is not None and command.ends_on < command.agreed_on:
                raise errors.TermEndsBeforeItStarts
            kinds = tuple(dict.fromkeys(command.kinds))
            return (PartnershipAgreed.model_validate({**command.model_dump(), "kinds": kinds}),)


def evolve_entry(state: Entry, event: Event) -> Entry:
    """Fold one event. Never raises."""
    match event:
        case VenueOpened() | PartnershipAgreed():
            return Entry(event)
        case RegisterEntryClosed():
            return replace(state, is_closed=True)
        case _:
            return state


class StageDraft(Command):
    """What is shown at this stage, and who answers for it, by function."""

    text: Prose
    responsible: Line
    comments_until: date | None = None


class AnnounceAffair(StageDraft):
    """事前公开: show an affair before it is begun."""

    affair_id: UUID
    community_id: UUID
    subject: Title
    today: date


class ContinueAffair(StageDraft):
    """事中公开 or 事后公开."""

    stage: AffairStage
    today: date


@dataclass(frozen=True, slots=True)
class Affair:
    """Fold of an affair's stream: what was shown last."""

    shown: OpenAffairPublished | None = None


def decide_affair(command: AnnounceAffair | ContinueAffair, state: Affair) -> tuple[Event, ...]:
    """Decide one command about an open affair."""
    stated = {**command.model_dump(exclude={"today"}), "published_on": command.today}
    if isinstance(command, AnnounceAffair):
        if state.shown is not None:
            raise errors.AlreadyExists
        return (OpenAffairPublished.model_validate({**stated, "stage": AffairStage.BEFORE}),)
    shown = state.shown
    if shown is None or shown.stage is AffairStage.AFTER or command.stage is AffairStage.BEFORE:
        raise errors.WrongStep(stage=None if shown is None else shown.stage)
    if shown.comments_until is not None and command.today <= shown.comments_until:
        raise AffairIsOpenForComments(comments_until=shown.comments_until.isoformat())
    ids = {name: getattr(shown, name) for name in ("affair_id", "community_id", "subject")}
    return (OpenAffairPublished.model_validate({**stated, **ids}),)


def evolve_affair(state: Affair, event: Event) -> Affair:
    """Fold one event. Never raises."""
    return Affair(event) if isinstance(event, OpenAffairPublished) else state


ENTRY: Final = Decider(category="register-entry", initial=Entry(), decide=decide_entry, evolve=evolve_entry)
AFFAIR: Final = Decider(category="affair", initial=Affair(), decide=decide_affair, evolve=evolve_affair)
