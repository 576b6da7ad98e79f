"""The least that FastAPI can do with the same request: check the path and the body, and answer."""

from uuid import UUID

from fastapi import FastAPI

from services.activities.records.confirming import RosterDecision

app = FastAPI()


@app.post("/activities/{activity_id}/confirm")
async def confirm(activity_id: UUID, body: RosterDecision) -> RosterDecision:
    """Give back what came."""
    del activity_id
    return body
