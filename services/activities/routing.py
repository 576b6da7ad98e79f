"""HTTP of activities: one module per screen of the work, one router."""

from fastapi import APIRouter

from services.activities.calendar import api as calendar
from services.activities.calendar import sign_in
from services.activities.exports import api as exports
from services.activities.exports import mapping
from services.activities.gatherings import api as activities
from services.activities.matching import api as matching
from services.activities.members import api as members
from services.activities.members import own_copy
from services.activities.records import api as records
from services.activities.records import correction_requests
from services.activities.series import api as series
from services.activities.series import rotas
from services.activities.starting_kit import api as starting_kit

PARTS = (
    *(activities, sign_in, series, starting_kit, rotas, calendar, records, correction_requests),
    *(members, own_copy, mapping, matching, exports),
)
router = APIRouter(routes=[route for part in PARTS for route in part.router.routes])  # one list: routers within routers match a path anew
