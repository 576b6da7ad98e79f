"""What registration offers over HTTP, one module per thing people deal with."""

from fastapi import APIRouter

from services.registration.api import certificates, lists, members, organisations, registrations, roster_entries, rosters, transfers

router = APIRouter()
for module in (organisations, rosters, roster_entries, certificates, registrations, transfers, lists, members):
    router.include_router(module.router)
