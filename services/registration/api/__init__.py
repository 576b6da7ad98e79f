"""What registration offers over HTTP, one module per thing people deal with."""

from fastapi import APIRouter

from services.registration.api import (
    certificate_checks,
    certificates,
    corrections,
    desk,
    lists,
    members,
    organisations,
    printing,
    registrations,
    roster_entries,
    rosters,
    transfers,
)

router = APIRouter()
papers = (certificates, certificate_checks, printing)
reporting = (registrations, desk, transfers)
people = (roster_entries, rosters, lists, members, corrections)
for module in (organisations, *people, *papers, *reporting):
    router.include_router(module.router)
