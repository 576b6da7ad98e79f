"""Own events → the screens of registration: organisations, member directory, consents, certificates, registrations.

Invariant: only what the event says, in its order; personal fields stay sealed and are dropped on erasure. Applying one by one or in batches
gives the same rows: neighbouring events of one kind only share a round trip.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Final

import asyncpg

from services.registration.accounts.projections import of_account
from services.registration.crossings.projections import of_crossing
from services.registration.liaison.projections import of_liaison
from services.registration.organisations.projections import Change, of_organisation
from services.registration.stories.projections import STORIES_FORGOTTEN, of_story
from shared.contracts import registration as e
from shared.contracts import registration_changes as c
from shared.eventlog.envelope import Recorded

MEMBER_ENROLLED: Final = """
insert into member_directory (district, member_id, member_no, unit_id, occupation_group, political_status, residence_community_id,
    name_sealed, citizen_number_sealed, phone_sealed, email_sealed, skills, preferences, willingness, is_erased, enrolled_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '{}', '{}', '{}', false, $12)
"""
CONTACT_CHANGED: Final = "update member_directory set phone_sealed = $3, email_sealed = $4 where district = $1 and member_id = $2"
UNIT_CHANGED: Final = "update member_directory set unit_id = $3, occupation_group = $4 where district = $1 and member_id = $2"
PROFILE_UPDATED: Final = """
update member_directory set skills = $3, preferences = $4, willingness = $5 where district = $1 and member_id = $2
"""
CONSENT_GIVEN: Final = """
insert into consents (district, member_id, purpose, text_version, given_at) values ($1, $2, $3, $4, $5)
on conflict (district, member_id, purpose) do update set text_version = excluded.text_version, given_at = excluded.given_at
"""
CONSENT_WITHDRAWN: Final = "delete from consents where district = $1 and member_id = $2 and purpose = $3"
CONSENTS_ENDED: Final = "delete from consents where district = $1 and member_id = $2"
MEMBER_ERASED: Final = """
update member_directory set name_sealed = null, citizen_number_sealed = null, phone_sealed = null,
    email_sealed = null, skills = '{}', preferences = '{}', willingness = '{}', is_erased = true
where district = $1 and member_id = $2
"""
CERTIFICATE_ISSUED: Final = """
insert into certificates (district, certificate_id, certificate_no, member_id, unit_id, community_id, status, issued_at)
values ($1, $2, $3, $4, $5, $6, 'ISSUED', $7)
"""
CERTIFICATE_STATUS: Final = "update certificates set status = $3 where district = $1 and certificate_id = $2"
MEMBER_REGISTERED: Final = """
insert into registrations (district, registration_id, member_id, certificate_id, certificate_no, unit_id, community_id, occupation_group,
    political_status, status, reported_on, receipt_acknowledged)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'PENDING', $10, false)
on conflict (district, registration_id) do update set status = 'PENDING', reported_on = excluded.reported_on, reason = null,
    occupation_group = excluded.occupation_group, political_status = excluded.political_status
"""
REGISTRATION_STATUS: Final = "update registrations set status = $3, reason = $4 where district = $1 and registration_id = $2"
RECEIPT_ISSUED: Final = "update registrations set receipt_no = $3, receipt_issued_at = $4 where district = $1 and registration_id = $2"
RECEIPT_ACKNOWLEDGED: Final = "update registrations set receipt_acknowledged = true where district = $1 and registration_id = $2"
REGISTRATION_RENEWED: Final = "update registrations set renewed_on = $3 where district = $1 and registration_id = $2"
REGISTRATION_CLOSED: Final = """
update registrations set status = 'CLOSED', closed_on = $3, reason = $4 where district = $1 and registration_id = $2
"""
TRANSFER_TO: Final = "update registrations set transfer_to = $3 where district = $1 and registration_id = $2"
TRANSFERRED: Final = "update registrations set transfer_to = null, transferred_to = $3 where district = $1 and registration_id = $2"
REGISTRATION_UNIT: Final = "update registrations set unit_id = $3 where district = $1 and registration_id = $2"
MEMBER_LOST: Final = "update member_directory set lost_on = $3 where district = $1 and member_id = $2"
MEMBER_MERGED: Final = "update member_directory set merged_into = $3 where district = $1 and member_id = $2"
CORRECTION_REQUESTED: Final = """
insert into corrections (district, member_id, field, value_sealed, status, requested_at) values ($1, $2, $3, $4, 'REQUESTED', $5)
on conflict (district, member_id, field) do update set value_sealed = excluded.value_sealed, status = 'REQUESTED',
    requested_at = excluded.requested_at, reason = null
