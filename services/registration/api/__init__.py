"""What registration offers over HTTP, one module per thing people deal with."""

from fastapi import APIRouter

from services.registration.api import (
    accounts,
    certificate_checks,
    certificates,
    communities,
    corrections,
    crossings,
    delegations,
    desk,
    liaison,
    lists,
    member_categories,
    members,
    offices,
    organisations,
    paper_names,
    printing,
    programmes,
    registrations,
    roster_entries,
    rosters,
    stories,
    transfers,
)

papers = (certificates, certificate_checks, printing, paper_names)
reporting = (registrations, desk, transfers, crossings, liaison)
people = (roster_entries, rosters, lists, members, accounts, corrections, stories)
offering = (organisations, communities, member_categories, offices, delegations, programmes)
PARTS = (*offering, *people, *papers, *reporting)
router = APIRouter(routes=[route for part in PARTS for route in part.router.routes])  # one list: routers within routers match a path anew
