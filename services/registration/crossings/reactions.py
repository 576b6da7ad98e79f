"""What one district tells another about the one edge they share: receipts and endings go home, acknowledgements and endings go to the host.

Invariant: told by reactions only, so that nothing is lost; told twice it changes nothing, so that the two never answer each other for ever.
"""

from dataclasses import replace
from datetime import date
from uuid import UUID

from services.registration.crossings import queries
from services.registration.crossings.crossing import CROSSING, ConfirmAway, EndAway, guest_of
from services.registration.days import day_of
from services.registration.organisations.organisation import ORGANISATION
from services.registration.organisations.state import Established
from services.registration.registrations.queries import active_registrations
from services.registration.registrations.registration import REGISTRATION
from services.registration.registrations.terms import AcknowledgeReceipt, CloseRegistration
from shared.contracts.registration import ClosureReason, RegistrationClosed, RegistrationReceiptIssued
from shared.contracts.registration_crossings import AwayReceiptAcknowledged, AwayRegistrationEnded
from shared.eventlog.envelope import Recorded
from shared.eventlog.intents import Intent
from shared.web import Call


def told_home(event: Recorded, fact: RegistrationReceiptIssued | RegistrationClosed) -> Intent:
    """The host's receipt, or the end of the guest's registration."""
    payload = {"home_district": str(fact.home_district), "member_id": str(fact.member_id), "community_id": str(fact.community_id)}
    match fact:
        case RegistrationReceiptIssued():
            payload |= {"receipt_no": fact.receipt_no, "on": day_of(event.time).isoformat()}
        case RegistrationClosed():
            payload |= {"reason": fact.reason.value, "on": fact.closed_on.isoformat()}
    return Intent(f"tell-home/{event.id}", "tell_home", payload, event.time)


def told_host(event: Recorded, fact: AwayReceiptAcknowledged | AwayRegistrationEnded) -> Intent:
    """The unit's acknowledgement, or the end as the home district sees it."""
    payload = {"host_district": fact.host_district, "crossing_id": str(fact.crossing_id)}
    if isinstance(fact, AwayRegistrationEnded):
        payload |= {"reason": fact.reason.value, "on": fact.ended_on.isoformat()}
    return Intent(f"tell-host/{event.id}", "tell_host", payload, event.time)


async def tell_home(intent: Intent, call: Call) -> None:
    """Perform `told_home`, in the home district's log."""
    told = intent.payload
    async with call.read() as tx:
        crossing_id = await queries.crossing_of_guest(tx, call.district, UUID(told["member_id"]))
    if crossing_id is None:
        return
    home, day = replace(call, district=told["home_district"]), date.fromisoformat(told["on"])
    if "reason" in told:
        await home.handle(CROSSING, crossing_id, EndAway(ended_on=day, reason=ClosureReason(told["reason"])))
        return
    community = await call.state(ORGANISATION, UUID(told["community_id"]))
    name = community.name if isinstance(community, Established) else ""
    await home.handle(CROSSING, crossing_id, ConfirmAway(host_community=name, receipt_no=told["receipt_no"], confirmed_on=day))


async def tell_host(intent: Intent, call: Call) -> None:
    """Perform `told_host`, in the host district's log."""
    told = intent.payload
    host, guest = replace(call, district=told["host_district"]), guest_of(UUID(told["crossing_id"]))
    async with host.read() as tx:
        active = await active_registrations(tx, host.district, guest)
    for registration_id in active:
        step = host.step(str(registration_id))
        if "reason" in told:
            closed = CloseRegistration(closed_on=date.fromisoformat(told["on"]), reason=ClosureReason(told["reason"]))
            await step.handle(REGISTRATION, registration_id, closed)
        else:
            await step.handle(REGISTRATION, registration_id, AcknowledgeReceipt())


async def end_away_of(member_id: UUID, call: Call) -> None:
    """A member who leaves leaves everywhere."""
    async with call.read() as tx:
        live = await queries.live_of(tx, call.district, member_id)
    for crossing_id in live:
        command = EndAway(ended_on=day_of(call.now), reason=ClosureReason.WITHDRAWN)
        await call.step(str(crossing_id)).handle(CROSSING, crossing_id, command)
