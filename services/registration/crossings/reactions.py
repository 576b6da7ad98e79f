"""What one district reports to another about a crossing: receipts and endings go home, acknowledgements and endings to the host.

Invariant: reported by reactions only, so that nothing is lost; a repeated report changes nothing, so the two districts never answer each
other for ever.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import ClassVar, Final
from uuid import UUID

from services.registration.crossings import queries
from services.registration.crossings.crossing import CROSSING, ConfirmAway, EndAway, guest_of
from services.registration.organisations.organisation import ORGANISATION
from services.registration.organisations.state import Established
from services.registration.registrations.queries import active_registrations
from services.registration.registrations.registration import REGISTRATION, AcknowledgeReceipt, CloseRegistration
from shared.calendar.local_time import local_day
from shared.contracts.registration.codes import ClosureReason
from shared.contracts.registration.crossings import AwayReceiptAcknowledged, AwayRegistrationEnded
from shared.contracts.registration.registrations import RegistrationClosed, RegistrationReceiptIssued
from shared.eventlog.envelope import Recorded
from shared.eventlog.intents import Intent
from shared.feature import Performers, Reactions, Task
from shared.http.endpoints import Call


class ReportHome(Task):
    """Report to the home district that a guest has a receipt, or (`reason`) that the guest's registration ended, on a day."""

    KIND: ClassVar[str] = "tell_home"
    home_district: str
    member_id: UUID
    community_id: UUID
    on: date
    receipt_no: str | None = None
    reason: ClosureReason | None = None


class ReportToHost(Task):
    """Report to the host district that the unit acknowledged the receipt, or (`reason`) that the edge ended on a day."""

    KIND: ClassVar[str] = "tell_host"
    host_district: str
    crossing_id: UUID
    on: date | None = None
    reason: ClosureReason | None = None


def receipt_issued(event: Recorded, data: RegistrationReceiptIssued) -> Iterator[Intent]:
    """The receipt of a guest goes home."""
    if data.home_district is not None:
        report = ReportHome(
            home_district=data.home_district,
            member_id=data.member_id,
            community_id=data.community_id,
            on=local_day(event.time),
            receipt_no=data.receipt_no,
        )
        yield report.intent(f"tell-home/{event.id}", event.time)


def registration_closed(event: Recorded, data: RegistrationClosed) -> Iterator[Intent]:
    """So does the end of a guest's registration."""
    if data.home_district is not None:
        report = ReportHome(
            home_district=data.home_district,
            member_id=data.member_id,
            community_id=data.community_id,
            on=data.closed_on,
            reason=data.reason,
        )
        yield report.intent(f"tell-home/{event.id}", event.time)


def acknowledged(event: Recorded, data: AwayReceiptAcknowledged) -> Iterator[Intent]:
    """The host learns that the unit has seen the receipt."""
    report = ReportToHost(host_district=data.host_district, crossing_id=data.crossing_id)
    yield report.intent(f"tell-host/{event.id}", event.time)


def ended(event: Recorded, data: AwayRegistrationEnded) -> Iterator[Intent]:
    """The host learns that the edge ended at home."""
    report = ReportToHost(host_district=data.host_district, crossing_id=data.crossing_id, reason=data.reason, on=data.ended_on)
    yield report.intent(f"tell-host/{event.id}", event.time)


async def report_home(task: ReportHome, call: Call) -> None:
    """Write it into the home district's log."""
    async with call.read() as tx:
        crossing_id = await queries.crossing_of_guest(tx, call.district, task.member_id)
    if crossing_id is None:
        return
    home = replace(call, district=task.home_district)
    if task.reason is not None:
        await home.handle(CROSSING, crossing_id, EndAway(ended_on=task.on, reason=task.reason))
        return
    community = await call.state(ORGANISATION, task.community_id)
    name = community.name if isinstance(community, Established) else ""
    confirm = ConfirmAway(host_community=name, receipt_no=task.receipt_no or "", confirmed_on=task.on)
    await home.handle(CROSSING, crossing_id, confirm)


async def report_to_host(task: ReportToHost, call: Call) -> None:
    """Write it into the host district's log."""
    host = replace(call, district=task.host_district)
    async with host.read() as tx:
        active = await active_registrations(tx, host.district, guest_of(task.crossing_id))
    for registration_id in active:
        step = host.step(str(registration_id))
        if task.reason is not None and task.on is not None:
            await step.handle(REGISTRATION, registration_id, CloseRegistration(closed_on=task.on, reason=task.reason))
        else:
            await step.handle(REGISTRATION, registration_id, AcknowledgeReceipt())


REACTIONS: Final[Reactions] = {
    RegistrationReceiptIssued: receipt_issued,
    RegistrationClosed: registration_closed,
    AwayReceiptAcknowledged: acknowledged,
    AwayRegistrationEnded: ended,
}
PERFORMERS: Final[Performers] = {ReportHome: report_home, ReportToHost: report_to_host}
