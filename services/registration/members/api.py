"""What members do themselves: profile, contact details, consents, erasure.

Invariant: only the member in person; erasure also by the district.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import Field

from services.registration.access import require_self, require_self_or_district
from services.registration.inputs import Body, ConsentTextVersion
from services.registration.members.access import enrolled, require_known
from services.registration.members.consents import GiveConsent, WithdrawConsent
from services.registration.members.member import MEMBER, EraseMember
from services.registration.members.profile import ChangeContactDetails, UpdateProfile, Willingness
from services.registration.personal_fields import PHONE, Email
from services.registration.policy import allow
from services.registration.vault.access import vault_of
from shared.contracts.registration.codes import ConsentPurpose
from shared.http.endpoints import Call, CommandAnswer

router = APIRouter(tags=["members"])
Word = Annotated[str, Field(min_length=1, max_length=40)]


class ProfileBody(Body):
    """Self-declared; replaces what was declared before."""

    skills: Annotated[list[Word], Field(max_length=20)]
    preferences: Annotated[list[Word], Field(max_length=20)]
    willingness: Willingness = Willingness()


class ContactBody(Body):
    """Both replace what was there; null removes."""

    phone: Annotated[str, Field(pattern=f"^(?:{PHONE.pattern})$")] | None
    email: Email | None


class ConsentBody(Body):
    """A purpose and the version of the text that was shown."""

    purpose: ConsentPurpose
    text_version: ConsentTextVersion


@router.post("/members/{member_id}/profile")
async def update_profile(member_id: UUID, body: ProfileBody, call: Annotated[Call, Depends(allow("update_profile"))]) -> CommandAnswer:
    """Say what one can and would like to do."""
    require_self(call, member_id)
    await require_known(call, member_id)
    command = UpdateProfile(skills=tuple(body.skills), preferences=tuple(body.preferences), willingness=body.willingness)
    return await call.handle(MEMBER, member_id, command)


@router.post("/members/{member_id}/contact")
async def change_contact(member_id: UUID, body: ContactBody, call: Annotated[Call, Depends(allow("change_contact"))]) -> CommandAnswer:
    """Replace phone and e-mail."""
    require_self(call, member_id)
    await enrolled(call, member_id)
    ring = await vault_of(call).key_ring(call.district, [member_id])
    command = ChangeContactDetails(
        phone_sealed=ring.seal_optional(member_id, "phone", body.phone), email_sealed=ring.seal_optional(member_id, "email", body.email)
    )
    return await call.handle(MEMBER, member_id, command)


@router.post("/members/{member_id}/consents")
async def give_consent(member_id: UUID, body: ConsentBody, call: Annotated[Call, Depends(allow("give_consent"))]) -> CommandAnswer:
    """Agree to one purpose."""
    require_self(call, member_id)
    await require_known(call, member_id)
    return await call.handle(MEMBER, member_id, GiveConsent(purpose=body.purpose, text_version=body.text_version))


@router.post("/members/{member_id}/consents/{purpose}/withdrawal")
async def withdraw_consent(
    member_id: UUID, purpose: ConsentPurpose, call: Annotated[Call, Depends(allow("withdraw_consent"))]
) -> CommandAnswer:
    """Take consent back. Without consent to dual management the registration ends."""
    require_self(call, member_id)
    await require_known(call, member_id)
    return await call.handle(MEMBER, member_id, WithdrawConsent(purpose=purpose))


@router.post("/members/{member_id}/erasure")
async def erase_member(member_id: UUID, call: Annotated[Call, Depends(allow("erase_member"))]) -> CommandAnswer:
    """Make the member's personal data unreadable for ever: on the member's request, or when the district's retention says so."""
    require_self_or_district(call, member_id)
    await require_known(call, member_id)
    answer = await call.handle(MEMBER, member_id, EraseMember())
    await vault_of(call).destroy(call.district, member_id)
    return answer
