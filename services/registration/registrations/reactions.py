"""What registration does about its own events: exit and moves are complete. Withdrawn consent and erasure end the registration, a transfer
opens the new one, a new work unit takes over primary management.

The request that erases or transfers does the rest at once as well; the intent makes sure of it when that process died in between.
"""

from contextlib import suppress
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from services.registration.access_log import queries as access_log
from services.registration.access_log.retention import ACCESS_LOG, ACCESS_RETENTION, YEARS, ApplyAccessRetention
from services.registration.certificates.certificate import CERTIFICATE, IssueLiaisonCertificate
from services.registration.crossings.reactions import end_away_of, tell_home, tell_host, told_home, told_host
from services.registration.days import day_begins, day_of
from services.registration.members.account import AccountTaken, TakeOverAccount
from services.registration.members.member import MEMBER
from services.registration.members.state import ApplyRetention, Enrolled, EraseMember, Merged
from services.registration.numbers import CERTIFICATE_PREFIX, RECEIPT_PREFIX, printed, registration_with, transfer_certificate
from services.registration.offices.office import OFFICE, EndOffice
from services.registration.registrations import queries
from services.registration.registrations.registration import REGISTRATION
from services.registration.registrations.terms import Closed, CloseRegistration, FollowWorkUnit, OpenTransferred, RemindOfRenewal, Ties
from services.registration.stories.story import STORY, GiveUpStory
from services.registration.vault.keys import Vault
from shared.contracts.registration import (
    ClosureReason,
    ConsentPurpose,
    ConsentWithdrawn,
    OrganisationEstablished,
    PersonalDataErased,
    RegistrationClosed,
    RegistrationConfirmed,
    RegistrationReceiptIssued,
    RegistrationRenewed,
    RegistrationResumed,
    WorkUnitChanged,
)
from shared.contracts.registration_accounts import AccountReleaseReason, MemberAccountReleased
from shared.contracts.registration_changes import (
    AccessRetentionApplied,
    MemberIdentitiesMerged,
    RegistrationTransferred,
    RetentionApplied,
    RetentionKind,
)
from shared.contracts.registration_crossings import AwayReceiptAcknowledged, AwayRegistrationEnded
from shared.contracts.registration_organisations import OfficeAssigned, OfficeEnded
from shared.contracts.registration_stories import StoryDrafted, StoryWithdrawn
from shared.eventlog.envelope import Recorded
from shared.eventlog.intents import Intent
from shared.retention import given_up_on, month_after
from shared.web import Call

HALF_A_YEAR: Final = timedelta(days=183)  # until a renewal is due; how long numbers and names stay readable, stories wait for a yes


def react(event: Recorded) -> tuple[Intent, ...]:
    """Intents that follow from one event."""
    return _of_member(event) or _of_registration(event) or _of_organisation(event) or _of_story(event)


def _of_member(event: Recorded) -> tuple[Intent, ...]:
    match event.data:
        case PersonalDataErased(member_id=member_id):
            payload = {"member_id": str(member_id)}
            return (
                Intent(f"destroy-key/{member_id}", "destroy_key", payload, event.time),
                Intent(f"leave/{event.id}", "close_registration", payload, event.time),
                Intent(f"erase-merged/{member_id}", "erase_merged", payload, event.time),
            )
        case ConsentWithdrawn(purpose=ConsentPurpose.DUAL_MANAGEMENT | ConsentPurpose.CROSS_DISTRICT, member_id=member_id):
            return (Intent(f"leave/{event.id}", "close_registration", {"member_id": str(member_id)}, event.time),)
        case WorkUnitChanged(member_id=member_id, unit_id=unit_id):
            payload = {"member_id": str(member_id), "unit_id": str(unit_id)}
            return (Intent(f"follow/{event.id}", "follow_work_unit", payload, event.time),)
        case MemberIdentitiesMerged(member_id=member_id, into_member_id=into_member_id):
            payload = {"member_id": str(member_id), "into_member_id": str(into_member_id)}
            return (Intent(f"merge/{member_id}", "move_identities", payload, event.time),)
        case MemberAccountReleased(member_id=member_id, account_hash=account_hash, reason=AccountReleaseReason.MERGED):
            payload = {"member_id": str(member_id), "account_hash": account_hash}
            return (Intent(f"carry-account/{event.id}", "carry_account", payload, event.time),)
        case RetentionApplied(member_id=member_id, kind=RetentionKind.CITIZEN_NUMBER):
            return (Intent(f"destroy-number/{member_id}", "destroy_number", {"member_id": str(member_id)}, event.time),)
        case _:
            return ()


