"""Events → facts and tables. Every row follows from one source's events in order, so services may arrive in any relative order."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import asyncpg

from services.evaluation.awards.projections import Statement, of_awards
from services.evaluation.facts.projections import ABSENCE, BY_COLUMN, DUTY, DUTY_CHANGED, FACT, of_facts
from services.evaluation.facts.sources import BEIJING, FACTS, local_date
from services.evaluation.retention.projections import forgotten
from shared.contracts import activities as a
from shared.contracts import evaluation as e
from shared.contracts import registration as r
from shared.contracts import registration_changes as changes
from shared.eventlog.envelope import Recorded

REGISTERED = """
INSERT INTO registrations (district, registration_id, member_id, unit_id, community_id, is_probationary, reported_on, reported_by, paused)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '{}') ON CONFLICT DO NOTHING
"""
CONFIRMED = "UPDATE registrations SET confirmed_by = $3 WHERE district = $1 AND registration_id = $2"
PAUSED = "UPDATE registrations SET paused = paused || $3::date WHERE district = $1 AND registration_id = $2"
CLOSED = "UPDATE registrations SET closed_on = $3 WHERE district = $1 AND registration_id = $2"
MOVED = "UPDATE registrations SET unit_id = $3 WHERE district = $1 AND member_id = $2 AND closed_on IS NULL"
# Who was given up for somebody now given up belongs to the one who remains; nobody is given up for themself.
MERGED = """
WITH remains AS (SELECT coalesce((SELECT into_member_id FROM merged WHERE district = $1 AND member_id = $3), $3) AS id),
     given_up AS (INSERT INTO merged (district, member_id, into_member_id, given_up_in) SELECT $1, $2, id, $4 FROM remains WHERE id <> $2
                  ON CONFLICT DO NOTHING RETURNING into_member_id)
UPDATE merged SET into_member_id = given_up.into_member_id FROM given_up WHERE district = $1 AND merged.into_member_id = $2
"""
POLITICAL_STATUS = """
INSERT INTO political_statuses (district, member_id, changed_on, is_probationary) VALUES ($1, $2, $3, $4)
ON CONFLICT (district, member_id, changed_on) DO UPDATE SET is_probationary = excluded.is_probationary
"""
ACTIVITY_DAY = """
INSERT INTO activity_days (district, activity_id, held_on) VALUES ($1, $2, $3)
ON CONFLICT (district, activity_id) DO UPDATE SET held_on = excluded.held_on
"""
POST_TERM = """
INSERT INTO post_terms (district, post_id, term_end) VALUES ($1, $2, $3)
ON CONFLICT (district, post_id) DO UPDATE SET term_end = excluded.term_end
"""
PERIOD = """
INSERT INTO periods (district, period_id, title, starts_on, ends_on, programme_deadline, occasions, opened_by, orders, is_closed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, false) ON CONFLICT DO NOTHING
"""
ORDERED = "UPDATE periods SET orders = $3 WHERE district = $1 AND period_id = $2"
PERIOD_CLOSED = "UPDATE periods SET is_closed = true WHERE district = $1 AND period_id = $2"
DRAFTED = """
INSERT INTO rule_sets (district, rule_set_id, programme, version, title, legal_basis, status, definition)
VALUES ($1, $2, $3, $4, $5, $6, 'DRAFT', $7) ON CONFLICT DO NOTHING
"""
PUBLISHED = """
UPDATE rule_sets SET status = 'PUBLISHED', effective_from = $3, effective_to = $4, notice_days = $5 WHERE district = $1 AND rule_set_id = $2
"""
RETIRED = "UPDATE rule_sets SET status = 'RETIRED', effective_to = $3 WHERE district = $1 AND rule_set_id = $2"
CASE_UNIT = """
INSERT INTO cases (district, period_id, member_id, is_unit_assessed) VALUES ($1, $2, $3, true)
ON CONFLICT (district, period_id, member_id) DO UPDATE SET is_unit_assessed = true
"""
CASE_COMMUNITY = """
INSERT INTO cases (district, period_id, member_id, is_unit_assessed, community_opinion) VALUES ($1, $2, $3, false, $4)
ON CONFLICT (district, period_id, member_id) DO UPDATE SET community_opinion = excluded.community_opinion
"""
CASE_GRADE = """
INSERT INTO cases (district, period_id, member_id, is_unit_assessed, confirmed_grade, confirmed_reasons) VALUES ($1, $2, $3, false, $4, $5)
ON CONFLICT (district, period_id, member_id)
DO UPDATE SET (confirmed_grade, confirmed_reasons) = (excluded.confirmed_grade, excluded.confirmed_reasons)
"""
CASE_REFUSAL = """
INSERT INTO cases (district, period_id, member_id, is_unit_assessed, is_proposal_refused) VALUES ($1, $2, $3, false, $4)
ON CONFLICT (district, period_id, member_id) DO UPDATE SET is_proposal_refused = excluded.is_proposal_refused
"""
EXEMPTION = """
INSERT INTO exemptions (district, exemption_id, member_id, period_id, starts_on, ends_on, reason_code)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
"""
WAIVER = "INSERT INTO waivers (district, period_id, member_id, category, reason_code) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING"
DEDUCTION = """
INSERT INTO deductions (district, deduction_id, member_id, period_id, community_id, kind, status, reason, answer_until)
VALUES ($1, $2, $3, $4, $5, $6, 'PROPOSED', $7, $8) ON CONFLICT DO NOTHING
"""
DEDUCTION_ANSWER = "UPDATE deductions SET answer = $3 WHERE district = $1 AND deduction_id = $2"
DEDUCTION_STATUS = "UPDATE deductions SET status = $3 WHERE district = $1 AND deduction_id = $2"
SUPERSEDED = "UPDATE statements SET is_latest = false WHERE district = $1 AND period_id = $2 AND member_id = $3"
STATEMENT = """
INSERT INTO statements (district, period_id, member_id, version, unit_id, community_id, grade, is_latest, published_at, body)
VALUES ($1, $2, $3, $4, $5, $6, $7, true, $8, $9) ON CONFLICT DO NOTHING
"""
APPEAL = """
INSERT INTO appeals (district, appeal_id, member_id, period_id, unit_id, community_id, statement_version, line_ids, grounds, status,
                     is_escalated, lodged_on, decide_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'OPEN', false, $10, $11) ON CONFLICT DO NOTHING
