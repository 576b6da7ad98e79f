"""HTTP of the time bank, where the district has switched it on: accounts, passing minutes on, receiving help, taking entries back."""

from collections import Counter
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends

from services.activities.access import allow, member_id, report_scope, require_registered, whose
from services.activities.modules.api import is_module_on
from services.activities.time_bank import queries
from services.activities.time_bank.ledger import LEDGER, Minutes, RedeemTime, ReverseEntry, TransferTime
from services.activities.time_bank.queries import ExpiringMinutes, LedgerView, TimeAccount
from services.activities.wording import Line, Reason
from shared.calendar.local_time import local_day
from shared.contracts.activities.modules import DistrictModule
from shared.decider import Command
from shared.http.endpoints import Call, CommandAnswer

router = APIRouter()


class SpendBody(Command):
    """How many minutes; the community names a member who agreed, members act for themselves."""

    minutes: Minutes
    member_id: UUID | None = None
    consent: Reason | None = None


class TransferBody(SpendBody):
    """To whom they go."""

    to_member_id: UUID


class RedeemBody(SpendBody):
    """What for."""

    purpose: Line


class ReverseBody(Command):
    """Which entry is wrong, and why."""

    entry_id: UUID
    reason: Reason


@router.get("/me/time-account")
async def my_account(call: Annotated[Call, Depends(allow("see_own"))]) -> TimeAccount:
    """The caller's minutes in all communities of the district."""
    return await _account(call, member_id(call.principal))


@router.get("/communities/{community_id}/time-ledger")
async def ledger(community_id: UUID, call: Annotated[Call, Depends(allow("see_reports"))]) -> LedgerView:
    """Accounts and minutes of a community in sums."""
    report_scope(call.principal, community_id)
    async with call.read() as tx:
        return await queries.ledger(tx, call.district, community_id)


@router.get("/communities/{community_id}/time-accounts/{who}")
async def account_at_the_desk(community_id: UUID, who: UUID, call: Annotated[Call, Depends(allow("keep_time"))]) -> TimeAccount:
    """A member's account in this community, for its desk."""
    call.principal.require_organisation(community_id)
    return await _account(call, who, community_id)


@router.post("/communities/{community_id}/time-transfers", status_code=201)
async def transfer_time(community_id: UUID, body: TransferBody, call: Annotated[Call, Depends(allow("spend_time"))]) -> CommandAnswer:
    """Pass minutes on to another member."""
    await require_registered(call, [body.to_member_id])
    acting, values = await _spending(call, community_id, body)
    command = TransferTime(**values, to_member_id=body.to_member_id)
    return (await acting.handle(LEDGER, community_id, command)).with_result(entry_id=command.entry_id)


@router.post("/communities/{community_id}/time-redemptions", status_code=201)
async def redeem_time(community_id: UUID, body: RedeemBody, call: Annotated[Call, Depends(allow("spend_time"))]) -> CommandAnswer:
    """Receive help for minutes; what was earned before for the score stays as it is."""
    acting, values = await _spending(call, community_id, body)
    command = RedeemTime(**values, purpose=body.purpose)
    return (await acting.handle(LEDGER, community_id, command)).with_result(entry_id=command.entry_id)


@router.post("/communities/{community_id}/time-reversals", status_code=201)
async def reverse_entry(community_id: UUID, body: ReverseBody, call: Annotated[Call, Depends(allow("reverse_time"))]) -> CommandAnswer:
    """Take a wrong entry back by its mirror image; both stay."""
    call.principal.require_organisation(community_id)
    ids = {"reverses_entry_id": body.entry_id, "entry_id": call.new_id("entry")}
    return await call.handle(LEDGER, community_id, ReverseEntry(**ids, reason=body.reason, reversed_by=call.principal.subject))


async def _account(call: Call, who: UUID, community_id: UUID | None = None) -> TimeAccount:
    async with call.read() as tx:
        account = await queries.account(tx, call.district, who, community_id)
    expiring: list[ExpiringMinutes] = []
    for each in sorted({entry.community_id for entry in account.entries}):
        days: Counter[date] = Counter()
        for lot in (await call.state(LEDGER, each)).lots(who):
            if lot.expires_on is not None:
                days[lot.expires_on] += lot.minutes
        expiring += [ExpiringMinutes(community_id=each, minutes=minutes, expires_on=day) for day, minutes in sorted(days.items())]
    return account.model_copy(update={"expiring": expiring})


async def _spending(call: Call, community_id: UUID, body: SpendBody) -> tuple[Call, dict[str, Any]]:
    who, acting = whose(call, body.member_id, body.consent)
    if acting.is_assisted:
        call.principal.require_organisation(community_id)
    values = {
        "community_id": community_id,
        "entry_id": call.new_id("entry"),
        "member_id": who,
        "minutes": body.minutes,
        "is_on": await is_module_on(call, DistrictModule.TIME_BANK),
        "today": local_day(call.now),
        "assisted_consent": body.consent if acting.is_assisted else None,
    }
    return acting, values