def _of_registration(event: Recorded) -> tuple[Intent, ...]:
    match event.data:
        case RegistrationTransferred(registration_id=registration_id):
            payload = {"registration_id": str(registration_id)}
            return (Intent(f"transfer/{registration_id}", "complete_transfer", payload, event.time),)
        case RegistrationClosed(member_id=member_id) as closed:
            forget = Intent(f"retention/{event.id}", "retain_no_longer", {"member_id": str(member_id)}, event.time + HALF_A_YEAR)
            return (forget,) if closed.home_district is None else (forget, told_home(event, closed))
        case RegistrationReceiptIssued(home_district=str()) as receipt:
            return (told_home(event, receipt),)
        case AwayReceiptAcknowledged() | AwayRegistrationEnded() as told:
            return (told_host(event, told),)
        case RegistrationConfirmed() | RegistrationResumed() | RegistrationRenewed() as counted:
            since = day_of(event.time)
            payload = {"registration_id": str(counted.registration_id), "since": since.isoformat()}
            return (Intent(f"renewal/{event.id}", "remind_of_renewal", payload, day_begins(since + HALF_A_YEAR)),)
        case _:
            return ()


def _of_organisation(event: Recorded) -> tuple[Intent, ...]:
    match event.data:
        case OrganisationEstablished():
            return (_access_retention(month_after(day_of(event.time))),)
        case AccessRetentionApplied(until=until):
            payload = {"until": until.isoformat()}
            return (Intent(f"forget-accesses/{until}", "forget_accesses", payload, event.time), _access_retention(month_after(until)))
        case OfficeAssigned(office_id=office_id, ends_on=date() as ends_on):
            return (Intent(f"term/{office_id}", "end_office", {"office_id": str(office_id)}, day_begins(ends_on + timedelta(days=1))),)
        case OfficeEnded(office_id=office_id):
            payload = {"member_id": str(office_id)}
            return (Intent(f"forget-holder/{office_id}", "destroy_key", payload, event.time + HALF_A_YEAR),)
        case _:
            return ()


def _of_story(event: Recorded) -> tuple[Intent, ...]:
    match event.data:
        case StoryDrafted(story_id=story_id, drafted_on=since) | StoryWithdrawn(story_id=story_id, withdrawn_on=since):
            payload = {"story_id": str(story_id), "since": since.isoformat()}
            return (Intent(f"story/{event.id}", "give_up_story", payload, day_begins(since + HALF_A_YEAR)),)
        case _:
            return ()


def _access_retention(until: date) -> Intent:
    """Month by month, each follows from the one before; the first from the organisations without which nobody looks at anything."""
    return Intent(f"retain-accesses/{until}", "retain_accesses", {"until": until.isoformat()}, day_begins(given_up_on(until, YEARS)))


