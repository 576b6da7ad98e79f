"""Events → rows of read_tables.sql.

Registration's events only touch `registrants`, our own everything else, so the order between the two sources does not matter.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any, Final

import asyncpg

from shared.contracts import activities as own
from shared.contracts import registration
from shared.eventlog.envelope import Recorded

Write = tuple[str, tuple[Any, ...]]
Writes = Sequence[Write]


async def project(tx: asyncpg.Connection, batch: Sequence[Recorded]) -> None:
    """Apply a batch in order; neighbours with the same statement go together."""
    writes = [write for event in batch for write in _writes(event)]
    for statement, group in groupby(writes, key=lambda write: write[0]):
        await tx.executemany(statement, [arguments for _, arguments in group])


def _writes(event: Recorded) -> Writes:
    if event.data is None:
        return ()
    subject = "registration" if event.service == "registration" else event.stream.partition("/")[0]
    project_one = BY_SUBJECT.get(subject)
    return () if project_one is None else project_one(event)


@lru_cache
def _upsert(table: str, keys: tuple[str, ...], columns: tuple[str, ...]) -> str:
    names = ("district", *keys, *columns)
    places = ", ".join(f"${number}" for number in range(1, len(names) + 1))
    changes = ", ".join(f"{name} = EXCLUDED.{name}" for name in columns)
    conflict = f"DO UPDATE SET {changes}" if changes else "DO NOTHING"
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places}) ON CONFLICT (district, {', '.join(keys)}) {conflict}"  # noqa: S608 - names from this module only


@lru_cache
def _update(table: str, keys: tuple[str, ...], columns: tuple[str, ...]) -> str:
    changes = ", ".join(f"{name} = ${number}" for number, name in enumerate(columns, len(keys) + 2))
    conditions = " AND ".join(f"{name} = ${number}" for number, name in enumerate(keys, 2))
    return f"UPDATE {table} SET {changes} WHERE district = $1 AND {conditions}"  # noqa: S608 - names from this module only


def _save(event: Recorded, table: str, keys: Mapping[str, Any], values: Mapping[str, Any]) -> Write:
    """Insert the row or overwrite these columns of it."""
    return _upsert(table, tuple(keys), tuple(values)), (event.district, *keys.values(), *values.values())


def _change(event: Recorded, table: str, keys: Mapping[str, Any], values: Mapping[str, Any]) -> Write:
    """Overwrite these columns of the row."""
    return _update(table, tuple(keys), tuple(values)), (event.district, *keys.values(), *values.values())


def _delete(event: Recorded, table: str, keys: Mapping[str, Any]) -> Write:
    conditions = " AND ".join(f"{name} = ${number}" for number, name in enumerate(keys, 2))
    return f"DELETE FROM {table} WHERE district = $1 AND {conditions}", (event.district, *keys.values())  # noqa: S608 - names from this module only


def _fields(data: object, *names: str) -> dict[str, Any]:
    return {name: getattr(data, name) for name in names}


def _registrant(event: Recorded) -> Writes:
    match data := event.data:
        case registration.MemberRegistered():
            facts = _fields(data, "registration_id", "community_id", "unit_id", "occupation_group")
            known = _save(event, "registrants", _fields(data, "member_id"), {"status": "REPORTED", "skills": []})
            # A first insert needs every column; an existing row keeps its skills.
            return (_keep(known), _change(event, "registrants", _fields(data, "member_id"), {**facts, "status": "PENDING"}))
        case registration.RegistrationConfirmed() | registration.RegistrationResumed():
            return (_registrant_status(event, data, "ACTIVE"),)
        case registration.RegistrationSuspended():
            return (_registrant_status(event, data, "SUSPENDED"),)
        case registration.RegistrationReturned() | registration.RegistrationClosed():
            return (_registrant_status(event, data, "ENDED"),)
        case registration.WorkUnitChanged():
            return (_change(event, "registrants", _fields(data, "member_id"), _fields(data, "unit_id", "occupation_group")),)
        case registration.MemberProfileUpdated():
            known = _save(event, "registrants", _fields(data, "member_id"), {"status": "REPORTED", "skills": []})
            return (_keep(known), _change(event, "registrants", _fields(data, "member_id"), {"skills": list(data.skills)}))
        case registration.MemberEnrolled():
            known = _save(event, "registrants", _fields(data, "member_id"), {"status": "REPORTED", "skills": []})
            return (_keep(known), _change(event, "registrants", _fields(data, "member_id"), _fields(data, "member_no")))
        case registration.PersonalDataErased():
            return (_change(event, "registrants", _fields(data, "member_id"), {"skills": []}),)
        case _:
            return ()


def _keep(write: Write) -> Write:
    """The same insert, leaving an existing row alone."""
    statement, arguments = write
    return statement.partition(" DO UPDATE")[0] + " DO NOTHING", arguments


def _registrant_status(event: Recorded, data: object, status: str) -> Write:
    return _change(event, "registrants", _fields(data, "member_id", "registration_id"), {"status": status})


POST_COLUMNS: Final = (
    *("community_id", "title", "category", "duties", "place", "capacity", "waiting_list_limit", "agreed_units"),
    *("term_start", "term_end", "qualification", "insurance", "need_id"),
)


def _post(event: Recorded) -> Writes:
    match data := event.data:
        case own.PostProposed():
            return (_save(event, "posts", _fields(data, "post_id"), {**_post_terms(data), "status": "PROPOSED"}),)
        case own.PostEstablished():
            return (_save(event, "posts", _fields(data, "post_id"), {**_post_terms(data), "status": "OPEN"}),)
        case own.PostAmended():
            return (_change(event, "posts", _fields(data, "post_id"), _post_terms(data)),)
        case own.PostClosed():
            return (_change(event, "posts", _fields(data, "post_id"), {"status": "CLOSED"}),)
        case _:
            return _claim(event)


def _post_terms(data: own.PostProposed | own.PostEstablished | own.PostAmended) -> dict[str, Any]:
    lists = {"skills": list(data.skills), "hazards": list(data.hazards)}
    return {**_fields(data, *POST_COLUMNS), **lists, "slots": [slot.model_dump(mode="json") for slot in data.slots]}


def _claim(event: Recorded) -> Writes:
    match data := event.data:
        case own.PostClaimed(from_waiting_list=True):
            return (_claim_change(event, data, status="CLAIMED"),)
        case own.PostClaimed():
            return (_new_claim(event, data, status="CLAIMED", agreed_units=data.agreed_units, reason=None),)
        case own.PostClaimWaitlisted():
            return (_new_claim(event, data, status="WAITING", agreed_units=data.agreed_units, reason=None),)
        case own.PostClaimRejected():
            return (_new_claim(event, data, status="REJECTED", agreed_units=0, reason=data.reason),)
        case own.PostClaimWithdrawn():
            return (_claim_change(event, data, status="WITHDRAWN", reason=data.reason),)
        case own.PostTakenUp():
            return (_claim_change(event, data, status="TAKEN_UP", taken_up_on=data.taken_up_on),)
        case own.PostReleased():
            ended = {"ended_on": data.released_on, **_fields(data, "agreed_units", "fulfilled_units", "reason")}
            return (_claim_change(event, data, status="RELEASED", **ended),)
        case own.PostFulfilled():
            return (_claim_change(event, data, status="FULFILLED", ended_on=data.ended_on, fulfilled_units=data.done_units),)
        case _:
            return ()


def _new_claim(event: Recorded, data: object, **values: Any) -> Write:
    facts = _fields(data, "post_id", "member_id", "community_id")
    return _save(event, "post_claims", _fields(data, "claim_id"), {**facts, "arrived": event.sequence, **values})


def _claim_change(event: Recorded, data: object, **values: Any) -> Write:
    return _change(event, "post_claims", _fields(data, "claim_id"), values)


PLAN_COLUMNS: Final = (
    *("community_id", "title", "activity_type", "time_band", "starts_at", "ends_at", "place", "capacity", "description"),
    *("post_id", "team_id", "six_ones_item", "unit_consent", "time_band_reason", "series_id"),
)


def _activity(event: Recorded) -> Writes:
    match data := event.data:
        case own.ActivityPlanned():
            return (_save(event, "activities", _fields(data, "activity_id"), {**_fields(data, *PLAN_COLUMNS), "status": "PLANNED"}),)
        case own.ActivityAmended():
            return (_change(event, "activities", _fields(data, "activity_id"), _fields(data, *PLAN_COLUMNS)),)
        case own.ActivityPublished():
            return (_change(event, "activities", _fields(data, "activity_id"), {"status": "PUBLISHED"}),)
        case own.ActivityCancelled():
            return (_change(event, "activities", _fields(data, "activity_id"), {"status": "CANCELLED", "reason": data.reason}),)
        case own.ActivitySignedUp():
            return (_participant(event, data, is_signed_up=True),)
        case own.SignUpWithdrawn():
            return (_participant(event, data, is_signed_up=False),)
        case own.LeaveRequested():
            return (_participant(event, data, is_signed_up=True, leave="REQUESTED", leave_reason=data.reason_code),)
        case own.LeaveApproved():
            return (_participant(event, data, is_signed_up=True, leave="APPROVED"),)
        case own.LeaveDeclined():
            return (_participant(event, data, is_signed_up=True, leave="DECLINED"),)
        case own.AttendanceRecorded():
            noted = {"attendance": data.attendance, "attendance_recorder": data.recorder}
            known = _keep(_participant(event, data, is_signed_up=False))
            return (known, _change(event, "participants", _fields(data, "activity_id", "member_id"), noted))
        case _:
            return _record(event)


def _participant(event: Recorded, data: object, **values: Any) -> Write:
    return _save(event, "participants", _fields(data, "activity_id", "member_id"), values)


LOGGED_COLUMNS: Final = (
    *("record_no", "activity_id", "member_id", "community_id", "unit_id", "activity_name", "activity_type", "time_band", "place"),
    *("recipient_type", "content", "starts_at", "ends_at", "minutes", "served_on", "person_in_charge", "recorder"),
    *("evidence_level", "post_id", "duty_units", "six_ones_item"),
)
COUNTING_COLUMNS: Final = (
    *("time_band", "served_on", "starts_at", "ends_at", "minutes", "post_id", "duty_units", "six_ones_item", "evidence_level", "revision"),
)


def _record(event: Recorded) -> Writes:
    match data := event.data:
        case own.ActivityLogged():
            lists = {"outcomes": [each.model_dump(mode="json") for each in data.outcomes], "flags": list(data.flags)}
            start = {"status": "LOGGED", "revision": 0, "event_id": event.id}
            return (_save(event, "records", _fields(data, "record_id"), {**_fields(data, *LOGGED_COLUMNS), **lists, **start}),)
        case own.ActivityConfirmed():
            decided = {"status": "CONFIRMED", "decided_by": data.confirmed_by, "correction_requested": None}
            return (_record_change(event, data, **_fields(data, *COUNTING_COLUMNS), **decided),)
        case own.ActivityCorrected():
            decided = {"reason": data.reason, "decided_by": data.corrected_by, "correction_requested": None}
            return (_record_change(event, data, **_fields(data, *COUNTING_COLUMNS), **decided),)
        case own.ActivityDeclined():
            return (_record_change(event, data, status="DECLINED", reason=data.reason, decided_by=data.declined_by),)
        case own.ActivityVoided():
            decided = {"reason": data.reason, "decided_by": data.voided_by, "correction_requested": None}
            return (_record_change(event, data, status="VOIDED", revision=data.revision, **decided),)
        case own.RecordCorrectionRequested():
            return (_change(event, "records", _fields(data, "record_id"), {"correction_requested": data.request}),)
        case own.RecordCorrectionDeclined():
            return (_change(event, "records", _fields(data, "record_id"), {"correction_requested": None, "reason": data.reason}),)
        case _:
            return ()


def _record_change(event: Recorded, data: object, **values: Any) -> Write:
    return _change(event, "records", _fields(data, "record_id"), {**values, "event_id": event.id})


SERIES_COLUMNS: Final = (
    *("community_id", "title", "activity_type", "rule", "holiday_rule", "first_day", "last_day", "starts", "ends", "place", "capacity"),
    *("template", "time_band", "unit_consent"),
)


def _series(event: Recorded) -> Writes:
    match data := event.data:
        case own.ActivitySeriesDefined():
            return (_save(event, "activity_series", _fields(data, "series_id"), _fields(data, *SERIES_COLUMNS)),)
        case own.ActivitySeriesEnded():
            return (_change(event, "activity_series", _fields(data, "series_id"), _fields(data, "last_day")),)
        case _:
            return ()


def _team(event: Recorded) -> Writes:
    match data := event.data:
        case own.ServiceTeamFormed():
            lists = {"aliases": list(data.aliases), "occupation_groups": list(data.occupation_groups)}
            return (_save(event, "teams", _fields(data, "team_id"), {**_fields(data, "community_id", "kind", "name"), **lists}),)
        case own.TeamJoined():
            return (_save(event, "team_members", _fields(data, "team_id", "member_id"), {}),)
        case own.TeamLeft():
            return (_delete(event, "team_members", _fields(data, "team_id", "member_id")),)
        case _:
            return ()


PROGRESS_KEYS: Final = ("checklist_id", "subject_id", "year", "code")


def _checklist(event: Recorded) -> Writes:
    match data := event.data:
        case own.SixOnesItemCompleted():
            keys = _fields(data, "member_id", "year", "item")
            return (_save(event, "checklist_items", keys, _fields(data, "source_event_id", "source_id")),)
        case own.SixOnesItemReopened():
            return (_delete(event, "checklist_items", _fields(data, "member_id", "year", "item")),)
        case _:
            return ()


CERTIFICATE_COLUMNS: Final = (
    *("certificate_no", "verification_code", "member_id", "community_id", "period_start", "period_end", "total_minutes"),
    *("issued_on", "issued_by"),
)


def _programme_checklist(event: Recorded) -> Writes:
    match data := event.data:
        case own.ChecklistDeclared():
            facts = _fields(data, "community_id", "name", "declared_items", "audience")
            return (_save(event, "programme_checklists", _fields(data, "checklist_id"), {**facts, "items": [], "is_active": False}),)
        case own.ChecklistItemsStated():
            items = [each.model_dump(mode="json") for each in data.items]
            return (_change(event, "programme_checklists", _fields(data, "checklist_id"), {"items": items}),)
        case own.ChecklistActivated():
            return (_change(event, "programme_checklists", _fields(data, "checklist_id"), {"is_active": True}),)
        case own.ChecklistItemTicked():
            return (_save(event, "checklist_progress", _fields(data, *PROGRESS_KEYS), _fields(data, "evidence")),)
        case own.ChecklistItemUnticked():
            return (_delete(event, "checklist_progress", _fields(data, *PROGRESS_KEYS)),)
        case _:
            return ()


def _certificate(event: Recorded) -> Writes:
    match data := event.data:
        case own.ServiceCertificateIssued():
            facts = {**_fields(data, *CERTIFICATE_COLUMNS), "services": [each.model_dump(mode="json") for each in data.services]}
            return (_save(event, "certificates", _fields(data, "certificate_id"), {**facts, "status": "ISSUED"}),)
        case own.ServiceCertificateRevoked():
            revoked = {"status": "REVOKED", "reason": data.reason}
            return (_change(event, "certificates", _fields(data, "certificate_id"), revoked),)
        case _:
            return ()


def _suggestion(event: Recorded) -> Writes:
    match data := event.data:
        case own.SuggestionSubmitted():
            facts = {**_fields(data, "member_id", "community_id", "title"), "content": data.text, "status": "SUBMITTED"}
            return (_save(event, "suggestions", _fields(data, "suggestion_id"), facts),)
        case own.SuggestionAccepted():
            return (_change(event, "suggestions", _fields(data, "suggestion_id"), {"status": "ACCEPTED"}),)
        case own.SuggestionAdopted():
            return (_change(event, "suggestions", _fields(data, "suggestion_id"), {"status": "ADOPTED", "answer": data.plan}),)
        case own.SuggestionDeclined():
            return (_change(event, "suggestions", _fields(data, "suggestion_id"), {"status": "DECLINED", "answer": data.reason}),)
        case own.SuggestionCarriedOut():
            return (_change(event, "suggestions", _fields(data, "suggestion_id"), {"status": "CARRIED_OUT", "answer": data.result}),)
        case _:
            return ()


def _matter(event: Recorded) -> Writes:
    match data := event.data:
        case own.PracticalMatterProposed():
            facts = {**_fields(data, "member_id", "community_id", "title"), "content": data.text, "status": "PROPOSED"}
            return (_save(event, "matters", _fields(data, "matter_id"), facts),)
        case own.PracticalMatterApproved():
            return (_change(event, "matters", _fields(data, "matter_id"), {"status": "APPROVED"}),)
        case own.PracticalMatterDeclined():
            return (_change(event, "matters", _fields(data, "matter_id"), {"status": "DECLINED", "answer": data.reason}),)
        case own.PracticalMatterReported():
            return (_change(event, "matters", _fields(data, "matter_id"), {"status": "REPORTED", "answer": data.result}),)
        case own.PracticalMatterCompleted():
            return (_change(event, "matters", _fields(data, "matter_id"), {"status": "COMPLETED"}),)
        case _:
            return ()


def _need(event: Recorded) -> Writes:
    match data := event.data:
        case own.ResidentNeedRecorded():
            facts = {**_fields(data, "community_id", "category", "place"), "content": data.text, "status": "RECORDED"}
            return (_save(event, "needs", _fields(data, "need_id"), facts),)
        case own.ResidentNeedForwarded():
            return (_change(event, "needs", _fields(data, "need_id"), {"status": "FORWARDED", "forwarded_to": data.forwarded_to}),)
        case own.ResidentNeedAnswered():
            return (_change(event, "needs", _fields(data, "need_id"), {"status": "ANSWERED", "answer": data.answer}),)
        case _:
            return ()


BY_SUBJECT: Final[Mapping[str, Callable[[Recorded], Writes]]] = {
    "registration": _registrant,
    "post": _post,
    "activity": _activity,
    "series": _series,
    "team": _team,
    "checklist": _checklist,
    "programme-checklist": _programme_checklist,
    "checklist-progress": _programme_checklist,
    "certificate": _certificate,
    "suggestion": _suggestion,
    "matter": _matter,
    "need": _need,
}
