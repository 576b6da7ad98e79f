"""The time bank's ledger of one community: double entry in minutes between members and the community's pool.

Invariants: the sum over all accounts is zero; nothing is deleted, an entry is reversed once, by its mirror image; nobody gives away more
than they have, or minutes whose last day is over; a record is credited by its latest revision alone, in whatever order messages arrive.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, Any, Final, assert_never
from uuid import UUID

from pydantic import Field

from services.activities.following import following
from services.activities.modules.module import ModuleIsOff
from services.activities.refusals import NobodyConfirmsTheirOwn, WrongStep
from services.activities.time_bank.lots import NOTHING, Lots, Standing, lots_by_member, take, usable
from services.activities.wording import Line, Reason
from shared.contracts.activities.modules import DistrictModule
from shared.contracts.activities.time_bank import TimeCredited, TimeExpired, TimeRedeemed, TimeReversed, TimeTransferred
from shared.contracts.event import Event
from shared.decider import Command, Decider, DomainError
from shared.identifiers import named_id

Account = UUID | None  # None: the community's pool
Move = Standing | TimeReversed
Minutes = Annotated[int, Field(ge=1, le=100_000)]
RECORD_CHANGED: Final = "服务记录已更正或作废 / the record was corrected or voided"


class NotEnoughTime(DomainError):
    """The account holds fewer minutes."""


class BankService(Command):
    """What a record says now; 0 minutes: it counts nothing any more. `is_banked`: its post is of the time bank, and the bank is on.
    `expires_on`: the last day of minutes credited now; those of a corrected record keep theirs.
    """

    community_id: UUID
    member_id: UUID
    record_id: UUID
    record_revision: int
    minutes: Annotated[int, Field(ge=0)]
    is_banked: bool
    expires_on: date | None = None


class _Spending(Command):
    community_id: UUID
    entry_id: UUID
    member_id: UUID
    minutes: Minutes
    is_on: bool
    today: date
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


class ExpireTime(Command):
    """Book what can be used no more; `entry_id` is the seed of the entries' ids."""

    community_id: UUID
    entry_id: UUID
    today: date


LedgerCommand = BankService | TransferTime | RedeemTime | ReverseEntry | ExpireTime


@dataclass(frozen=True, slots=True)
class Ledger:
    """Fold of a ledger: balances, entries, which are reversed, and per record its living entry and the last revision heard."""

    balances: Mapping[Account, int] = field(default_factory=dict[Account, int])
    entries: Mapping[UUID, Move] = field(default_factory=dict[UUID, Move])
    reversed: frozenset[UUID] = frozenset()
    credits: Mapping[UUID, UUID] = field(default_factory=dict[UUID, UUID])
    revisions: Mapping[UUID, int] = field(default_factory=dict[UUID, int])

    @property
    def standing(self) -> tuple[Standing, ...]:
        """Entries that were not reversed, in order of arrival, without the mirrors of those that were."""
        moves = self.entries.values()
        return tuple(each for each in moves if not isinstance(each, TimeReversed) and each.entry_id not in self.reversed)

    def lots(self, member_id: UUID) -> Lots:
        """The member's minutes, those that expire first in front."""
        touching = (each for each in self.standing if member_id in {each.from_member_id, each.to_member_id})
        return lots_by_member(touching).get(member_id, NOTHING)


def decide(command: LedgerCommand, state: Ledger) -> tuple[Event, ...]:
    """Decide one command about a ledger."""
    match command:
        case BankService():
            return _bank(command, state)
        case TransferTime():
            return _transfer(command, state)
        case RedeemTime():
            return _redeem(command, state)
        case ReverseEntry():
            return _reverse(command, state)
        case ExpireTime():
            return _expire(command, state)
        case _:
            assert_never(command)


