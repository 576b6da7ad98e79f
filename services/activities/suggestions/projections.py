"""Teams, suggestions, practical matters and residents' needs."""

from typing import Any

from services.activities.writes import Write, Writes, change, delete, fields, save
from shared.contracts import activities as own
from shared.eventlog.envelope import Recorded


def team(event: Recorded) -> Writes:
    """Teams and who belongs to them."""
    match data := event.data:
        case own.ServiceTeamFormed():
            lists = {"aliases": list(data.aliases), "occupation_groups": list(data.occupation_groups)}
            return (save(event, "teams", fields(data, "team_id"), {**fields(data, "community_id", "kind", "name"), **lists}),)
        case own.TeamJoined():
            return (save(event, "team_members", fields(data, "team_id", "member_id"), {}),)
        case own.TeamLeft():
            return (delete(event, "team_members", fields(data, "team_id", "member_id")),)
        case _:
            return ()


def suggestion(event: Recorded) -> Writes:
    """Suggestions and their answers."""
    match data := event.data:
        case own.SuggestionSubmitted():
            facts = {**fields(data, "member_id", "community_id", "title"), "content": data.text, "status": "SUBMITTED"}
            return (save(event, "suggestions", fields(data, "suggestion_id"), facts),)
        case own.SuggestionAccepted():
            return (change(event, "suggestions", fields(data, "suggestion_id"), {"status": "ACCEPTED"}),)
        case own.SuggestionAdopted():
            return (change(event, "suggestions", fields(data, "suggestion_id"), {"status": "ADOPTED", "answer": data.plan}),)
        case own.SuggestionDeclined():
            return (change(event, "suggestions", fields(data, "suggestion_id"), {"status": "DECLINED", "answer": data.reason}),)
        case own.SuggestionCarriedOut():
            return (change(event, "suggestions", fields(data, "suggestion_id"), {"status": "CARRIED_OUT", "answer": data.result}),)
        case _:
            return ()


def matter(event: Recorded) -> Writes:
    """Practical matters."""
    match data := event.data:
        case own.PracticalMatterProposed():
            facts = {**fields(data, "member_id", "community_id", "title"), "content": data.text, "status": "PROPOSED"}
            return (save(event, "matters", fields(data, "matter_id"), facts),)
        case own.PracticalMatterApproved():
            return (change(event, "matters", fields(data, "matter_id"), {"status": "APPROVED"}),)
        case own.PracticalMatterDeclined():
            return (change(event, "matters", fields(data, "matter_id"), {"status": "DECLINED", "answer": data.reason}),)
        case own.PracticalMatterReported():
            return (change(event, "matters", fields(data, "matter_id"), {"status": "REPORTED", "answer": data.result}),)
        case own.PracticalMatterCompleted():
            return (change(event, "matters", fields(data, "matter_id"), {"status": "COMPLETED"}),)
        case _:
            return ()


def need(event: Recorded) -> Writes:
    """Residents' needs."""
    match data := event.data:
        case own.ResidentNeedRecorded():
            # Without a day for the first look it was recorded when needs were public at once.
            stands = {"status": "PUBLISHED" if data.look_by is None else "RECORDED", "due_on": data.look_by}
            facts = {**fields(data, "community_id", "category", "place", "member_id"), "content": data.text, **stands}
            return (save(event, "needs", fields(data, "need_id"), facts),)
        case own.ResidentNeedPublished():
            return (_need(event, data, status="PUBLISHED", content=data.text, place=data.place, due_on=data.answer_by),)
        case own.ResidentNeedReturned():
            wordless = {"content": None, "place": None, "forwarded_to": None, "answer": None, "due_on": None}
            return (_need(event, data, status="RETURNED", **wordless, **fields(data, "reason_code", "reason")),)
        case own.ResidentNeedForwarded():
            return (_need(event, data, status="FORWARDED", forwarded_to=data.forwarded_to),)
        case own.ResidentNeedAnswered():
            return (_need(event, data, status="ANSWERED", answer=data.answer, due_on=None),)
        case _:
            return ()


def _need(event: Recorded, data: object, **values: Any) -> Write:
    return change(event, "needs", fields(data, "need_id"), values)
