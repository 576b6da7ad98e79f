"""The time bank's ledger of one community: double entry in minutes between members and the community's pool.

Invariants: the sum over all accounts is zero; nothing is deleted, an entry is reversed by its mirror image, once; nobody gives away more
than they have; a record is credited by its latest revision alone, in whatever order the news arrive.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import Field

from services.activities.domain import errors
from services.activities.domain.derived_ids import named_id
from services.activities.domain.district_module import ModuleIsOff
from services.activities.domain.following import following
from services.activities.domain.wording import Line, Reason
from shared.contracts.activities import DistrictModule, TimeCredited, TimeRedeemed, TimeReversed, TimeTransferred
from shared.contracts.event import Event
from shared.decider import Command, Decider, DomainError

Account = UUID | None  # None: the community's pool
Move = TimeCredited | TimeTransferred | TimeRedeemed | TimeReversed
Minutes = Annotated[int, Field(ge=1, le=100_000)]
RECORD_CHANGED: Final = "服务记录已更正或作废 / the record was corrected or voided"


class NotEnoughTime(DomainError):
    """The account holds fewer minutes."""


class BankService(Command):
    """What a record says now; 0 minutes: it counts nothing any more. `is_banked`: its post is of the time bank, and the bank is on."""

    community_id: UUID
    member_id: UUID
    record_id: UUID
    record_revision: int
    minutes: Annotated[int, Field(ge=0)]
    is_banked: bool


class _Spending(Command):
    community_id: UUID
    entry_id: UUID
    member_id: UUID
    minutes: Minutes
    is_on: bool
    assisted_consent: Reason | None = None


class TransferTime(_Spending):
    """Pass minutes on."""

    to_member_id: UUID


class RedeemTime(_Spending):
    """Receive help for minutes."""

    purpose: Line


class ReverseEntry(Command):
    """Take an entry back that was wrong."""

    reverses_entry_id: UUID
    entry_id: UUID
    reason: Reason
    reversed_by: str


LedgerCommand = BankService | TransferTime | RedeemTime | ReverseEntry


@dataclass(frozen=True, slots=True)
class Ledger:
    """Fold of a ledger: balances, entries, which are reversed, and per record its living entry and the last revision heard."""

    balances: Mapping[Account, int] = field(default_factory=dict[Account, int])
    entries: Mapping[UUID, Move] = field(default_factory=dict[UUID, Move])
    reversed: frozenset[UUID] = frozenset()
    credits: Mapping[UUID, UUID] = field(default_factory=dict[UUID, UUID])
    revisions: Mapping[UUID, int] = field(default_factory=dict[UUID, int])


def decide(command: LedgerCommand, state: Ledger) -> tuple[Event, ...]:
    """Decide one command about a ledger."""
    match command:
        case BankService():
            return _bank(command, state)
        case TransferTime():
            _check_spending(command, state)
            if command.to_member_id == command.member_id:
                return ()
            consent = command.assisted_consent
            return (TimeTransferred(**_move(command), to_member_id=command.to_member_id, assisted_consent=consent),)
        case RedeemTime():
            _check_spending(command, state)
            consent = command.assisted_consent
            return (TimeRedeemed(**_move(command), to_member_id=None, purpose=command.purpose, assisted_consent=consent),)
        case ReverseEntry():
            return _reverse(command, state)


def _bank(command: BankService, state: Ledger) -> tuple[Event, ...]:
    if state.revisions.get(command.record_id, 0) >= command.record_revision:
        return ()
    if not command.is_banked and command.record_id not in state.revisions:
        return ()
    about: dict[str, Any] = {"record_id": command.record_id, "record_revision": command.record_revision}
    events: list[Event] = []
    living = state.credits.get(command.record_id)
    if living is not None:
        events.append(_mirror(state.entries[living], _entry_id(command, b"reversal"), reason=RECORD_CHANGED, **about))
    if command.minutes or not events:  # a credit of nothing keeps in mind that later news were heard first
        accounts: dict[str, Any] = {"from_member_id": None, "to_member_id": command.member_id, "community_id": command.community_id}
        events.append(TimeCredited(entry_id=_entry_id(command, b"credit"), minutes=command.minutes, **accounts, **about))
    return tuple(events)


def _entry_id(command: BankService, kind: bytes) -> UUID:
    return named_id(b"time", kind, command.record_id.bytes, command.record_revision.to_bytes(4, "big"))


def _check_spending(command: TransferTime | RedeemTime, state: Ledger) -> None:
    if not command.is_on:
        raise ModuleIsOff(module=DistrictModule.TIME_BANK)
    balance = state.balances.get(command.member_id, 0)
    if command.minutes > balance:
        raise NotEnoughTime(balance=balance)


def _move(command: TransferTime | RedeemTime) -> dict[str, Any]:
    ids = {"entry_id": command.entry_id, "community_id": command.community_id}
    return {**ids, "from_member_id": command.member_id, "minutes": command.minutes}


def _reverse(command: ReverseEntry, state: Ledger) -> tuple[Event, ...]:
    entry = state.entries.get(command.reverses_entry_id)
    if entry is None or isinstance(entry, TimeReversed):
        raise errors.WrongStep
    if command.reverses_entry_id in state.reversed:
        return ()
    if command.reversed_by in {str(entry.from_member_id), str(entry.to_member_id)}:
        raise errors.NobodyConfirmsTheirOwn
    return (_mirror(entry, command.entry_id, reason=command.reason, reversed_by=command.reversed_by),)


def _mirror(entry: Move, entry_id: UUID, **more: Any) -> TimeReversed:
    return TimeReversed(
        entry_id=entry_id,
        community_id=entry.community_id,
        from_member_id=entry.to_member_id,
        to_member_id=entry.from_member_id,
        minutes=entry.minutes,
        reverses_entry_id=entry.entry_id,
        **more,
    )


def evolve(state: Ledger, event: Event) -> Ledger:
    """Fold one event. Never raises."""
    if not isinstance(event, TimeCredited | TimeTransferred | TimeRedeemed | TimeReversed):
        return state
    balances = dict(state.balances)
    balances[event.from_member_id] = balances.get(event.from_member_id, 0) - event.minutes
    balances[event.to_member_id] = balances.get(event.to_member_id, 0) + event.minutes
    state = replace(state, balances=balances, entries={**state.entries, event.entry_id: event})
    if isinstance(event, TimeReversed):
        living = {record: entry for record, entry in state.credits.items() if entry != event.reverses_entry_id}
        state = replace(state, reversed=state.reversed | {event.reverses_entry_id}, credits=living)
    if isinstance(event, TimeCredited):
        state = replace(state, credits={**state.credits, event.record_id: event.entry_id})
    return _heard(state, event)


def _heard(state: Ledger, event: Event) -> Ledger:
    if not isinstance(event, TimeCredited | TimeReversed) or event.record_id is None:
        return state
    revision = max(event.record_revision or 0, state.revisions.get(event.record_id, 0))
    return replace(state, revisions={**state.revisions, event.record_id: revision})


LEDGER: Final = following(Decider(category="time-ledger", initial=Ledger(), decide=decide, evolve=evolve))
