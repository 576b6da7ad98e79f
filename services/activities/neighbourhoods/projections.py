"""Modules of the district, help pairings, responsibility areas and household groups."""

from services.activities.writes import Write, Writes, add, change, delete, fields, save
from shared.contracts import activities as own
from shared.eventlog.envelope import Recorded

PAIRING_COLUMNS = (
    *("community_id", "recipient_type", "goal", "file_no", "need_id", "helpers_wanted", "is_with_minors"),
    *("term_start", "term_end", "review_by"),
)
AREA_COLUMNS = ("community_id", "size", "name", "parent_id", "homes")


def module(event: Recorded) -> Writes:
    """On or off, with the rules."""
    match data := event.data:
        case own.ModuleSwitchedOn():
            rules = [each.model_dump(mode="json") for each in data.rules]
            stated = {"is_on": True, "rules": rules, **fields(data, "minutes_expire_after_months")}
            return (save(event, "modules", fields(data, "module"), stated),)
        case own.ModuleSwitchedOff():
            return (change(event, "modules", fields(data, "module"), {"is_on": False}),)
        case _:
            return ()


def pairing(event: Recorded) -> Writes:
    """A pairing and its helpers."""
    match data := event.data:
        case own.HelpPairingOffered():
            start = {"has_consent": False, "visits": 0, "status": "OFFERED"}
            return (save(event, "pairings", fields(data, "pairing_id"), {**fields(data, *PAIRING_COLUMNS), **start}),)
        case own.HelpPairingJoined():
            return (save(event, "pairing_helpers", fields(data, "pairing_id", "member_id"), {}),)
        case own.HelpPairingLeft():
            return (delete(event, "pairing_helpers", fields(data, "pairing_id", "member_id")),)
        case own.ParentalConsentStated():
            return (_pairing(event, data, has_consent=data.is_given),)
        case own.HelpPairingStarted():
            return (_pairing(event, data, status="RUNNING", reason=None),)
        case own.HelpPairingPaused():
            return (_pairing(event, data, status="PAUSED", reason=data.cause),)
        case own.HelpPairingVisited():
            visited = _pairing(event, data, last_visit_on=data.visited_on)
            return (visited, add(event, "pairings", fields(data, "pairing_id"), {"visits": 1}))
        case own.HelpPairingReviewed():
            return (_pairing(event, data, progress=data.progress, review_by=data.review_by),)
        case own.HelpPairingEnded():
            return (_pairing(event, data, status="ENDED", reason=data.reason),)
        case _:
            return ()


def _pairing(event: Recorded, data: object, **values: object) -> Write:
    return change(event, "pairings", fields(data, "pairing_id"), values)


def area(event: Recorded) -> Writes:
    """Responsibility areas."""
    match data := event.data:
        case own.ResponsibilityAreaDrawn() | own.ResponsibilityAreaRedrawn():
            return (save(event, "areas", fields(data, "area_id"), {**fields(data, *AREA_COLUMNS), "is_closed": False}),)
        case own.ResponsibilityAreaClosed():
            return (change(event, "areas", fields(data, "area_id"), {"is_closed": True}),)
        case _:
            return ()


def household_group(event: Recorded) -> Writes:
    """Household groups."""
    match data := event.data:
        case own.HouseholdGroupFormed():
            facts = {**fields(data, "community_id", "name", "homes", "area_id"), "is_led": False, "is_dissolved": False}
            return (save(event, "household_groups", fields(data, "group_id"), facts),)
        case own.HouseholdGroupCounted():
            return (change(event, "household_groups", fields(data, "group_id"), fields(data, "homes")),)
        case own.HouseholdGroupLed():
            return (change(event, "household_groups", fields(data, "group_id"), {"leader_id": data.member_id, "is_led": True}),)
        case own.HouseholdGroupDissolved():
            return (change(event, "household_groups", fields(data, "group_id"), {"is_dissolved": True}),)
        case _:
            return ()
