"""HTTP of activities: one module per screen of the work, one router."""

from fastapi import APIRouter

from services.activities.api import activities, calendar, checklists, community, members, posts, records, series, teams

router = APIRouter()
for part in (posts, teams, activities, series, calendar, records, checklists, members, community):
    router.include_router(part.router)
