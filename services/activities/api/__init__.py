"""HTTP of activities: one module per screen of the work, one router."""

from fastapi import APIRouter

from services.activities.api import (
    activities,
    calendar,
    certificates,
    checklists,
    community,
    exports,
    members,
    posts,
    records,
    series,
    teams,
)

router = APIRouter()
for part in (posts, teams, activities, series, calendar, records, certificates, exports, checklists, members, community):
    router.include_router(part.router)