def _bank(command: BankService, state: Ledger) -> tuple[Event, ...]:
    if state.revisions.get(command.record_id, 0) >= command.record_revision:
        return ()
    if not command.is_banked and command.record_id not in state.revisions:
        return ()
    about: dict[str, Any] = {"record_id": command.record_id, "record_revision": command.record_revision}
    events: list[Event] = []
    expires_on = command.expires_on
    living = state.credits.get(command.record_id)
    if living is not None:
        credit = state.entries[living]
        expires_on = credit.expires_on if isinstance(credit, TimeCredited) else expires_on
        reversal = _entry_id(command, b"reversal")
        events += [*_unexpired(credit, reversal, state, RECORD_CHANGED), _mirror(credit, reversal, reason=RECORD_CHANGED, **about)]
    if command.minutes or not events:  # a credit of nothing keeps in mind that later news were heard first
        about |= {"from_member_id": None, "to_member_id": command.member_id, "community_id": command.community_id}
        events.append(TimeCredited(entry_id=_entry_id(command, b"credit"), minutes=command.minutes, expires_on=expires_on, **about))
    return tuple(events)


def _entry_id(command: BankService, kind: bytes) -> UUID:
    return named_id(b"time", kind, command.record_id.bytes, command.record_revision.to_bytes(4, "big"))


def _transfer(command: TransferTime, state: Ledger) -> tuple[Event, ...]:
    lots = _spent(command, state)
    if command.to_member_id == command.member_id:
        return ()
    consent = command.assisted_consent
    return (TimeTransferred(**_move(command), to_member_id=command.to_member_id, assisted_consent=consent, lots=lots),)


def _redeem(command: RedeemTime, state: Ledger) -> tuple[Event, ...]:
    _spent(command, state)
    consent = command.assisted_consent
    return (TimeRedeemed(**_move(command), to_member_id=None, purpose=command.purpose, assisted_consent=consent),)


def _spent(command: TransferTime | RedeemTime, state: Ledger) -> Lots:
    if not command.is_on:
        raise ModuleIsOff(module=DistrictModule.TIME_BANK)
    lots = usable(state.lots(command.member_id), command.today)
    balance = sum(each.minutes for each in lots)
    if command.minutes > balance:
        raise NotEnoughTime(balance=balance)
    return take(lots, command.minutes)[0]


def _move(command: TransferTime | RedeemTime) -> dict[str, Any]:
    ids = {"entry_id": command.entry_id, "community_id": command.community_id}
    return {**ids, "from_member_id": command.member_id, "minutes": command.minutes}


def _reverse(command: ReverseEntry, state: Ledger) -> tuple[Event, ...]:
    entry = state.entries.get(command.reverses_entry_id)
    if entry is None or isinstance(entry, TimeReversed | TimeExpired):
        raise WrongStep
    if command.reverses_entry_id in state.reversed:
        return ()
    if command.reversed_by in {str(entry.from_member_id), str(entry.to_member_id)}:
        raise NobodyConfirmsTheirOwn
    mirror = _mirror(entry, command.entry_id, reason=command.reason, reversed_by=command.reversed_by)
    return (*_unexpired(entry, command.entry_id, state, command.reason), mirror)


def _unexpired(entry: Move, seed: UUID, state: Ledger, reason: str) -> tuple[Event, ...]:
    """Minutes that come back out of an account are not also expired there; whatever is still over its day expires again."""
    sources = {lot.source_entry_id for lot in entry.lots} if isinstance(entry, TimeTransferred) else {entry.entry_id}
    expired = (each for each in state.standing if isinstance(each, TimeExpired) and each.from_member_id == entry.to_member_id)
    found = [each for each in expired if each.source_entry_id in sources]
    return tuple(_mirror(each, named_id(b"time", b"unexpired", seed.bytes, each.entry_id.bytes), reason=reason) for each in found)


def _expire(command: ExpireTime, state: Ledger) -> tuple[Event, ...]:
    events: list[Event] = []
    for member_id, lots in lots_by_member(state.standing).items():
        for lot in (each for each in lots if each.expires_on is not None and each.expires_on < command.today):
            ids = {"community_id": command.community_id, "from_member_id": member_id, "to_member_id": None}
            entry_id = named_id(b"time", b"expiry", command.entry_id.bytes, len(events).to_bytes(4, "big"))
            events.append(TimeExpired(entry_id=entry_id, **ids, **lot.model_dump()))
    return tuple(events)


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
    if not isinstance(event, TimeCredited | TimeTransferred | TimeRedeemed | TimeExpired | TimeReversed):
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
