"""The reference of the http benchmark: FastAPI validates path and body of the same request and answers."""

from uuid import UUID

from fastapi import FastAPI

from services.activities.records.confirming import RosterDecision

app = FastAPI()


@app.post("/activities/{activity_id}/confirm")
async def confirm(activity_id: UUID, body: RosterDecision) -> RosterDecision:
    """Return the body."""
    del activity_id
    return body
