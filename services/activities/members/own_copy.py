"""HTTP of the member's own copy: all that activities holds about the caller, for machines."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends

from services.activities.access import allow, member_id
from shared.http.endpoints import Call
from shared.privacy.own_copy import OwnCopy, own_copy

router = APIRouter()
_OWN: Final = "member_id = ANY($1)"
PLACES: Final = {
    **dict.fromkeys(("registrants", "post_claims", "team_members", "participants", "records", "checklist_items", "certificates"), _OWN),
    **dict.fromkeys(("suggestions", "matters", "needs", "complaints", "pairing_helpers", "contributions", "calendar_links"), _OWN),
    **dict.fromkeys(("bulletin_questions", "bulletin_agreements"), _OWN),
    "checklist_progress": "subject_id = ANY($1)",
    "household_groups": "leader_id = ANY($1)",
    "time_entries": "$1 && ARRAY[from_member_id, to_member_id]",
}


@router.get("/me/copy")
async def my_copy(call: Annotated[Call, Depends(allow("see_own"))]) -> OwnCopy:
    """Everything activities holds about the caller."""
    return await own_copy(call, "activities", [member_id(call.principal)], PLACES)
