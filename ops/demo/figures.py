"""The demo's figures, with the keys of `./guangcai demo --json`: queried from the services or counted in their logs."""

from typing import Any

from ops.demo.chapters.notices import READ_ON
from ops.demo.history import History
from ops.demo.make_roster import GROUP_NAMES
from ops.demo.world import World, at

GRADES = ("EXCELLENT", "GOOD", "QUALIFIED", "NEEDS_IMPROVEMENT", "NOT_RATED")


async def gather(world: World, history: History) -> dict[str, Any]:
    """All figures except the proofs and the time taken."""
    registrants = await world.registration.get("/reports/registrants", by=world.admin, at=at(READ_ON, 14))
    grades = await world.evaluation.get(f"/periods/{world.period_id}/grades", by=world.admin, at=at(READ_ON, 14))
    counts = await world.notifications.get("/notices/counts", by=world.admin, at=at(READ_ON, 14))
    world.told["registrants"] = registrants
    world.told["letters"] = counts
    suggestions = await world.activities.get("/reports/team-suggestions", by=world.admin, at=at(READ_ON, 14))
    world.told["team_suggestions"] = suggestions["items"]
    names = history.names
    return {
        "registrants": {
            "total": registrants["total"],
            "by_community": {each["name"]: each["count"] for each in registrants["by_community"]},
            "by_occupation": {GROUP_NAMES[each["occupation_group"]]: each["count"] for each in registrants["by_occupation"]},
        },
        "posts": {
            "established": names["PostEstablished"],
            "claimed": names["PostClaimed"],
            "waitlisted": names["PostClaimWaitlisted"],
            "refused": names["PostClaimRejected"],
        },
        "activities": {
            "confirmed": names["ActivityConfirmed"],
            "declined": names["ActivityDeclined"],
            "corrected": names["ActivityCorrected"],
        },
        "statements": {
            "published": names["ScoreStatementPublished"],
            "restated": names["ScoreStatementRestated"],
            "by_grade": {grade: grades["by_grade"].get(grade, 0) for grade in GRADES},
        },
        "example_statement": world.told["statement"],
        "notices": dict(sorted(counts["by_kind"].items())),
        "log": history.log(),
    }
