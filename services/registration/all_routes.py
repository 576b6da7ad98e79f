"""What registration offers over HTTP, one module per thing people deal with."""

from fastapi import APIRouter

from services.registration.accounts import api as accounts
from services.registration.certificates import api as certificates
from services.registration.certificates import checks as certificate_checks
from services.registration.communities import api as communities
from services.registration.corrections import api as corrections
from services.registration.crossings import api as crossings
from services.registration.delegations import api as delegations
from services.registration.liaison import api as liaison
from services.registration.member_categories import api as member_categories
from services.registration.members import api as members
from services.registration.members import paper_names
from services.registration.offices import api as offices
from services.registration.organisations import api as organisations
from services.registration.programmes import api as programmes
from services.registration.registers import api as lists
from services.registration.registrations import api as registrations
from services.registration.registrations import desk
from services.registration.registrations import papers as printing
from services.registration.registrations import transfer_requests as transfers
from services.registration.rosters import api as rosters
from services.registration.rosters import entries as roster_entries
from services.registration.stories import api as stories

papers = (certificates, certificate_checks, printing, paper_names)
reporting = (registrations, desk, transfers, crossings, liaison)
people = (roster_entries, rosters, lists, members, accounts, corrections, stories)
offering = (organisations, communities, member_categories, offices, delegations, programmes)
PARTS = (*offering, *people, *papers, *reporting)
router = APIRouter(routes=[route for part in PARTS for route in part.router.routes])  # one list: routers within routers match a path anew
