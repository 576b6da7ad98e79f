"""When a record is corrected or voided, the certificates that list it are superseded."""

from collections.abc import Iterator
from typing import ClassVar, Final
from uuid import UUID

from services.activities.certificates import queries
from services.activities.certificates.certificate import CERTIFICATE, SupersedeCertificate
from shared.contracts.activities.records import ActivityCorrected, ActivityVoided
from shared.eventlog.envelope import Recorded
from shared.eventlog.intents import Intent
from shared.feature import Performers, Reactions, Task
from shared.http.endpoints import Call


class SupersedeCertificates(Task):
    """Supersede all certificates in force that list this record of the member; `event_id` is what changed it."""

    KIND: ClassVar[str] = "supersede_certificates"

    member_id: UUID
    record_id: UUID
    event_id: UUID


def changed(event: Recorded, data: ActivityCorrected | ActivityVoided) -> Iterator[Intent]:
    """One intent per change of a record."""
    task = SupersedeCertificates(member_id=data.member_id, record_id=data.record_id, event_id=event.id)
    yield task.intent(f"supersede_certificates/{event.id}", event.time)


async def supersede_certificates(task: SupersedeCertificates, call: Call) -> None:
    """One that was revoked meanwhile is left alone by the aggregate."""
    async with call.read() as tx:
        found = await queries.certifying(tx, call.district, task.member_id, task.record_id)
    command = SupersedeCertificate(record_id=task.record_id, caused_by_event_id=task.event_id)
    for certificate_id in found:
        await call.step(str(certificate_id)).handle(CERTIFICATE, certificate_id, command)


REACTIONS: Final[Reactions] = {ActivityCorrected: changed, ActivityVoided: changed}
PERFORMERS: Final[Performers] = {SupersedeCertificates: supersede_certificates}
