"""HTTP of activities: one module per screen of the work, one router."""

from fastapi import APIRouter

from services.activities.api import activities, calendar, community, members, posts, records, series, teams

router = APIRouter()
for part in (posts, teams, activities, series, calendar, records, members, community):
    router.include_router(part.router)