class Reactions:
    """Performs the intents. `vault` is put in place when the service starts."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def perform(self, intent: Intent, call: Call) -> None:
        """Idempotent: a key is destroyed once, a closed registration stays closed, a transfer opens one registration."""
        match intent.kind:
            case "destroy_key":
                await self._vault.destroy(call.district, UUID(intent.payload["member_id"]))
            case "destroy_number":
                await self._vault.destroy_number(call.district, UUID(intent.payload["member_id"]))
            case "retain_no_longer":
                await _retain_no_longer(UUID(intent.payload["member_id"]), call)
            case "retain_accesses":
                await _retain_accesses(date.fromisoformat(intent.payload["until"]), call)
            case "forget_accesses":
                await _forget_accesses(date.fromisoformat(intent.payload["until"]), call)
            case "remind_of_renewal":
                reminder = RemindOfRenewal(since=date.fromisoformat(intent.payload["since"]), due_on=day_of(call.now))
                await call.handle(REGISTRATION, UUID(intent.payload["registration_id"]), reminder)
            case "give_up_story":
                await _give_up_story(UUID(intent.payload["story_id"]), date.fromisoformat(intent.payload["since"]), call)
            case "tell_home":
                await tell_home(intent, call)
            case "tell_host":
                await tell_host(intent, call)
            case "end_office":
                office_id, last_day = UUID(intent.payload["office_id"]), day_of(call.now) - timedelta(days=1)
                await call.handle(OFFICE, office_id, EndOffice(ended_on=last_day))
            case "move_identities":
                entries = UUID(intent.payload["member_id"]), UUID(intent.payload["into_member_id"])
                await self._vault.move_identities(call.district, *entries)
            case "carry_account":
                await _carry_account(UUID(intent.payload["member_id"]), intent.payload["account_hash"], call)
            case "close_registration":
                await _close(UUID(intent.payload["member_id"]), call)
            case "erase_merged":
                await _erase_merged(UUID(intent.payload["member_id"]), call)
            case "complete_transfer":
                await complete_transfer(call, UUID(intent.payload["registration_id"]))
            case "follow_work_unit":
                await _follow_work_unit(UUID(intent.payload["member_id"]), UUID(intent.payload["unit_id"]), call)
            case _:
                message = f"no reaction is called {intent.kind!r}"
                raise LookupError(message)


async def complete_transfer(call: Call, registration_id: UUID) -> tuple[UUID, str] | None:
    """Open the registration that a transferred one handed its place to: id and receipt number; None when there is nothing to open."""
    state = await call.state(REGISTRATION, registration_id)
    if not isinstance(state, Closed) or state.moved_to is None:
        return None
    member = await call.state(MEMBER, state.ties.member_id)
    if not isinstance(member, Enrolled):
        return None
    certificate_id = transfer_certificate(registration_id)
    opened = registration_with(certificate_id)
    ties = Ties(
        member_id=member.member_id,
        certificate_id=certificate_id,
        certificate_no=printed(CERTIFICATE_PREFIX, certificate_id),
        unit_id=member.unit_id,
        community_id=state.moved_to,
        home_district=state.ties.home_district,
    )
    await call.step("transfer certificate").handle(CERTIFICATE, certificate_id, IssueLiaisonCertificate(**ties.model_dump()))
    command = OpenTransferred(
        registration_id=opened,
        ties=ties,
        occupation_group=member.occupation_group,
        political_status=member.political_status,
        reported_on=day_of(call.now),
        receipt_no=printed(RECEIPT_PREFIX, opened),
    )
    await call.step("open transferred").handle(REGISTRATION, opened, command)
    if ConsentPurpose.DUAL_MANAGEMENT not in member.consents:  # withdrawn while the papers were on their way
        leave = CloseRegistration(closed_on=day_of(call.now), reason=ClosureReason.WITHDRAWN)
        await call.step("leave").handle(REGISTRATION, opened, leave)
    return opened, command.receipt_no


async def _close(member_id: UUID, call: Call) -> None:
    command = CloseRegistration(closed_on=day_of(call.now), reason=ClosureReason.WITHDRAWN)
    for registration_id in await _active(member_id, call):
        await call.step(str(registration_id)).handle(REGISTRATION, registration_id, command)
    await end_away_of(member_id, call)


async def _follow_work_unit(member_id: UUID, unit_id: UUID, call: Call) -> None:
    for registration_id in await _active(member_id, call):
        await call.step(str(registration_id)).handle(REGISTRATION, registration_id, FollowWorkUnit(unit_id=unit_id))


async def _retain_no_longer(member_id: UUID, call: Call) -> None:
    """The citizen number of somebody who is not registered any more; who registered anew meanwhile keeps it."""
    if not await _active(member_id, call):
        applied = ApplyRetention(kind=RetentionKind.CITIZEN_NUMBER, applied_on=day_of(call.now))
        await call.handle(MEMBER, member_id, applied)


async def _give_up_story(story_id: UUID, since: date, call: Call) -> None:
    """Unless the member agreed meanwhile, or the text is another one."""
    await call.handle(STORY, story_id, GiveUpStory(unagreed_since=since, given_up_on=day_of(call.now)))


async def _retain_accesses(until: date, call: Call) -> None:
    begins_on = (await call.state(ACCESS_RETENTION, ACCESS_LOG)).begins_on
    since = None if begins_on is None else day_begins(begins_on)  # older ones are counted, even if they are not deleted yet
    async with call.write() as tx:
        entries = await access_log.count(tx, call.district, day_begins(until), since)
    command = ApplyAccessRetention(until=until, entries=entries, applied_on=day_of(call.now))
    await call.handle(ACCESS_RETENTION, ACCESS_LOG, command)


async def _forget_accesses(until: date, call: Call) -> None:
    are_left = True
    while are_left:
        async with call.write() as tx:
            are_left = await access_log.delete_before(tx, call.district, day_begins(until))


async def _carry_account(member_id: UUID, account_hash: str, call: Call) -> None:
    """The account of an entry that was given up acts as the entry that stays, however often that was given up in turn."""
    state, seen = await call.state(MEMBER, member_id), set[UUID]()
    while isinstance(state, Merged) and state.member_id not in seen:  # merged both ways at one moment, they go in circles
        seen.add(state.member_id)
        state = await call.state(MEMBER, state.into_member_id)
    if isinstance(state, Enrolled):
        with suppress(AccountTaken):  # it has claimed another member meanwhile
            await call.handle(MEMBER, state.member_id, TakeOverAccount(account_hash=account_hash))


async def _erase_merged(member_id: UUID, call: Call) -> None:
    async with call.read() as tx:
        given_up = await queries.merged_into(tx, call.district, member_id)
    for entry in given_up:
        await call.step(str(entry)).handle(MEMBER, entry, EraseMember())


async def _active(member_id: UUID, call: Call) -> list[UUID]:
    async with call.read() as tx:
        return await queries.active_registrations(tx, call.district, member_id)
