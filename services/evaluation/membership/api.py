"""A member's own copy of everything that evaluation holds about them (G4)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.evaluation.access import allow
from services.evaluation.membership.access import entries_of
from shared.http.endpoints import Call
from shared.privacy.own_copy import OwnCopy, own_copy

router = APIRouter(tags=["statements"])


@router.get("/me/copy")
async def read_own_copy(call: Annotated[Call, Depends(allow("read_own"))]) -> OwnCopy:
    """Everything evaluation holds about the caller; of residents' ratings only what statements say of all of them together."""
    return await own_copy(call, await entries_of(call, UUID(call.principal.subject)))