"""
APPEAL_DECIDED = "UPDATE appeals SET status = $3, reasons = $4 WHERE district = $1 AND appeal_id = $2"
APPEAL_ESCALATED = """
UPDATE appeals SET status = 'OPEN', is_escalated = true, grounds = $3, decide_by = $4 WHERE district = $1 AND appeal_id = $2
"""
REPORT = """
INSERT INTO feedback_reports (district, report_id, member_id, community_id, unit_id, year, quarter, activities, minutes, remark,
                              comment_until, status)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'DRAFTED') ON CONFLICT DO NOTHING
"""
EXPORT = """
INSERT INTO exports (district, export_id, member_id, period_id, unit_id, statement_version, occasion, recipient, expires_on)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING
"""
EXPORT_DESTROYED = "UPDATE exports SET destroyed_on = $3 WHERE district = $1 AND export_id = $2"
REPORT_COMMENT = "UPDATE feedback_reports SET comment = $3 WHERE district = $1 AND report_id = $2"
REPORT_STATUS = "UPDATE feedback_reports SET status = $3 WHERE district = $1 AND report_id = $2"
# Which statements one may be made ahead of, because neither touches rows that the other reads or writes. An activity's day is wanted by
# absences, a post's term by duties, a registration by whatever changes it.
AHEAD_OF: Mapping[str, frozenset[str]] = {
    FACT: frozenset({DUTY, DUTY_CHANGED, ABSENCE, ACTIVITY_DAY, POST_TERM, REGISTERED, CONFIRMED, CASE_UNIT, DEDUCTION_STATUS}),
    DUTY: frozenset({FACT, ABSENCE, ACTIVITY_DAY}),
    DUTY_CHANGED: frozenset({FACT, ABSENCE, ACTIVITY_DAY, POST_TERM}),
    ABSENCE: frozenset({FACT, DUTY, DUTY_CHANGED, POST_TERM}),
    ACTIVITY_DAY: frozenset({FACT, DUTY, DUTY_CHANGED, POST_TERM}),
    POST_TERM: frozenset({FACT, DUTY_CHANGED, ABSENCE, ACTIVITY_DAY}),
    REGISTERED: frozenset({FACT, CONFIRMED, PAUSED, CLOSED}),
    CONFIRMED: frozenset({FACT, PAUSED, CLOSED}),
}


async def project(tx: asyncpg.Connection, batch: Sequence[Recorded]) -> None:
    """Apply one batch; runs of the same statement go to the server together."""
    for sql, rows in _runs(statement for event in batch for statement in statements(event)):
        if sql in BY_COLUMN:
            await tx.execute(sql, batch[0].district, *zip(*rows, strict=True))
        else:
            await tx.executemany(sql, [(batch[0].district, *row) for row in rows])


def _runs(writes: Iterable[Statement]) -> list[tuple[str, list[tuple[Any, ...]]]]:
    """In order, but for statements that may be made earlier: those join the last run of their kind."""
    runs: list[tuple[str, list[tuple[Any, ...]]]] = []
    for sql, row in writes:
        passed = AHEAD_OF.get(sql, frozenset())
        for earlier, rows in reversed(runs):
            if earlier == sql:
                rows.append(row)
                break
            if earlier not in passed:
                runs.append((sql, [row]))
                break
        else:
            runs.append((sql, [row]))
    return runs


def statements(event: Recorded) -> Iterator[Statement]:
    """What one event does to the tables: SQL and its arguments behind the district."""
    yield from of_facts(event)
    match event.service if event.data else None:
        case "registration":
            yield from _of_registration(event)
        case "activities" if type(event.data) not in FACTS:  # those that state a fact do nothing else
            yield from _of_activities(event)
            yield from forgotten(event)
        case "evaluation":
            yield from _of_periods(event)
            yield from _of_cases(event)
            yield from _of_statements(event)
            yield from _of_reports(event)
            yield from of_awards(event)
            yield from forgotten(event)
        case _:
            pass


def _of_registration(event: Recorded) -> Iterator[Statement]:
    match event.data:
        case r.MemberRegistered() as data:
            is_probationary = data.political_status is r.PoliticalStatus.PROBATIONARY
            ids = (data.registration_id, data.member_id, data.unit_id, data.community_id)
            yield REGISTERED, (*ids, is_probationary, data.reported_on, event.id)
        case r.RegistrationConfirmed(registration_id=id_):
            yield CONFIRMED, (id_, event.id)
        case r.RegistrationSuspended(registration_id=id_, suspended_on=day) | r.RegistrationResumed(registration_id=id_, resumed_on=day):
            yield PAUSED, (id_, day)
        case r.RegistrationClosed(registration_id=id_, closed_on=day):
            yield CLOSED, (id_, day)
        case r.WorkUnitChanged(member_id=member_id, unit_id=unit_id):
            yield MOVED, (member_id, unit_id)
        case changes.MemberIdentitiesMerged(member_id=member_id, into_member_id=into):
            yield MERGED, (member_id, into, event.sequence)
        case changes.PoliticalStatusChanged(member_id=member_id, political_status=status):
            yield POLITICAL_STATUS, (member_id, _day(event), status is r.PoliticalStatus.PROBATIONARY)
        case _:
            pass


def _of_activities(event: Recorded) -> Iterator[Statement]:
    match event.data:
        case a.ActivityPlanned() | a.ActivityAmended() as plan:
            yield ACTIVITY_DAY, (plan.activity_id, plan.starts_at.astimezone(BEIJING).date())
        case a.PostEstablished() | a.PostAmended() as post:
            yield POST_TERM, (post.post_id, post.term_end)
        case _:
            pass


def _of_periods(event: Recorded) -> Iterator[Statement]:
    match event.data:
        case e.EvaluationPeriodOpened() as data:
            days = (data.starts_on, data.ends_on, data.programme_deadline)
            yield PERIOD, (data.period_id, data.title, *days, list(data.occasions), event.id)
        case e.StatementPublicationOrdered(period_id=id_, order=order):
            yield ORDERED, (id_, order)
        case e.EvaluationPeriodClosed(period_id=id_):
            yield PERIOD_CLOSED, (id_,)
        case e.RuleSetDrafted() as data:
            yield DRAFTED, (data.rule_set_id, data.programme, data.version, data.title, data.legal_basis, data.definition)
        case e.RuleSetPublished() as data:
            yield PUBLISHED, (data.rule_set_id, data.effective_from, data.effective_to, data.notice_days)
        case e.RuleSetRetired(rule_set_id=id_, effective_to=day):
            yield RETIRED, (id_, day)
        case _:
            pass


def _of_cases(event: Recorded) -> Iterator[Statement]:
    match event.data:
        case e.UnitAssessmentSubmitted() as data:
            yield CASE_UNIT, (data.period_id, data.member_id)
        case e.CommunityAssessmentSubmitted() as data:
            yield CASE_COMMUNITY, (data.period_id, data.member_id, data.opinion.value)
        case e.ReferenceGradeConfirmed() as data:
            yield CASE_GRADE, (data.period_id, data.member_id, data.grade.value, data.reasons)
        case e.GradeProposalRefused() | e.GradeProposalRefusalTakenBack() as data:
            yield CASE_REFUSAL, (data.period_id, data.member_id, isinstance(data, e.GradeProposalRefused))
        case e.ExemptionGranted() as data:
            ids = (data.exemption_id, data.member_id, data.period_id)
            yield EXEMPTION, (*ids, data.starts_on, data.ends_on, data.reason_code.value)
        case e.CategoryWaived() as data:
            yield WAIVER, (data.period_id, data.member_id, data.category, data.reason_code.value)
        case e.DeductionProposed() as data:
            ids = (data.deduction_id, data.member_id, data.period_id, data.community_id)
            yield DEDUCTION, (*ids, data.kind.value, data.reason, data.answer_until)
        case e.DeductionAnswered(deduction_id=id_, answer=answer):
            yield DEDUCTION_ANSWER, (id_, answer)
        case e.DeductionUpheld(deduction_id=id_):
            yield DEDUCTION_STATUS, (id_, "UPHELD")
        case e.DeductionDropped(deduction_id=id_):
            yield DEDUCTION_STATUS, (id_, "DROPPED")
        case _:
            pass


def _of_statements(event: Recorded) -> Iterator[Statement]:
    match event.data:
        case e.ScoreStatementPublished() | e.ScoreStatementRestated() as data:
            key = (data.period_id, data.member_id)
            if isinstance(data, e.ScoreStatementRestated):
                yield SUPERSEDED, key
            body = data.model_dump(mode="json")
            yield STATEMENT, (*key, data.version, data.unit_id, data.community_id, data.grade.value, event.time, body)
        case e.AppealLodged() as data:
            ids = (data.appeal_id, data.member_id, data.period_id, data.unit_id, data.community_id)
            days = (_day(event), data.decide_by)
            yield APPEAL, (*ids, data.statement_version, list(data.line_ids), data.grounds, *days)
        case e.AppealAccepted(appeal_id=id_, reasons=reasons):
            yield APPEAL_DECIDED, (id_, "ACCEPTED", reasons)
        case e.AppealRejected(appeal_id=id_, reasons=reasons):
            yield APPEAL_DECIDED, (id_, "REJECTED", reasons)
        case e.StatementExported() as data:
            ids = (data.export_id, data.member_id, data.period_id, data.unit_id)
            yield EXPORT, (*ids, data.statement_version, data.occasion.value, data.recipient, data.expires_on)
        case e.StatementExportDestroyed(export_id=id_, destroyed_on=day):
            yield EXPORT_DESTROYED, (id_, day)
        case e.AppealEscalated(appeal_id=id_, grounds=grounds, decide_by=day):
            yield APPEAL_ESCALATED, (id_, grounds, day)
        case _:
            pass


def _of_reports(event: Recorded) -> Iterator[Statement]:
    match event.data:
        case e.FeedbackReportDrafted() as data:
            ids = (data.report_id, data.member_id, data.community_id, data.unit_id)
            figures = (data.year, data.quarter, data.activities, data.minutes)
            yield REPORT, (*ids, *figures, data.remark, data.comment_until)
        case e.FeedbackReportCommented(report_id=id_, comment=comment):
            yield REPORT_COMMENT, (id_, comment)
        case e.FeedbackReportSent(report_id=id_):
            yield REPORT_STATUS, (id_, "SENT")
        case e.FeedbackReportAcknowledged(report_id=id_):
            yield REPORT_STATUS, (id_, "ACKNOWLEDGED")
        case _:
            pass


def _day(event: Recorded) -> date:
    return local_date(event.time)
