"""HTTP of the member's own copy: all that activities holds about the caller, for machines."""

from typing import Annotated

from fastapi import APIRouter, Depends

from services.activities.access import allow, member_id
from shared.http.endpoints import Call
from shared.privacy.own_copy import OwnCopy, own_copy

router = APIRouter()


@router.get("/me/copy")
async def my_copy(call: Annotated[Call, Depends(allow("see_own"))]) -> OwnCopy:
    """Everything activities holds about the caller."""
    return await own_copy(call, [member_id(call.principal)])
