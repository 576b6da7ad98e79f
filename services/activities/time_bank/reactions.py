"""Confirmed service on a post of the time bank is credited, corrected or taken back; minutes expire after their last day."""

from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar, Final
from uuid import UUID

from dateutil.relativedelta import relativedelta

from services.activities.modules.module import MODULE, On, module_id
from services.activities.posts.post import SERVICE_POST
from services.activities.posts.state import Unproposed
from services.activities.time_bank import queries
from services.activities.time_bank.ledger import LEDGER, BankService, ExpireTime
from shared.calendar.local_time import day_after_begins, local_day
from shared.contracts.activities.modules import DistrictModule, ModuleSwitchedOn
from shared.contracts.activities.records import ActivityConfirmed, ActivityCorrected, ActivityVoided
from shared.contracts.activities.time_bank import TimeCredited, TimeReversed
from shared.eventlog.envelope import Recorded
from shared.eventlog.intents import Intent
from shared.feature import Performers, Reactions, Task
from shared.http.endpoints import Call


class CreditService(Task):
    """Enter what a record says now; 0 minutes: it counts nothing any more. `credited_on` is missing from intents of the first release."""

    KIND: ClassVar[str] = "bank_service"

    community_id: UUID
    member_id: UUID
    record_id: UUID
    post_id: UUID
    record_revision: int
    minutes: int
    credited_on: date | None = None


class ExpireMinutes(Task):
    """Enter what can be used no more, in one ledger or (None) in all."""

    KIND: ClassVar[str] = "expire_time"

    community_id: UUID | None = None


def confirmed(event: Recorded, data: ActivityConfirmed | ActivityCorrected) -> Iterator[Intent]:
    """Only service on a post can belong to the time bank."""
    if data.post_id is not None:
        yield _credit(event, data, data.post_id, data.minutes)


def voided(event: Recorded, data: ActivityVoided) -> Iterator[Intent]:
    """A voided record counts nothing."""
    if data.before_post_id is not None:
        yield _credit(event, data, data.before_post_id, 0)


def _credit(event: Recorded, data: ActivityConfirmed | ActivityCorrected | ActivityVoided, post_id: UUID, minutes: int) -> Intent:
    task = CreditService(
        community_id=data.community_id,
        member_id=data.member_id,
        record_id=data.record_id,
        post_id=post_id,
        record_revision=data.revision,
        minutes=minutes,
        credited_on=local_day(event.time),
    )
    return task.intent(f"bank_service/{event.id}", event.time)


def credited(_event: Recorded, data: TimeCredited) -> Iterator[Intent]:
    """One intent for all minutes of a community that expire on the same day."""
    if data.expires_on is not None:
        key = f"expire_time/{data.community_id}/{data.expires_on}"
        yield ExpireMinutes(community_id=data.community_id).intent(key, day_after_begins(data.expires_on))


def reversed_(event: Recorded, data: TimeReversed) -> Iterator[Intent]:
    """Minutes that come back may be past their last day."""
    yield ExpireMinutes(community_id=data.community_id).intent(f"expire_time/{event.id}", event.time)


def switched_on(event: Recorded, data: ModuleSwitchedOn) -> Iterator[Intent]:
    """Days may have passed while the time bank was off."""
    if data.module is DistrictModule.TIME_BANK:
        yield ExpireMinutes().intent(f"expire_time/{event.id}", event.time)


async def credit_service(task: CreditService, call: Call) -> None:
    """The post and the module decide whether the service belongs to the time bank, and when its minutes expire."""
    module = await call.state(MODULE, module_id(DistrictModule.TIME_BANK))
    months = module.minutes_expire_after_months
    values: dict[str, Any] = task.model_dump(exclude={"post_id", "credited_on"})
    command = BankService(
        **values,
        is_banked=isinstance(module, On) and await _is_time_banked(call, task.post_id),
        expires_on=None if months is None or task.credited_on is None else task.credited_on + relativedelta(months=months),
    )
    await call.handle(LEDGER, command.community_id, command)


async def _is_time_banked(call: Call, post_id: UUID) -> bool:
    post = await call.state(SERVICE_POST, post_id)
    return not isinstance(post, Unproposed) and post.terms.is_time_banked


async def expire_minutes(task: ExpireMinutes, call: Call) -> None:
    """While the time bank is off nobody can spend, and what it holds is kept."""
    if not isinstance(await call.state(MODULE, module_id(DistrictModule.TIME_BANK)), On):
        return
    async with call.read() as tx:
        ledgers = await queries.communities(tx, call.district) if task.community_id is None else [task.community_id]
    for community_id in ledgers:
        step = call.step(str(community_id))
        command = ExpireTime(community_id=community_id, entry_id=step.new_id("expiry"), today=local_day(call.now))
        await step.handle(LEDGER, community_id, command)


REACTIONS: Final[Reactions] = {
    ActivityConfirmed: confirmed,
    ActivityCorrected: confirmed,
    ActivityVoided: voided,
    TimeCredited: credited,
    TimeReversed: reversed_,
    ModuleSwitchedOn: switched_on,
}
PERFORMERS: Final[Performers] = {CreditService: credit_service, ExpireMinutes: expire_minutes}
