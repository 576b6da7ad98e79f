"""Events about members → the member directory and consents; personal fields stay sealed and are dropped on erasure."""

from collections.abc import Iterator
from typing import Any, Final

from shared.contracts.registration.changes import (
    CorrectableField,
    CorrectionAgreed,
    MemberContactLost,
    MemberContactRestored,
    MemberIdentitiesMerged,
    OccupationGroupChanged,
    PoliticalStatusChanged,
    ResidenceCommunityChanged,
    RetentionApplied,
)
from shared.contracts.registration.members import (
    ConsentGiven,
    ConsentWithdrawn,
    ContactDetailsChanged,
    MemberEnrolled,
    MemberProfileUpdated,
    PersonalDataErased,
    WorkUnitChanged,
)
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import change, delete, fields, save

CORRECTED: Final = {
    CorrectableField.NAME: "name_sealed",
    CorrectableField.CITIZEN_NUMBER: "citizen_number_sealed",
    CorrectableField.PHONE: "phone_sealed",
    CorrectableField.EMAIL: "email_sealed",
}
PERSONAL: Final = ("name_sealed", "citizen_number_sealed", "phone_sealed", "email_sealed")
NOTHING_DECLARED: Final[dict[str, Any]] = {"skills": [], "preferences": [], "willingness": {}}


def enrolled(event: Recorded, data: MemberEnrolled) -> Iterator[Write]:
    """A new entry, with nothing declared yet."""
    who = fields(data, "member_no", "unit_id", "occupation_group", "political_status", "residence_community_id", *PERSONAL)
    yield save("member_directory", fields(data, "member_id"), who | NOTHING_DECLARED | {"is_erased": False, "enrolled_at": event.time})


def contact_changed(_event: Recorded, data: ContactDetailsChanged) -> Iterator[Write]:
    """Another phone and e-mail."""
    yield _change(data, "phone_sealed", "email_sealed")


def unit_changed(_event: Recorded, data: WorkUnitChanged) -> Iterator[Write]:
    """Another work unit, with its occupation group."""
    yield _change(data, "unit_id", "occupation_group")


def profile_updated(_event: Recorded, data: MemberProfileUpdated) -> Iterator[Write]:
    """What the member offers."""
    willingness = data.willingness.model_dump(mode="json")
    yield change("member_directory", fields(data, "member_id"), fields(data, "skills", "preferences") | {"willingness": willingness})


def political_status_changed(_event: Recorded, data: PoliticalStatusChanged) -> Iterator[Write]:
    """A full member, or corrected."""
    yield _change(data, "political_status")


def occupation_group_changed(_event: Recorded, data: OccupationGroupChanged) -> Iterator[Write]:
    """Corrected."""
    yield _change(data, "occupation_group")


def residence_changed(_event: Recorded, data: ResidenceCommunityChanged) -> Iterator[Write]:
    """Corrected."""
    yield _change(data, "residence_community_id")


def corrected(_event: Recorded, data: CorrectionAgreed) -> Iterator[Write]:
    """A personal field takes the value that the unit agreed to; for the others an event of their own follows."""
    if data.value_sealed and data.field in CORRECTED:
        yield change("member_directory", fields(data, "member_id"), {CORRECTED[data.field]: data.value_sealed})


def contact_lost(_event: Recorded, data: MemberContactLost) -> Iterator[Write]:
    """Since when nobody reaches the member."""
    yield _change(data, "lost_on")


def contact_restored(_event: Recorded, data: MemberContactRestored) -> Iterator[Write]:
    """Reached again."""
    yield change("member_directory", fields(data, "member_id"), {"lost_on": None})


def merged(_event: Recorded, data: MemberIdentitiesMerged) -> Iterator[Write]:
    """The entry leads to the one that stays."""
    yield change("member_directory", fields(data, "member_id"), {"merged_into": data.into_member_id})


def retention_applied(_event: Recorded, data: RetentionApplied) -> Iterator[Write]:
    """The citizen number goes."""
    yield change("member_directory", fields(data, "member_id"), {"citizen_number_sealed": None})


def erased(_event: Recorded, data: PersonalDataErased) -> Iterator[Write]:
    """Nothing of the person stays but the pseudonymous entry."""
    yield change("member_directory", fields(data, "member_id"), dict.fromkeys(PERSONAL) | NOTHING_DECLARED | {"is_erased": True})
    yield delete("consents", fields(data, "member_id"))


def consent_given(event: Recorded, data: ConsentGiven) -> Iterator[Write]:
    """One more consent, or another version of its text."""
    yield save("consents", fields(data, "member_id", "purpose"), fields(data, "text_version") | {"given_at": event.time})


def consent_withdrawn(_event: Recorded, data: ConsentWithdrawn) -> Iterator[Write]:
    """One consent less."""
    yield delete("consents", fields(data, "member_id", "purpose"))


def _change(data: object, *columns: str) -> Write:
    return change("member_directory", fields(data, "member_id"), fields(data, *columns))


PROJECTIONS: Final[Projections] = {
    MemberEnrolled: enrolled,
    ContactDetailsChanged: contact_changed,
    WorkUnitChanged: unit_changed,
    MemberProfileUpdated: profile_updated,
    PoliticalStatusChanged: political_status_changed,
    OccupationGroupChanged: occupation_group_changed,
    ResidenceCommunityChanged: residence_changed,
    CorrectionAgreed: corrected,
    MemberContactLost: contact_lost,
    MemberContactRestored: contact_restored,
    MemberIdentitiesMerged: merged,
    RetentionApplied: retention_applied,
    PersonalDataErased: erased,
    ConsentGiven: consent_given,
    ConsentWithdrawn: consent_withdrawn,
}
