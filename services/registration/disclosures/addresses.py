"""Addresses for letters, asked for by the service that sends them.

Invariant: a member's address leaves only with consent to be written to, and every reading is recorded.
"""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from services.registration.members import queries as members
from services.registration.organisations import queries as organisations
from services.registration.policy import allow
from services.registration.vault.access import opened
from shared.contracts.registration.codes import ConsentPurpose, OrganisationKind
from shared.http.answers import NotFound
from shared.http.endpoints import Call

router = APIRouter(tags=["members"])


class Address(BaseModel):
    """Where a letter goes. Fields are null when there is nothing, or no consent to be written to."""

    kind: str
    id: UUID
    name: str | None
    email: str | None
    phone: str | None = None


@router.get("/addresses/{kind}/{recipient_id}")
async def read_address(
    kind: Literal["MEMBER", "UNIT", "COMMUNITY"],
    recipient_id: UUID,
    call: Annotated[Call, Depends(allow("read_address"))],
) -> Address:
    """Address of a recipient at sending time, for the service that sends letters."""
    if kind != "MEMBER":
        async with call.read() as tx:
            row = await organisations.organisation(tx, call.district, recipient_id)
        expected = OrganisationKind.WORK_UNIT if kind == "UNIT" else OrganisationKind.COMMUNITY
        if row is None or row["kind"] != expected:
            raise NotFound
        return Address(kind=kind, id=recipient_id, name=row["name"], email=row["contact_email"])
    async with call.read() as tx:
        row = await members.member(tx, call.district, recipient_id)
        purposes = {consent.purpose for consent in await members.consents(tx, call.district, recipient_id)}
    if row is None or row["is_erased"]:
        raise NotFound
    if ConsentPurpose.DIRECT_CONTACT not in purposes:
        return Address(kind=kind, id=recipient_id, name=None, email=None)
    ring = await opened(call, [recipient_id], "letter")
    return Address(
        kind=kind,
        id=recipient_id,
        name=ring.open(recipient_id, "name", row["name_sealed"]),
        email=ring.open(recipient_id, "email", row["email_sealed"]),
        phone=ring.open(recipient_id, "phone", row["phone_sealed"]),
    )
