"""What registration offers over HTTP, one module per thing people deal with."""

from fastapi import APIRouter

from services.registration.api import certificates, lists, members, organisations, registrations, rosters

router = APIRouter()
for module in (organisations, rosters, certificates, registrations, lists, members):
    router.include_router(module.router)