"""
CORRECTION_ANSWERED: Final = """
update corrections set status = $4, reason = $5, value_sealed = null where district = $1 and member_id = $2 and field = $3
"""
CORRECTIONS_FORGOTTEN: Final = "delete from corrections where district = $1 and member_id = $2"
CORRECTED: Final[Mapping[c.CorrectableField, str]] = {
    c.CorrectableField.NAME: "update member_directory set name_sealed = $3 where district = $1 and member_id = $2",
    c.CorrectableField.CITIZEN_NUMBER: "update member_directory set citizen_number_sealed = $3 where district = $1 and member_id = $2",
    c.CorrectableField.PHONE: "update member_directory set phone_sealed = $3 where district = $1 and member_id = $2",
    c.CorrectableField.EMAIL: "update member_directory set email_sealed = $3 where district = $1 and member_id = $2",
}
POLITICAL_STATUS: Final = "update member_directory set political_status = $3 where district = $1 and member_id = $2"
OCCUPATION_GROUP: Final = "update member_directory set occupation_group = $3 where district = $1 and member_id = $2"
RESIDENCE: Final = "update member_directory set residence_community_id = $3 where district = $1 and member_id = $2"
NUMBER_GIVEN_UP: Final = "update member_directory set citizen_number_sealed = null where district = $1 and member_id = $2"


async def project(tx: asyncpg.Connection, batch: Sequence[Recorded]) -> None:
    """Apply a batch: one (service, district), in order."""
    changes = [change for event in batch for change in changes_of(event)]
    for statement, group in groupby(changes, key=itemgetter(0)):
        await tx.executemany(statement, [values for _, values in group])


def changes_of(event: Recorded) -> tuple[Change, ...]:
    """Statements and values that follow from one event; none for what these screens do not show."""
    changes = (
        _of_member(event)
        or _of_registration(event)
        or _of_paper(event)
        or _of_change(event)
        or of_organisation(event)
        or of_crossing(event)
        or of_account(event)
        or of_story(event)
        or of_liaison(event)
    )
    return tuple((statement, (event.district, *values)) for statement, values in changes)


def _of_member(event: Recorded) -> tuple[Change, ...]:
    match event.data:
        case e.MemberEnrolled() as fact:
            sealed = (fact.name_sealed, fact.citizen_number_sealed, fact.phone_sealed, fact.email_sealed)
            who = (fact.member_id, fact.member_no, fact.unit_id, fact.occupation_group, fact.political_status, fact.residence_community_id)
            return ((MEMBER_ENROLLED, (*who, *sealed, event.time)),)
        case e.ContactDetailsChanged() as fact:
            return ((CONTACT_CHANGED, (fact.member_id, fact.phone_sealed, fact.email_sealed)),)
        case e.WorkUnitChanged() as fact:
            return ((UNIT_CHANGED, (fact.member_id, fact.unit_id, fact.occupation_group)),)
        case e.MemberProfileUpdated() as fact:
            return ((PROFILE_UPDATED, (fact.member_id, fact.skills, fact.preferences, fact.willingness.model_dump(mode="json"))),)
        case e.ConsentGiven() as fact:
            return ((CONSENT_GIVEN, (fact.member_id, fact.purpose, fact.text_version, event.time)),)
        case e.ConsentWithdrawn() as fact:
            return ((CONSENT_WITHDRAWN, (fact.member_id, fact.purpose)),)
        case e.PersonalDataErased() as fact:
            forgotten = (MEMBER_ERASED, CONSENTS_ENDED, CORRECTIONS_FORGOTTEN, STORIES_FORGOTTEN)
            return tuple((statement, (fact.member_id,)) for statement in forgotten)
        case _:
            return ()


def _of_registration(event: Recorded) -> tuple[Change, ...]:
    match event.data:
        case e.MemberRegistered() as fact:
            ties = (fact.registration_id, fact.member_id, fact.certificate_id, fact.certificate_no, fact.unit_id, fact.community_id)
            used = (CERTIFICATE_STATUS, (fact.certificate_id, "USED"))
            return ((MEMBER_REGISTERED, (*ties, fact.occupation_group, fact.political_status, fact.reported_on)), used)
        case e.RegistrationConfirmed() | e.RegistrationResumed() as fact:
            return ((REGISTRATION_STATUS, (fact.registration_id, "CONFIRMED", None)),)
        case e.RegistrationReturned() as fact:
            free = (CERTIFICATE_STATUS, (fact.certificate_id, "ISSUED"))
            return ((REGISTRATION_STATUS, (fact.registration_id, "RETURNED", fact.reason)), free)
        case e.RegistrationSuspended() as fact:
            return ((REGISTRATION_STATUS, (fact.registration_id, "SUSPENDED", fact.reason)),)
        case e.RegistrationReceiptIssued() as fact:
            return ((RECEIPT_ISSUED, (fact.registration_id, fact.receipt_no, event.time)),)
        case e.RegistrationReceiptAcknowledged() as fact:
            return ((RECEIPT_ACKNOWLEDGED, (fact.registration_id,)),)
        case e.RegistrationRenewed() as fact:
            return ((REGISTRATION_RENEWED, (fact.registration_id, fact.renewed_on)),)
        case e.RegistrationClosed() as fact:
            used = (CERTIFICATE_STATUS, (fact.certificate_id, "USED"))
            return ((REGISTRATION_CLOSED, (fact.registration_id, fact.closed_on, fact.reason)), used)
        case _:
            return ()


def _of_paper(event: Recorded) -> tuple[Change, ...]:
    match event.data:
        case e.LiaisonCertificateIssued() as fact:
            ties = (fact.certificate_id, fact.certificate_no, fact.member_id, fact.unit_id, fact.community_id)
            return ((CERTIFICATE_ISSUED, (*ties, event.time)),)
        case e.LiaisonCertificateRevoked() as fact:
            return ((CERTIFICATE_STATUS, (fact.certificate_id, "REVOKED")),)
        case _:
            return ()


def _of_change(event: Recorded) -> tuple[Change, ...]:
    match event.data:
        case c.RegistrationTransferRequested() as fact:
            return ((TRANSFER_TO, (fact.registration_id, fact.to_community_id)),)
        case c.RegistrationTransferDeclined() as fact:
            return ((TRANSFER_TO, (fact.registration_id, None)),)
        case c.RegistrationTransferred() as fact:
            return ((TRANSFERRED, (fact.registration_id, fact.new_registration_id)),)
        case c.RegistrationUnitChanged() as fact:
            return ((REGISTRATION_UNIT, (fact.registration_id, fact.unit_id)),)
        case c.MemberContactLost() as fact:
            return ((MEMBER_LOST, (fact.member_id, fact.lost_on)),)
        case c.MemberContactRestored() as fact:
            return ((MEMBER_LOST, (fact.member_id, None)),)
        case c.MemberIdentitiesMerged() as fact:
            return ((MEMBER_MERGED, (fact.member_id, fact.into_member_id)), (STORIES_FORGOTTEN, (fact.member_id,)))
        case _:
            return _of_correction(event)


def _of_correction(event: Recorded) -> tuple[Change, ...]:
    match event.data:
        case c.CorrectionRequested() as fact:
            return ((CORRECTION_REQUESTED, (fact.member_id, fact.field, fact.value_sealed, event.time)),)
        case c.CorrectionAgreed() as fact:
            answered = (CORRECTION_ANSWERED, (fact.member_id, fact.field, "AGREED", None))
            return (answered, (CORRECTED[fact.field], (fact.member_id, fact.value_sealed))) if fact.value_sealed else (answered,)
        case c.CorrectionDeclined() as fact:
            return ((CORRECTION_ANSWERED, (fact.member_id, fact.field, "DECLINED", fact.reason)),)
        case c.PoliticalStatusChanged() as fact:
            return ((POLITICAL_STATUS, (fact.member_id, fact.political_status)),)
        case c.OccupationGroupChanged() as fact:
            return ((OCCUPATION_GROUP, (fact.member_id, fact.occupation_group)),)
        case c.ResidenceCommunityChanged() as fact:
            return ((RESIDENCE, (fact.member_id, fact.residence_community_id)),)
        case c.RetentionApplied() as fact:
            return ((NUMBER_GIVEN_UP, (fact.member_id,)),)
        case _:
            return ()
